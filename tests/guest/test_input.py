# SPDX-License-Identifier: MIT
"""What goes into the sink comes out at the target, and nowhere else."""

from typing import Any

import sink
from testbed.case import GuestCase


class InputCase(GuestCase):
    def arrived(self, before: int) -> list[dict[str, Any]]:
        return sink.once_each(self.guest, sink.received(self.guest)[before:])


class Keyboard(InputCase):
    def test_a_pressed_key_arrives_as_the_chip_reports_it(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))

        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_A"))
        sink.drain(self.guest, stick)

        self.assertEqual(
            [entry["hex"] for entry in self.arrived(before)],
            ["0000040000000000", "0000000000000000"],
        )

    def test_a_modifier_arrives_as_its_bit(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))
        reports = [sink.key("KEY_RIGHTALT", 1), *sink.press("KEY_Q"), sink.key("KEY_RIGHTALT", 0)]

        sink.write(self.guest, sink.node(stick, "keyboard"), reports)
        sink.drain(self.guest, stick)

        self.assertEqual(
            [(entry["modifiers"], entry["keys"]) for entry in self.arrived(before)],
            [(0x40, []), (0x40, [0x14]), (0x40, []), (0, [])],
        )

    def test_a_media_key_arrives_as_a_consumer_usage(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))

        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_MUTE"))
        sink.drain(self.guest, stick)

        self.assertEqual(
            [sink.fields(entry) for entry in self.arrived(before)],
            [{"report": "consumer", "usages": [0xE2]}, {"report": "consumer", "usages": []}],
        )

    def test_the_targets_lock_lights_are_shown(self) -> None:
        self.guest.sim("leds caps,num")

        self.guest.wait_until("test \"$(minikvmctl get input/leds)\" = 'num caps'")


class Pointers(InputCase):
    def test_relative_motion_and_wheel_arrive_as_they_are(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))
        reports = [
            [("EV_REL", "REL_X", 5), ("EV_REL", "REL_Y", -3), ("EV_KEY", "BTN_LEFT", 1)],
            sink.key("BTN_LEFT", 0),
            [("EV_REL", "REL_WHEEL", 1)],
        ]

        sink.write(self.guest, sink.node(stick, "mouse"), reports)
        sink.drain(self.guest, stick)

        arrived = [entry for entry in self.arrived(before)
                   if entry["report"] == "mouse-relative"]
        self.assertEqual(sum(entry["dx"] for entry in arrived), 5)
        self.assertEqual(sum(entry["dy"] for entry in arrived), -3)
        self.assertEqual(sum(entry["wheel"] for entry in arrived), 1)
        self.assertIn(1, [entry["buttons"] for entry in arrived])
        self.assertEqual(arrived[-1]["buttons"], 0)

    def test_a_click_on_the_tablet_carries_its_position(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))
        reports = [
            [("EV_ABS", "ABS_X", 100), ("EV_ABS", "ABS_Y", 200)],
            sink.key("BTN_LEFT", 1),
            sink.key("BTN_LEFT", 0),
        ]

        sink.write(self.guest, sink.node(stick, "tablet"), reports)
        sink.drain(self.guest, stick)

        arrived = [entry for entry in self.arrived(before)
                   if entry["report"] == "mouse-absolute"]
        self.assertEqual({(entry["x"], entry["y"]) for entry in arrived}, {(100, 200)})
        self.assertEqual([entry["buttons"] for entry in arrived if entry["buttons"]], [1])
        self.assertEqual(arrived[-1]["buttons"], 0)

    def test_long_motion_is_split_and_none_of_it_is_lost(self) -> None:
        [stick] = self.guest.stick_ids()
        before = len(sink.received(self.guest))

        sink.write(self.guest, sink.node(stick, "mouse"), [[("EV_REL", "REL_X", 1000)]])
        sink.drain(self.guest, stick)

        arrived = [entry["dx"] for entry in self.arrived(before)
                   if entry["report"] == "mouse-relative"]
        self.assertEqual(sum(arrived), 1000)
        self.assertLessEqual(max(arrived), 127)


# A keyboard that is nobody's sink: it shows that the console and logind would have listened.
_ORDINARY_KEYBOARD = """
import sys
from evdev import UInput, ecodes
keyboard = UInput({ecodes.EV_KEY: [ecodes.KEY_B, ecodes.KEY_ENTER, ecodes.KEY_POWER]}, name="ordinary")
print(keyboard.device.path, flush=True)
sys.stdin.readline()
for code in (ecodes.KEY_B, ecodes.KEY_ENTER):
    keyboard.write(ecodes.EV_KEY, code, 1)
    keyboard.write(ecodes.EV_KEY, code, 0)
    keyboard.syn()
sys.stdin.read()
"""


class Host(GuestCase):
    def test_the_console_receives_nothing(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.start("cat /dev/tty1 >/tmp/console")
        self.guest.wait_until("test -e /tmp/console")

        sink.write(self.guest, sink.node(stick, "keyboard"),
                   [*sink.press("KEY_A"), *sink.press("KEY_ENTER")])
        sink.drain(self.guest, stick)
        self.guest.start(f"(udevadm settle; sleep 1; echo; sleep infinity) | "
                         f"/usr/bin/python3 -c '{_ORDINARY_KEYBOARD}'")
        self.guest.wait_until("test -s /tmp/console")

        self.assertEqual(self.guest.out("cat /tmp/console"), "b")

    def test_logind_watches_none_of_the_sinks(self) -> None:
        [stick] = self.guest.stick_ids()
        ordinary = self.guest.start(f"sleep infinity | /usr/bin/python3 -c '{_ORDINARY_KEYBOARD}'")
        ordinary.wait_for_output("/dev/input/event")
        held = "readlink /proc/$(pidof systemd-logind)/fd/*"

        self.guest.wait_until(f"{held} | grep -qx {ordinary.out.strip()}")

        watched = self.guest.out(held).splitlines()
        for name in ("keyboard", "mouse", "tablet"):
            path = self.guest.out(f"readlink -f {sink.node(stick, name)}")
            self.assertNotIn(path, watched)

    def test_no_reader_of_the_node_sees_the_events(self) -> None:
        [stick] = self.guest.stick_ids()
        node = sink.node(stick, "keyboard")
        reader = self.guest.start(f"cat {node} >/tmp/seen")
        self.guest.wait_until("test -e /tmp/seen")

        sink.write(self.guest, node, sink.press("KEY_A"))
        sink.drain(self.guest, stick)
        reader.stop()

        self.assertEqual(self.guest.get("/tmp/seen"), b"")
