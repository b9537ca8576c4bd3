# SPDX-License-Identifier: MIT
"""The target's screen in programs of the terminal: the lines of a how-to page, run as they stand there."""

import re
from typing import Any

from application_case import RATE_HZ, REACH_S, SIZE, ApplicationCase, WindowCase
from testbed.paths import CHECKOUT

_PAGE = CHECKOUT / "docs/how-to/ffmpeg-and-gstreamer.md"
_FRAMES = 10  # that one of its lines reads, at least


def line_for(part: str, camera: str) -> str:
    """The only line of the how-to page that has this in it, for this stick."""
    [line] = [line for line in _PAGE.read_text().splitlines()
              if line.startswith("    ") and part in line]
    return line.strip().replace("/run/minikvm/1-2/camera", camera)


class Terminal(ApplicationCase):
    def run_line(self, part: str) -> str:
        return self.guest.out(self.as_viewer(f"cd /out && {line_for(part, self.camera)}"), REACH_S)

    def pictures_of(self, recording: str) -> list[dict[str, Any]]:
        self.guest.run(f"cd /out && rm -f seen-*.png && ffmpeg -loglevel error {recording} "
                       "-fps_mode passthrough seen-%03d.png", REACH_S)
        return self.read("/out/seen-*.png")

    def test_has_the_targets_screen_from_v4l2_ctl(self) -> None:
        self.guest.run(self.as_viewer(
            f"v4l2-ctl -d {self.camera} --stream-mmap --stream-count {_FRAMES} "
            "--stream-to /out/frames"), REACH_S)

        raw = f"-f rawvideo -pix_fmt yuyv422 -video_size {SIZE[0]}x{SIZE[1]} -i frames"
        self.assert_this_run(self.pictures_of(raw), _FRAMES // 2)
        said = self.run_line("v4l2-ctl")
        self.assertIn(f"{SIZE[0]}/{SIZE[1]}", said)

    def test_has_pictures_from_ffmpeg(self) -> None:
        self.run_line("target-%02d.png")

        self.assert_this_run(self.read("/out/target-*.png"), _FRAMES // 2)

    def test_has_pictures_from_gstreamer(self) -> None:
        self.run_line("gstreamer-%02d.png")

        self.assert_this_run(self.read("/out/gstreamer-*.png"), _FRAMES // 2)

    def test_has_a_screenshot_from_minikvmctl(self) -> None:
        self.run_line("minikvmctl screenshot")

        [picture] = self.read("/out/target.jpg")
        self.assertEqual(picture["nonce"], self.nonce)

    def test_has_a_recording_from_ffmpeg(self) -> None:
        self.run_line("libx264")

        self.assert_this_run(self.pictures_of("-i target.mp4"), 2)

    def test_has_recordings_of_the_sticks_own_pictures(self) -> None:
        for part in ("video/format mjpg", "-c copy", "matroskamux", "video/format yuyv"):
            self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
            self.run_line(part)

        self.assert_this_run(self.pictures_of("-i target.mkv"), _FRAMES)
        self.assert_this_run(self.pictures_of("-i gstreamer.mkv"), _FRAMES)


class Compliance(ApplicationCase):
    """v4l2-compliance finds fault with v4l2loopback itself; that is not ours to mend.

    Limits:  without its streaming tests (-s). They call DQBUF before STREAMON, to be told EINVAL; the module
             waits for a frame there, which a node without a viewer does not get: they never end.
    """

    def faults(self, node: str) -> tuple[set[str], str]:
        """The tests that fail on a node, and all that is said."""
        said = self.guest.run(self.as_viewer(
            f"timeout {REACH_S} v4l2-compliance --no-progress -d {node} 2>&1"),
            REACH_S, check=False).out
        self.assertRegex(said, r"Total for .*: \d+, Succeeded: [1-9]\d*, Failed: \d+")
        return set(re.findall(r"^\s*test (.*): FAIL", said, re.MULTILINE)), said

    def test_of_the_camera_fails_nowhere_but_where_a_bare_node_fails_too(self) -> None:
        bare = self.spare_node("bare")
        self.guest.run(f"chown viewer {bare}")
        writer = self.guest.start(
            f"ffmpeg -loglevel error -re -f lavfi -i testsrc=size={SIZE[0]}x{SIZE[1]}:rate={RATE_HZ} "
            f"-pix_fmt yuyv422 -f v4l2 {bare}")
        self.guest.wait_until(f"v4l2-ctl -d {bare} --get-fmt-video | grep YUYV")

        of_camera, camera_said = self.faults(self.camera)
        of_bare, bare_said = self.faults(bare)
        writer.stop()

        self.remark("\n".join([f"fails on the camera: {sorted(of_camera)}",
                               f"fails on a bare node: {sorted(of_bare)}",
                               *re.findall("^Total for .*", camera_said + bare_said, re.MULTILINE)]))
        self.assertLessEqual(of_camera, of_bare, camera_said)


class Players(WindowCase):
    def test_of_ffmpeg_show_the_targets_screen(self) -> None:
        self.start(line_for("ffplay", self.camera))

        self.await_window()

    def test_of_gstreamer_show_the_targets_screen(self) -> None:
        self.start(line_for("autovideosink", self.camera))

        self.await_window()
