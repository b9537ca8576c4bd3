# SPDX-License-Identifier: MIT
"""The target's screen, as an application sees it."""

import json
from typing import Any

import sink
from testbed.accelerator import Clock
from testbed.case import GuestCase
from testbed.guest import Guest
from testbed.paths import CHECKOUT

_READER = CHECKOUT / "tests/guest/picture.py"
_WATCHER = CHECKOUT / "tests/guest/open_watcher.py"
_SMALL = (640, 480)
_LIMIT_S = 900  # of our time: an emulated second in which every frame is saved takes minutes


class CameraInFfmpeg(GuestCase):
    """As fast as ffmpeg needs it for a PNG of each frame: one that it is late for may be overwritten."""

    clock = Clock.FASTEST
    long = True

    def setUp(self) -> None:
        super().setUp()
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.guest.run("mkdir -p /out")

    def pictures(self, count: int) -> list[dict[str, Any]]:
        """What ffmpeg saves when it is asked for so many; each is of this run."""
        [stick] = self.guest.stick_ids()
        self.guest.run(f"rm -f /out/*; timeout 60 ffmpeg -loglevel error -f v4l2 "
                       f"-i {sink.node(stick, 'camera')} -frames:v {count} -y /out/f%02d.png", _LIMIT_S)
        read: list[dict[str, Any]] = json.loads(
            self.guest.out("/usr/bin/python3 /tmp/picture.py --json /out/f*.png", _LIMIT_S))
        self.assertEqual(len(read), count)
        self.assertEqual({(entry["width"], entry["height"]) for entry in read}, {(1920, 1080)})
        self.assertEqual({entry["nonce"] for entry in read}, {self.guest.sim("nonce")})
        return read

    def assert_rising(self, read: list[dict[str, Any]], different: int) -> None:
        numbers = [entry["frame"] for entry in read]
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreaterEqual(len(set(numbers)), different)

    def test_shows_thirty_frames_of_this_run(self) -> None:
        self.assert_rising(self.pictures(30), 25)

    def test_shows_sixty_frames_of_this_run_in_each_format(self) -> None:
        for name in _FORMATS:
            with self.subTest(format=name):
                self.guest.run(f"minikvmctl set video/format {name}", 60)

                self.assert_rising(self.pictures(60), 50)

                self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')


class SmallCameraCase(GuestCase):
    def make_small(self) -> None:
        """What a slow guest has time for, where only the pictures' order counts."""
        self.guest.run(f"minikvmctl set video/size {_SMALL[0]}x{_SMALL[1]} && "
                       "minikvmctl set video/rate_hz 10")


class Camera(SmallCameraCase):
    def test_announces_itself_as_a_camera_and_nothing_else(self) -> None:
        [stick] = self.guest.stick_ids()
        said = self.guest.out(f"v4l2-ctl -d {sink.node(stick, 'camera')} --info")

        capabilities = said.split("Device Caps")[1]
        self.assertIn("Video Capture", capabilities)
        self.assertNotIn("Video Output", capabilities)
        self.assertIn("Mini-KVM", said)
        self.assertIn("1920/1080", self.guest.out(
            f"v4l2-ctl -d {sink.node(stick, 'camera')} --get-fmt-video"))

    def test_is_noted_as_a_camera_however_long_udev_takes_for_its_node(self) -> None:
        self.guest.run("cp /usr/bin/chown /run/chown")
        self.guest.put("/run/slow-chown", b'#!/bin/sh\nsleep 2\nexec /run/chown "$@"\n', 0o755)
        self.guest.run("mount --bind /run/slow-chown /usr/bin/chown")
        unit = f"minikvmd@{self.guest.stick_ids()[0]}"

        self.guest.run(f"systemctl stop {unit} && systemctl start {unit}")

        self.guest.wait_until("minikvmctl get state | grep -qx ready")
        camera = self.guest.out("minikvmctl get video/cameras")
        self.guest.await_camera(camera)

    def test_lets_the_stick_rest_while_nobody_watches(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {sink.node(stick, 'camera')} "
                       "-frames:v 3 -f null -")

        self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')

        self.assertEqual(self.guest.out("minikvmctl get video/viewers"), "0")

    def test_serves_one_viewer_after_another(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")

        for _ in range(3):
            self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {camera} "
                           "-frames:v 3 -f null -")

    def test_shows_no_later_viewer_a_picture_from_before(self) -> None:
        [stick] = self.guest.stick_ids()
        self.make_small()
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.guest.run("mkdir -p /out")
        self.watch(stick, "earlier")
        self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')

        came = float(self.guest.out("cut -d' ' -f1 /proc/uptime"))
        self.watch(stick, "later")

        # On 0.13 and later a dark picture is the first that it gets.
        times = [time for time in self.times("later") if time is not None]
        self.assertTrue(times)
        self.assertGreater(min(times), came)

    def test_forgets_the_last_picture_and_stays_the_same_node(self) -> None:
        [stick] = self.guest.stick_ids()
        self.make_small()
        camera = self.guest.out(f"readlink -f {sink.node(stick, 'camera')}")
        made = self.guest.out(f"stat -c %i {camera}")
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.guest.run("mkdir -p /out")
        self.guest.put("/run/open_watcher.py", _WATCHER.read_bytes(), 0o755)
        self.guest.start("exec /run/open_watcher.py >/run/opens")
        self.guest.wait_until("grep -q ready /run/opens")
        self.watch(stick, "before")
        if self.guest.run("test -e /dev/v4l2loopback", check=False).status == 0:
            self.guest.wait_until(f"test -e {camera} -a $(stat -c %i {camera}) != {made}")
        else:
            # Version 0.12 forgets a picture when its writer has closed the node and opened it again.
            self.guest.wait_until(f"grep minikvmd /run/opens | grep -q '\"{camera[5:]}\"'")
        self.guest.await_camera(camera)

        self.watch(stick, "after")

        # A card may come before the first picture, what hid the last one may not.
        light = self.guest.out("ffmpeg -loglevel error -i /out/after1.png -f rawvideo -pix_fmt gray - "
                               "| python3 -c 'import sys; print(max(sys.stdin.buffer.read()))'")
        self.assertGreater(int(light), 100)
        # It points to another one while its viewer may yet come back.
        self.guest.wait_until(f"test $(readlink -f {sink.node(stick, 'camera')}) = {camera}")

    def test_comes_back_after_it_could_not_be_made(self) -> None:
        [stick] = self.guest.stick_ids()
        camera = self.guest.out(f"readlink -f {sink.node(stick, 'camera')}")
        if self.guest.run("test -e /dev/v4l2loopback", check=False).status == 0:
            hinder, help_on = "udevadm control --stop-exec-queue", "udevadm control --start-exec-queue"
        else:
            # Version 0.12 has made its nodes for good, and udev has handed them over.
            hinder, help_on = f"chmod 0 {camera}", f"chmod 660 {camera}"

        self.guest.run(hinder)
        self.guest.run("! minikvmctl set video/format mjpg")
        self.guest.wait_until("minikvmctl get video/problem | grep 'the camera is lost'")
        self.assertEqual(self.guest.out("minikvmctl get video/cameras"), "")
        self.guest.run(help_on)

        self.guest.wait_until('test -z "$(minikvmctl get video/problem)"')
        self.guest.wait_until(f"test $(readlink -f {sink.node(stick, 'camera')}) = {camera}")
        self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {camera} -frames:v 3 -f null -")

    def watch(self, stick: str, name: str) -> None:
        self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {sink.node(stick, 'camera')} "
                       f"-fps_mode passthrough -frames:v 8 -y /out/{name}%d.png")

    def times(self, name: str) -> list[float | None]:
        """When each picture was made that a viewer saw; None where it is none of the target."""
        read = json.loads(self.guest.out(
            f"/usr/bin/python3 /tmp/picture.py --json /out/{name}[0-9].png"))
        return [picture["time"] for picture in read]


_RAW = f"-f rawvideo -video_size {_SMALL[0]}x{_SMALL[1]} -pixel_format"
# What V4L2 calls each, and how ffmpeg reads a file of such pictures.
_FORMATS = {
    "yuyv": ("YUYV", f"{_RAW} yuyv422"),
    "yu12": ("YU12", f"{_RAW} yuv420p"),
    "nv12": ("NV12", f"{_RAW} nv12"),
    "mjpg": ("MJPG", "-f mjpeg"),
}


def start_simulator(guest: Guest, options: str) -> None:
    """A stick of a guest that has none, as it is with these options."""
    guest.run("modprobe vhci-hcd && systemd-run --quiet --collect --unit=sim -p Type=notify "
              f"minikvm-sim run --stick 0 {options}")
    guest.wait_until("minikvmctl list | grep -qw ready")


class CameraOfFiles(GuestCase):
    sticks = 0
    FILES = 8

    def test_passes_on_their_very_bytes(self) -> None:
        self.guest.run("mkdir -p /run/screens && ffmpeg -loglevel error -f lavfi -i testsrc2=s=1280x720 "
                       f"-frames:v {self.FILES} -pix_fmt yuvj422p -y /run/screens/%02d.jpg", 60)
        start_simulator(self.guest, "--jpegs /run/screens")
        [stick] = self.guest.stick_ids()
        self.guest.run("minikvmctl set video/format mjpg && minikvmctl set video/size 1280x720", 60)

        self.guest.run(f"timeout 50 v4l2-ctl -d {sink.node(stick, 'camera')} --stream-mmap "
                       f"--stream-count {5 * self.FILES} --stream-to /run/seen", 60)

        screens = [self.guest.get(f"/run/screens/{number + 1:02}.jpg") for number in range(self.FILES)]
        seen = self.guest.get("/run/seen")
        self.assertTrue(all(screen in seen for screen in screens))
        # Whatever else there is came before the first of them: a card, for want of a picture.
        rest = seen[min(seen.index(screen) for screen in screens):]
        for screen in screens:
            rest = rest.replace(screen, b"")
        self.assertEqual(len(rest), 0)


class FormatCase(SmallCameraCase):
    FRAMES = 10

    def setUp(self) -> None:
        super().setUp()
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.guest.run("mkdir -p /out")

    def assert_shows_this_run(self, name: str, demuxer: str) -> None:
        """The camera has that format; how ffmpeg reads it is the demuxer's options."""
        # Copied first: v4l2loopback writes over buffers that a slow viewer, as ffmpeg is
        # while it makes PNGs in a slow guest, has not given back.
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        self.guest.run(f"timeout 50 v4l2-ctl -d {camera} --stream-mmap "
                       f"--stream-count {self.FRAMES} --stream-to /out/{name}", 60)
        self.guest.run(f"ffmpeg -loglevel error {demuxer} -i /out/{name} -fps_mode "
                       f"passthrough -y /out/{name}%02d.png; rm /out/{name}", 120)

        read = json.loads(self.guest.out(
            f"/usr/bin/python3 /tmp/picture.py --json /out/{name}*.png", 120))
        # A slow machine shows cards before the first picture.
        read = [entry for entry in read if entry["nonce"] is not None]
        self.assertGreaterEqual(len(read), self.FRAMES - 4)
        self.assertEqual({entry["nonce"] for entry in read}, {self.guest.sim("nonce")})
        numbers = [entry["frame"] for entry in read]
        self.assertEqual(numbers, sorted(set(numbers)), "rising, each seen once")


class CameraOfCoarseColours(FormatCase):
    """A stick whose JPEGs are 4:2:0."""

    sticks = 0

    def test_shows_this_runs_frames_passed_on_and_decoded(self) -> None:
        start_simulator(self.guest, "--sampling 4:2:0")
        self.make_small()
        for name in ("mjpg", "yuyv", "nv12"):
            with self.subTest(format=name):
                self.guest.run(f"minikvmctl set video/format {name}", 60)
                self.assert_shows_this_run(name, _FORMATS[name][1])
                self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')


class CameraFormats(FormatCase):
    def test_show_this_runs_frames_in_each_format(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        self.make_small()
        for name, (code, demuxer) in _FORMATS.items():
            with self.subTest(format=name):
                self.guest.run(f"minikvmctl set video/format {name}", 60)
                said = self.guest.out(f"v4l2-ctl -d {camera} --get-fmt-video --get-parm")
                self.assertIn(f"'{code}'", said)
                self.assertIn(f"{_SMALL[0]}/{_SMALL[1]}", said)
                self.assertRegex(said, r"YCbCr/HSV Encoding\s*: ITU-R 601")
                self.assertRegex(said, r"Quantization\s*: Full Range")

                self.assert_shows_this_run(name, demuxer)
                self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')

    def test_are_decoded_once_each(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        self.guest.run("minikvmctl set video/format yuyv", 60)
        self.guest.run(f"timeout 50 v4l2-ctl -d {camera} --stream-mmap --stream-count 20", 60)
        self.guest.wait_until('test "$(minikvmctl get video/streaming)" = no')

        frames, decoded, repeated = (int(self.guest.out(f"minikvmctl get video/{name}"))
                                     for name in ("frames", "decoded", "repeated"))
        self.assertGreater(decoded, 0)
        self.assertEqual(frames, decoded + repeated)

    def test_are_refused_while_somebody_watches(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        viewer = self.guest.start(f"timeout 60 v4l2-ctl -d {camera} --stream-mmap")
        self.guest.wait_until("test $(minikvmctl get video/viewers) -gt 0")

        for wish in ("format nv12", "size 640x480", "rate_hz 5"):
            refused = self.guest.run(f"minikvmctl set video/{wish}", check=False)
            self.assertNotEqual(refused.status, 0)
            self.assertIn("somebody watches", refused.err)
        viewer.stop()

    def test_follow_the_targets_size_while_nobody_watches(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")
        self.guest.run("minikvmctl set video/size auto", 60)
        self.guest.sim("input 1280x720@60")
        self.guest.wait_until("test $(minikvmctl get video/size) = 1280x720")

        viewer = self.guest.start(f"timeout 60 v4l2-ctl -d {camera} --stream-mmap")
        self.guest.wait_until("test $(minikvmctl get video/viewers) -gt 0")
        self.guest.sim("input 800x600@60")
        self.guest.wait_until("minikvmctl get hdmi/mode | grep -q ^800x600@")
        self.assertEqual(self.guest.out("minikvmctl get video/size"), "1280x720")
        viewer.stop()
        self.guest.wait_until("test $(minikvmctl get video/size) = 800x600")

        # Which the stick does not offer.
        self.guest.sim("input 1366x768@60")
        self.guest.wait_until("test $(minikvmctl get video/size) = 1920x1080")

    def test_are_refused_with_what_the_stick_offers(self) -> None:
        refused = self.guest.run("minikvmctl set video/size 1234x567", check=False)
        self.assertNotEqual(refused.status, 0)
        self.assertIn("1280x720@60", refused.err)

        refused = self.guest.run("minikvmctl set video/size big", check=False)
        self.assertIn("a size such as 1280x720", refused.err)
