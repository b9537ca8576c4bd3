# SPDX-License-Identifier: MIT
"""The target's screen in VLC, with and without a window."""

from application_case import SEEN, ApplicationCase, WindowCase


class Vlc(ApplicationCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest.start(self.as_viewer(
            "exec cvlc --no-audio --vout dummy --video-filter scene --scene-format png --scene-ratio 1 "
            f"--scene-replace --scene-path /out --scene-prefix target v4l2://{self.camera}"))

    def await_picture(self) -> None:
        """Until VLC writes a file that shows the target's screen, from now on."""
        self.guest.run("rm -f /out/target.png")
        self.await_screen(f"cp /out/target.png {SEEN}", SEEN)

    def test_shows_the_targets_screen_without_a_window(self) -> None:
        self.await_picture()

    def test_goes_on_when_the_stick_comes_back(self) -> None:
        self.await_picture()

        self.guest.sim("unplug")
        self.guest.wait_until("test $(minikvmctl get video/card) = no-stick")
        self.guest.sim("replug")

        self.guest.wait_until("test $(minikvmctl get video/card) = none")
        self.await_picture()


class Window(WindowCase):
    def test_of_vlc_shows_the_targets_screen(self) -> None:
        self.start(f"vlc --no-audio --no-qt-privacy-ask --no-video-title-show --vout xcb_x11 v4l2://{self.camera}")

        self.await_window()
        self.keep("vlc.png")
