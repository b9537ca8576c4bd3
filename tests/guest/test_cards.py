# SPDX-License-Identifier: MIT
"""What a camera shows while there is no picture, and what is done about that."""

import json
from typing import Any, ClassVar

import sink
from testbed.accelerator import Clock
from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_FOLDER = CHECKOUT / "tests/guest"
_SEEN = "/run/seen"
_LONGEST_GAP_S = 2
_SWITCHES = "cat /proc/$(pgrep -x minikvmd)/task/*/status | awk '/^voluntary/ {n += $2} END {print n}'"


class CardCase(GuestCase):
    """A small raw camera, which a viewer in Python keeps up with in an emulated machine."""

    stall_ms: ClassVar[int] = 3000

    def setUp(self) -> None:
        super().setUp()
        for name in ("picture.py", "capture_device.py", "camera_reader.py"):
            self.guest.put(f"/run/{name}", (_FOLDER / name).read_bytes())
        self.guest.run("mkdir -p /etc/minikvm")
        video = (f"video = {{ format = 'yuyv', size = '640x480', rate_hz = 10, "
                 f"stall_ms = {self.stall_ms} }}\n")
        self.guest.put("/etc/minikvm/minikvm.toml", video.encode())
        self.guest.run("systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl list | grep -qw ready")

    def watch(self) -> None:
        [stick] = self.guest.stick_ids()
        self.viewer = self.guest.start(
            f"exec /usr/bin/python3 /run/camera_reader.py {sink.node(stick, 'camera')} >{_SEEN}")

    def wait_for_sight(self, kind: str) -> None:
        """Until this is what the viewer sees."""
        self.guest.wait_until(f"tail -n1 {_SEEN} | grep -q '\"kind\": \"{kind}\"'")

    def wait_for_pictures(self) -> None:
        """Until it has seen ten pictures one after another."""
        self.guest.wait_until(f"tail -n1 {_SEEN} | grep '\"picture\"' | grep -q '\"in_a_row\": 10'")

    def wait_for_card(self, card: str) -> None:
        self.guest.wait_until(f"test $(minikvmctl get video/card) = {card}")

    def count(self, name: str) -> int:
        return int(self.guest.out(f"minikvmctl get video/{name}"))

    def told(self) -> list[dict[str, Any]]:
        """What the viewer has printed so far."""
        return [json.loads(line) for line in self.guest.get(_SEEN).splitlines()]

    def sights(self) -> tuple[list[str], dict[str, Any]]:
        """What the viewer has seen in turn from the first picture on, and its account of all."""
        outcome = self.viewer.stop()
        self.assertEqual(outcome.status, 0, outcome.err)
        lines = self.told()
        # Filler is dark, and is what the stick says until its register does.
        kinds = [line["kind"] for line in lines[:-1] if line["kind"] != "dark" and line["in_a_row"] == 1]
        # A card may come before it: an emulated stick takes its time to start.
        return kinds[kinds.index("picture"):], lines[-1]


class Cards(CardCase):
    def test_take_turns_with_pictures_for_one_viewer_all_the_while(self) -> None:
        self.watch()
        self.wait_for_sight("picture")

        for without in ("filler", "frozen", "nothing"):
            self.guest.sim(f"signal off {without}")
            self.wait_for_card("no-signal")
            self.wait_for_sight("card")
            self.guest.sim("signal on")
            self.wait_for_card("none")
            self.wait_for_sight("picture")
        for _ in range(2):
            self.guest.sim("unplug")
            self.wait_for_card("no-stick")
            self.wait_for_sight("card")
            self.guest.sim("replug")
            self.wait_for_card("none")
            self.wait_for_sight("picture")

        sights, account = self.sights()
        self.assertEqual(account["error"], "")
        self.assertLess(account["longest_gap"], _LONGEST_GAP_S)
        self.assertEqual(sights, ["picture"] + 5 * ["card", "picture"])

    def test_greet_a_viewer_who_comes_without_a_signal(self) -> None:
        self.guest.sim("signal off")
        self.guest.wait_until("test $(minikvmctl get hdmi/connected) = no")

        self.watch()

        self.wait_for_sight("card")
        self.assertEqual(self.guest.out("minikvmctl get video/card"), "no-signal")

    def test_are_jpegs_where_pictures_are(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        self.guest.run("minikvmctl set video/format mjpg; minikvmctl set video/size 1920x1080", 60)
        self.guest.sim("signal off")
        self.guest.wait_until("test $(minikvmctl get hdmi/connected) = no")

        self.guest.run(f"mkdir -p /out; timeout 50 ffmpeg -loglevel error -f v4l2 -i {camera} "
                       "-fps_mode passthrough -frames:v 3 -y /out/card%d.jpg", 60)

        said = self.guest.out("ffprobe -loglevel error -show_entries stream=width,height "
                              "-of csv=p=0 /out/card3.jpg")
        self.assertEqual(said, "1920,1080")
        light = self.guest.out("ffmpeg -loglevel error -i /out/card3.jpg -f rawvideo -pix_fmt gray - "
                               "| python3 -c 'import sys; print(max(sys.stdin.buffer.read()))'")
        self.assertGreater(int(light), 200)

    def test_are_drawn_for_nobody(self) -> None:
        self.guest.sim("signal off")
        self.guest.wait_until("test $(minikvmctl get hdmi/connected) = no")
        self.assertEqual(self.guest.out("minikvmctl get video/card"), "none")

        before, after = map(int, self.guest.out(f"{_SWITCHES}; sleep 10; {_SWITCHES}").split())

        self.assertLess(after - before, 5 * 10)


class ManyInterruptions(CardCase):
    clock = Clock.FAST
    long = True
    PULLS = 100
    RESTARTS = 10
    KILLS = 3

    def test_do_not_end_a_viewer_that_reads_all_the_while(self) -> None:
        self.watch()
        self.wait_for_pictures()

        for _ in range(self.PULLS):
            self.guest.sim("unplug")
            self.wait_for_sight("card")
            self.guest.sim("replug")
            self.wait_for_pictures()
        for interruption in (self.RESTARTS * ["systemctl restart 'minikvmd@*'"]
                             + self.KILLS * ["systemctl kill --signal=KILL --kill-whom=main 'minikvmd@*'"]):
            self.interrupt(interruption)

        sights, account = self.sights()
        self.remark(f"longest gap {account['longest_gap']} s")
        self.assertEqual(account["error"], "")
        self.assertEqual(sights[:2 * self.PULLS + 1], ["picture"] + self.PULLS * ["card", "picture"])
        self.assertLess(account["longest_gap"], _LONGEST_GAP_S)

    def interrupt(self, interruption: str) -> None:
        """Returns once the next process has sent ten frames."""
        process = self.guest.out("systemctl show -P MainPID 'minikvmd@*'")
        self.guest.run(interruption)
        self.guest.wait_until("p=$(systemctl show -P MainPID 'minikvmd@*'); "
                              f"test $p != 0 -a $p != {process} && test $(minikvmctl get video/frames) -ge 10")


class SilentStick(CardCase):
    either = True
    stall_ms = 1000

    def test_is_cured_by_a_restart_of_its_stream(self) -> None:
        self.watch()
        self.wait_for_sight("picture")

        self.guest.sim("fault stall restart")
        self.wait_for_card("stalled")
        self.wait_for_card("none")

        self.wait_for_sight("picture")
        self.assertEqual((self.count("restarts"), self.count("resets")), (1, 0))
        self.guest.wait_until('test -z "$(minikvmctl get video/problem)"')

    def test_is_cured_by_a_reset_where_a_restart_does_not_help(self) -> None:
        self.watch()
        self.wait_for_sight("picture")

        self.guest.sim("fault stall reset")
        self.guest.wait_until("test $(minikvmctl get video/resets) -gt 0")
        self.wait_for_card("none")

        self.wait_for_sight("picture")
        self.assertEqual((self.count("restarts"), self.count("resets")), (1, 1))
        sights, account = self.sights()
        self.assertEqual(account["error"], "")
        self.assertEqual(sights, ["picture", "card", "picture"])
        # The keyboard half was left alone.
        self.assertEqual(self.guest.out("minikvmctl get input/problem"), "")

    def test_is_left_alone_without_a_signal(self) -> None:
        self.watch()
        self.wait_for_sight("picture")
        self.guest.sim("signal off nothing")
        self.wait_for_card("no-signal")
        before = self.count("restarts"), self.count("resets")

        # Longer than any first remedy would have waited.
        self.guest.run("sleep 4")

        self.assertEqual((self.count("restarts"), self.count("resets")), before)
        self.assertEqual(self.guest.out("minikvmctl get video/problem"), "")
