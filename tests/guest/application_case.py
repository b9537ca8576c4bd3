# SPDX-License-Identifier: MIT
"""What tests of the applications that people use inherit: each is run by a user of group minikvm."""

import json
import shlex
from typing import Any

import sink
from testbed.case import GuestCase
from testbed.guest import Running
from testbed.paths import CHECKOUT, VIEWERS

_READER = "/usr/bin/python3 /run/picture.py"
SIZE = (640, 480)
RATE_HZ = 10
REACH_S = 240  # for a window to be drawn, by a processor that is emulated
_DISPLAY = ":7"
_SCREEN = "1152x768x24"
SEEN = "/out/seen.png"
_STORY_CHARACTERS = 3000


class ApplicationCase(GuestCase):
    """Shape:   a picture counts when picture.py reads this run's nonce from it.

    Limits:  what the slowest of them draws is small, since no graphics card helps.
    """

    slow = True
    extra = "viewers"

    def setUp(self) -> None:
        super().setUp()
        self.guest.put("/run/picture.py", (CHECKOUT / "tests/guest/picture.py").read_bytes())
        self.guest.run("useradd -m -s /bin/bash -G minikvm viewer && install -d -o viewer /out")
        self.set_mode()
        self.nonce = self.guest.sim("nonce")
        self.camera = sink.node(self.guest.stick_ids()[0], "camera")

    def set_mode(self) -> None:
        self.guest.run(f"minikvmctl set video/size {SIZE[0]}x{SIZE[1]} && "
                       f"minikvmctl set video/rate_hz {RATE_HZ}", 120)

    def as_viewer(self, command: str) -> str:
        """A shell line in a session of the viewer's own."""
        return f"runuser -l viewer -c {shlex.quote(command)}"

    def read(self, files: str) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = json.loads(self.guest.out(f"{_READER} --json {files}", REACH_S))
        return said

    def assert_this_run(self, pictures: list[dict[str, Any]], at_least: int) -> None:
        """So many show the target's screen, in order; a slow machine shows cards before the first."""
        shown = [picture for picture in pictures if picture["nonce"] is not None]
        self.assertGreaterEqual(len(shown), at_least)
        self.assertEqual({picture["nonce"] for picture in shown}, {self.nonce})
        self.assertEqual({(picture["width"], picture["height"]) for picture in shown}, {SIZE})
        numbers = [picture["frame"] for picture in shown]
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(len(set(numbers)), 1, "it moves")

    def await_screen(self, take: str, file: str, option: str = "") -> None:
        """Until the file that a shell line makes shows this run's screen."""
        self.guest.wait_until(f"{take} && {_READER} {option} {file} | grep 'of run {self.nonce}'", REACH_S)

    def spare_node(self, label: str) -> str:
        """A v4l2loopback node that no stick has: a new one, or on 0.12 that which is left for OBS."""
        if self.guest.run("test -e /dev/v4l2loopback", check=False).status == 0:
            self.guest.run(f"v4l2loopback-ctl add -x 1 -n {shlex.quote(label)} /dev/video60")
            return "/dev/video60"
        return self.guest.out("cd /sys/class/video4linux && "
                              "echo /dev/$(grep -lx 'OBS Virtual Camera' */name | cut -d/ -f1)")


class WindowCase(ApplicationCase):
    """Applications with a window, on a display that nobody sees.

    Shape:   an application's class called Window keeps a picture: ./dev screenshots runs these.
    """

    application: Running | None = None

    def setUp(self) -> None:
        super().setUp()
        self.guest.start(self.as_viewer(f"exec Xvfb {_DISPLAY} -screen 0 {_SCREEN}"))
        self.guest.wait_until(f"test -S /tmp/.X11-unix/X{_DISPLAY[1:]}")

    def story(self) -> str:
        said = self.application.out[-_STORY_CHARACTERS:] if self.application else "it was not started"
        return f"the application:\n{said}\n{super().story()}"

    def start(self, command: str) -> Running:
        # LLVM 15 of Debian 12 makes no 64-bit code for an emulated processor, and ends who asks for some.
        driver = "LIBGL_ALWAYS_SOFTWARE=1 GALLIUM_DRIVER=softpipe" if self.release.number == "12" else ""
        self.application = self.guest.start(self.as_viewer(
            f"DISPLAY={_DISPLAY} {driver} exec {command} 2>&1"))
        return self.application

    def await_window(self) -> None:
        """Until the display shows this run's screen."""
        take = f"ffmpeg -loglevel error -f x11grab -draw_mouse 0 -i {_DISPLAY} -frames:v 1 -y {SEEN}"
        self.await_screen(self.as_viewer(take), SEEN, "--window")

    def keep(self, name: str) -> None:
        """Has what was seen for people, as build/viewers/RELEASE/NAME.

        Without the bare display around the window; 256 colours make it small.
        """
        # It wants a few frames before it says anything.
        crop = self.guest.out(f"ffmpeg -loop 1 -i {SEEN} -frames:v 4 -vf cropdetect=limit=0:round=2:skip=0 "
                              "-f null - 2>&1 | grep -o 'crop=[0-9:]*' | tail -n 1", REACH_S)
        self.guest.run(f"ffmpeg -loglevel error -i {SEEN} -vf '{crop},split[a][b];[a]palettegen[p];"
                       "[b][p]paletteuse=dither=none' -y /run/kept.png", REACH_S)
        folder = VIEWERS / self.release.number
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.guest.get("/run/kept.png"))
