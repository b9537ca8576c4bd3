# SPDX-License-Identifier: MIT
"""The target's screen in Chromium: a page that asks for a camera, whichever, is given the stick's."""

import json

from application_case import REACH_S, ApplicationCase, WindowCase
from testbed.paths import CHECKOUT

_MEETING = CHECKOUT / "tests/guest/meeting"
_PAGE = "http://localhost:8000/"
# Answers the browser's question for a person, and keeps it from asking for an account.
_POLICIES = "/etc/chromium/policies/managed"
_POLICY = {"VideoCaptureAllowedUrls": [_PAGE], "BrowserSignin": 0}
_OPTIONS = "--no-first-run --no-default-browser-check --disable-gpu"
_PICTURE = "/out/picture.png"


class MeetingCase(ApplicationCase):
    """Shape:   the page's server runs; what the page tells it is in /out."""

    def setUp(self) -> None:
        super().setUp()
        self.guest.run(f"mkdir -p /run/meeting {_POLICIES}")
        self.guest.put(f"{_POLICIES}/meeting.json", json.dumps(_POLICY).encode())
        for file in _MEETING.iterdir():
            self.guest.put(f"/run/meeting/{file.name}", file.read_bytes())
        server = self.guest.start(self.as_viewer("exec /usr/bin/python3 /run/meeting/server.py /out"))
        server.wait_for_output("listening")
        self.label = self.guest.out(f"cat /sys/class/video4linux/$(basename $(readlink -f {self.camera}))/name")

    def await_camera(self) -> None:
        """Until the page was given a camera: the stick's, and none but its own are there to be given."""
        said = json.loads(self.guest.wait_until("cat /out/cameras.json || { cat /out/refused.txt; false; }", REACH_S))
        self.assertEqual(said["opened"], self.label)
        self.assertEqual([name for name in said["offered"] if not name.startswith("Mini-KVM")], [])


class Headless(MeetingCase):
    def test_chromium_shows_the_targets_screen(self) -> None:
        self.guest.start(self.as_viewer(f"exec chromium --headless=new {_OPTIONS} {_PAGE}"))

        self.await_camera()
        self.await_screen(f"test -e {_PICTURE}", _PICTURE)


class Window(MeetingCase, WindowCase):
    def test_of_chromium_shows_the_targets_screen(self) -> None:
        self.start(f"chromium {_OPTIONS} --window-position=0,0 --window-size=800,680 {_PAGE}")

        self.await_camera()
        self.await_window()
        self.keep("chromium.png")
