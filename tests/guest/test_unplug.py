# SPDX-License-Identifier: MIT
"""The stick is pulled in the middle of everything, and plugged again."""

import sink
from testbed.case import GuestCase

# From the port's announcement to the first command on it. A busy host makes it longer, never
# shorter: the best of some replugs counts.
_REACH_S = 2
_REPLUGS = 3
_READY = "minikvmctl list | grep -qw ready"
# The process may have left by then: it does when nobody needs it.
_ABSENT = "! minikvmctl list | grep -qw ready"
# A viewer and a typist, each of which starts anew whenever it is stopped.
_VIEWER = "while :; do timeout 60 ffmpeg -loglevel quiet -f v4l2 -i {camera} -c copy -f null - ; sleep 0.2; done"
_TYPIST = "while :; do evemu-event {node} --type EV_REL --code REL_X --value 1 --sync; done 2>/dev/null"


class Replugs(GuestCase):
    CYCLES = 3

    def test_happen_while_watching_and_typing(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.start(_VIEWER.format(camera=sink.node(stick, "camera")))
        self.guest.start(_TYPIST.format(node=sink.node(stick, "mouse")))
        self.guest.wait_until("test $(minikvmctl get video/frames) -gt 0")

        for _ in range(self.CYCLES):
            self.guest.sim("unplug")
            self.guest.wait_until(_ABSENT)
            self.guest.sim("replug")
            self.guest.wait_until(_READY)
            sink.drain(self.guest, stick)
            frames = int(self.guest.out("minikvmctl get video/frames"))
            self.guest.wait_until(f"test $(minikvmctl get video/frames) -gt {frames}")


class ManyReplugs(Replugs):
    CYCLES = 20
    long = True


class Unplugging(GuestCase):
    either = True

    def test_leaves_no_descriptor_behind(self) -> None:
        [stick] = self.guest.stick_ids()
        count = f"ls /proc/$(systemctl show -P MainPID minikvmd@{stick})/fd | wc -l"
        # A reader of the tree, so that the process stays.
        self.guest.start("minikvmctl watch state")
        before = self.guest.out(count)

        for _ in range(3):
            self.guest.sim("unplug")
            self.guest.wait_until(_ABSENT)
            self.guest.sim("replug")
            self.guest.wait_until(_READY)
        sink.drain(self.guest, stick)

        self.guest.wait_until(f"test $({count}) = {before}")

    def test_the_process_goes_when_nobody_needs_it_and_a_new_one_comes(self) -> None:
        [stick] = self.guest.stick_ids()
        unit = f"minikvmd@{stick}.service"
        self.guest.sim("unplug")
        self.guest.wait_until(f"test $(systemctl show -P ActiveState {unit}) = inactive")
        self.assertEqual(self.guest.out(f"systemctl show -P Result {unit}"), "success")

        self.guest.sim("replug")

        self.guest.wait_until(_READY)
        sink.drain(self.guest, stick)

    def test_half_a_stick_still_does_what_it_can(self) -> None:
        [stick] = self.guest.stick_ids()

        self.guest.sim("unplug capture")
        self.guest.wait_until("minikvmctl list | grep -qw no-capture")
        sink.drain(self.guest, stick)
        self.guest.sim("replug capture")

        self.guest.wait_until(_READY)


class HeldKey(GuestCase):
    def test_is_released_first_thing_after_the_replug(self) -> None:
        [stick] = self.guest.stick_ids()
        took_s = []

        for _ in range(_REPLUGS):
            holder = sink.hold(self.guest, sink.node(stick, "keyboard"), [sink.key("KEY_A", 1)])
            self.guest.wait_until("tail -n1 /run/minikvm-sim/0.jsonl | grep -q '\"keys\":\\[4\\]'")
            self.guest.sim("unplug")
            self.guest.wait_until(_ABSENT)
            held = self.guest.recorded()
            self.assertEqual(held[-1]["keys"], [4], "nobody can reach the chip now")
            holder.stop()

            self.guest.sim("replug")
            sink.drain(self.guest, stick)

            # A slow open of the port resets the chip: that is an event, not a command.
            first = next(line for line in self.guest.recorded()[len(held):] if "report" in line)
            self.assertEqual((first["report"], first["hex"]), ("keyboard", "0000000000000000"))
            took_s.append(first["t"] - self.announced_at(stick))

        self.assertLess(min(took_s), _REACH_S)

    def announced_at(self, stick: str) -> float:
        """When udev announced the stick's serial port, on the clock of the recorder."""
        node = self.guest.out(f"minikvmctl --stick {stick} get serial/node")
        told = self.guest.out(f"udevadm info --query=property {node} | grep ^USEC_INITIALIZED=")
        return int(told.partition("=")[2]) / 1e6
