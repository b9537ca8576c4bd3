# SPDX-License-Identifier: MIT
"""The target's screen as a file: with nobody watching, beside a viewer, and without a signal."""

import json
from typing import Any

from testbed.paths import CHECKOUT
from viewer_case import ViewerCase

_READER = CHECKOUT / "tests/guest/picture.py"


# Beside a viewer, whose frames need not be waited for.
_LONGEST_S = 0.3


class ScreenshotCase(ViewerCase):
    took_s: float

    def setUp(self) -> None:
        super().setUp()
        self.guest.put("/run/picture.py", _READER.read_bytes())

    def take(self) -> dict[str, Any]:
        """What a screenshot shows that was asked for now."""
        came = float(self.guest.out("cut -d' ' -f1 /proc/uptime"))
        self.guest.run("minikvmctl screenshot /run/shot.jpg")
        self.took_s = float(self.guest.out("cut -d' ' -f1 /proc/uptime")) - came
        [picture] = json.loads(self.guest.out("/usr/bin/python3 /run/picture.py --json /run/shot.jpg"))
        self.assertEqual(picture["nonce"], self.guest.sim("nonce"))
        self.assertFalse(picture["torn"])
        # The stick makes a picture a frame or two before it sends it.
        self.assertGreater(picture["time"], came - 0.2)
        shown: dict[str, Any] = picture
        return shown

    def count(self, name: str) -> int:
        return int(self.guest.out(f"minikvmctl get video/{name}"))

    def be_refused_without_a_signal(self, way: str) -> None:
        """`way` is what the stick sends instead, which must not be taken for the target's screen."""
        self.guest.sim(f"signal off {way}")
        refused = self.guest.run("rm -f /run/shot.jpg; minikvmctl screenshot /run/shot.jpg",
                                 check=False)
        self.assertEqual(refused.status, 1)
        self.assertIn("no screen signal comes from the target", refused.err)
        self.guest.run("test ! -e /run/shot.jpg")


class Screenshot(ScreenshotCase):
    either = True

    def test_is_a_new_picture_while_nobody_watches(self) -> None:
        first = self.take()
        self.assertEqual((first["width"], first["height"]), (1920, 1080))
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
        self.assertEqual([self.count(name) for name in ("viewers", "frames", "decoded")], [0, 0, 0])

        second = self.take()

        self.assertGreater(second["frame"], first["frame"])
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")

    def test_is_the_sticks_own_beside_a_viewer_who_notices_nothing(self) -> None:
        self.guest.run("minikvmctl set video/size 640x480 && minikvmctl set video/format yuyv", 60)
        viewer, _ = self.view("one")
        self.guest.wait_until("test $(minikvmctl get video/frames) -gt 0")

        taken = set()
        for _ in range(2):
            taken.add(self.take()["frame"])
            self.assertLess(self.took_s, _LONGEST_S)

        self.assertEqual(len(taken), 2)
        self.await_frames("one", self.seen("one")["frames"] + 5)
        self.assertEqual(self.seen("one")["error"], "")
        self.assertEqual(self.count("viewers"), 1)
        viewer.stop()
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
        frames_shown, decoded, repeated = map(self.count, ("frames", "decoded", "repeated"))
        self.assertEqual(frames_shown, decoded + repeated, "none was decoded a second time")

    def test_is_refused_without_a_signal_or_a_stick(self) -> None:
        self.take()
        self.be_refused_without_a_signal("frozen")

        card = json.loads(self.guest.out("minikvmctl screenshot --json --card /run/card.jpg"))
        self.assertEqual((card["size"], card["card"]), ("1920x1080", "no-signal"))
        [read] = json.loads(self.guest.out("/usr/bin/python3 /run/picture.py --json /run/card.jpg"))
        self.assertEqual((read["width"], read["height"], read["nonce"]), (1920, 1080, None))

        self.guest.sim("unplug")
        # The halves of a stick leave one after the other, and its daemon stays for a moment.
        self.guest.wait_until("! minikvmctl screenshot 2>&1 >/run/none | "
                              "grep -q 'no screen signal comes'")
        refused = self.guest.run("minikvmctl screenshot >/run/none", check=False)
        self.assertIn(refused.status, (1, 3))
        self.assertRegex(refused.err, "not plugged in|no Mini-KVM is plugged in")


class ScreenshotAtLength(ScreenshotCase):
    long = True

    def test_is_refused_whatever_the_stick_sends_without_a_signal(self) -> None:
        for way in ("filler", "frozen", "nothing"):
            with self.subTest(way):
                self.be_refused_without_a_signal(way)
                self.guest.sim("signal on")
                self.guest.wait_until("test $(minikvmctl get hdmi/connected) = yes")
                self.take()

    def test_is_for_those_who_may_see_the_camera(self) -> None:
        self.guest.run("groupadd observers && useradd -m -G minikvm inside && "
                       "useradd -m -G observers observer && mkdir -p /etc/minikvm && "
                       "echo 'control.read_only_group = \"observers\"' >/etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get state | grep -qx ready")

        self.guest.run("runuser -u inside -- minikvmctl screenshot >/run/shot.jpg && test -s /run/shot.jpg")
        refused = self.guest.run("runuser -u observer -- minikvmctl screenshot >/run/none", check=False)

        self.assertEqual(refused.status, 4)
        self.assertIn("only members of group minikvm may see the target's screen", refused.err)
        self.guest.run("test ! -s /run/none")
