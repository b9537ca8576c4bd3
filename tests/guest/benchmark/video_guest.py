# SPDX-License-Identifier: MIT
"""Our camera and other programs' ways to one, one after the other in one guest, on the same frames."""

import json
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbed import session
from testbed.builds import Build
from testbed.guest import Guest
from testbed.progress import say
from testbed.shell import Failed

from .record import Record, Run
from .video_host import KINDS, PICTURES

OURS = "minikvm"
PASSING, DECODING = "mjpg", "yuyv"
MODES = ((1920, 1080, 30), (1280, 720, 60))
_RELAY = Path(__file__).with_name("guest_relay.py")
_STATIC_CAMERA = "Mini-KVM camera 1"


@dataclass(frozen=True)
class Case:
    picture: str
    width: int
    height: int
    rate_hz: int
    output: str  # PASSING or DECODING

    def __str__(self) -> str:
        return f"{self.picture} {self.width}x{self.height}@{self.rate_hz} as {self.output}"

    @property
    def key(self) -> dict[str, Any]:
        return {"picture": self.picture, "height": self.height, "output": self.output,
                "place": "guest"}

    def frames(self, quick: bool) -> tuple[int, int]:
        """To warm up, and to measure: fewer where each costs an emulated guest more of our time."""
        if self.output == DECODING:
            return (10, 20) if quick else (20, 100)
        return (30, 60) if quick else (2 * self.rate_hz, 10 * self.rate_hz)


def cases(quick: bool) -> Iterator[Case]:
    for picture in KINDS[:1] if quick else KINDS:
        for width, height, rate_hz in MODES[:1] if quick else MODES:
            for output in (PASSING, DECODING):
                yield Case(picture, width, height, rate_hz, output)


def measure(record: Record, build: Build, quick: bool) -> None:
    machine = session.start(build, session.Wanted(sticks=0, plain=False, boot=False))
    try:
        bench = _Bench(Guest(machine), record, quick)
        bench.note_versions()
        bench.send_pictures()
        for case in cases(quick):
            bench.run(case)
    finally:
        machine.close()


class _Bench:
    """One guest with one stick, whose daemon is there for us and away for the others."""

    def __init__(self, guest: Guest, record: Record, quick: bool) -> None:
        self._guest = guest
        self._record = record
        self._quick = quick
        self._shown = ""
        guest.run("mkdir -p /bench; modprobe vhci-hcd")
        guest.put("/bench/relay.py", _RELAY.read_bytes(), 0o755)

    def note_versions(self) -> None:
        out = self._guest.out
        self._record.versions |= {
            "in the guest kernel": out("uname -r"),
            "v4l2loopback": out("modinfo -F version v4l2loopback") or "0.12.7",
            "ffmpeg": out("ffmpeg -version | sed -n '1s/ffmpeg version \\([^ ]*\\).*/\\1/p'"),
            "GStreamer": out("gst-launch-1.0 --gst-version | awk '{ print $NF }'"),
        }

    def send_pictures(self) -> None:
        for kind in KINDS:
            self._guest.run(f"mkdir /bench/{kind}")
            for picture in sorted((PICTURES / kind).iterdir()):
                self._guest.put(f"/bench/{kind}/{picture.name}", picture.read_bytes())

    def run(self, case: Case) -> None:
        self._show(case.picture)
        self._measure_ours(case)
        stick = self._stick
        self._guest.run(f"systemctl stop minikvmd@{stick}.service", 90)
        try:
            for name, command in _peers(case, self._raw):
                self._measure_peer(case, name, command)
        finally:
            self._guest.run(f"systemctl start minikvmd@{stick}.service", 90)
            self._await_ready()

    def _show(self, picture: str) -> None:
        """Another stick, which shows these frames."""
        if picture == self._shown:
            return
        self._guest.run("systemctl stop minikvm-sim-0.service", 60, check=False)
        self._guest.run("systemd-run --quiet --unit=minikvm-sim-0 -p Type=notify minikvm-sim run "
                        f"--stick 0 --jpegs /bench/{picture}", 90)
        self._shown = picture
        self._await_ready()
        [self._stick] = self._guest.stick_ids()
        # The raw node, whose number depends on which driver was first.
        self._raw = self._guest.wait_until(
            "for node in /sys/class/video4linux/video*; do grep -q 534d "
            '"$node/device/../idVendor" 2>/dev/null && grep -qx 0 "$node/index" && '
            'echo "/dev/${node##*/}"; done | head -1 | grep .'
        )

    def _await_ready(self) -> None:
        self._guest.wait_until("minikvmctl list | grep -qw ready", 90)

    def _measure_ours(self, case: Case) -> None:
        for name, value in (("format", case.output), ("size", f"{case.width}x{case.height}"),
                            ("rate_hz", case.rate_hz)):
            self._guest.wait_until(f"minikvmctl set video/{name} {value}")
        pid = int(self._guest.out(f"systemctl show -P MainPID minikvmd@{self._stick}.service"))
        camera = self._guest.out(f"readlink -f /run/minikvm/{self._stick}/camera")
        before = self._counters()
        run = self._read(case, OURS, {"camera": camera, "pid": pid}, "minikvmd")
        after = self._counters()
        run.figures |= {name: after[name] - before[name] for name in after}
        self._record.add(run)
        self._guest.wait_until('test "$(minikvmctl get video/streaming)" = no')

    def _counters(self) -> dict[str, int]:
        names = ("frames", "dropped", "skipped", "broken", "repeated")
        said = self._guest.out("minikvmctl get " + " ".join(f"video/{name}" for name in names))
        return {name: int(word.split()[-1]) for name, word in zip(names, said.splitlines())}

    def _measure_peer(self, case: Case, name: str, command: str) -> None:
        camera = self._make_camera()
        frames = sum(case.frames(self._quick))
        # It starts before it is read, and ends by itself.
        more = 60 if case.output == DECODING else 6 * case.rate_hz
        command = command.format(raw=self._raw, camera=camera, count=frames + more)
        try:
            self._record.add(self._read(case, name, {"camera": camera, "relay": command}, command))
        finally:
            self._guest.run(f"v4l2loopback-ctl delete {camera}", check=False)

    def _make_camera(self) -> str:
        """A node like ours: 16 buffers, a camera and nothing else while somebody writes."""
        if self._guest.run("test -e /dev/v4l2loopback", check=False).status == 0:
            self._guest.run("v4l2loopback-ctl add -n bench -x 1 -b 16 /dev/video40")
            return "/dev/video40"
        return self._guest.out(f"cd /sys/class/video4linux && grep -lx '{_STATIC_CAMERA}' */name | "
                               "sed 's,\\(.*\\)/name,/dev/\\1,'")

    def _read(self, case: Case, name: str, source: dict[str, Any], command: str) -> Run:
        say(f"{name}: {case}")
        warm_up, frames = case.frames(self._quick)
        spec = {"capture": self._raw, "warm_up": warm_up, "frames": frames, **source}
        run = Run(name, "guest", case.key, command)
        begin = time.monotonic()
        said = self._guest.run(f"/usr/bin/python3 /bench/relay.py {shlex.quote(json.dumps(spec))}",
                               300, check=False)
        run.status, run.said = said.status, said.err
        if run.good:
            run.figures = json.loads(said.out)
            run.status = run.figures.pop("status")
            run.said = run.figures.pop("said")
            run.figures["took_s"] = time.monotonic() - begin
        return run


def _peers(case: Case, raw: str) -> Iterator[tuple[str, str]]:
    if not raw:
        raise Failed("the guest has no capture node")
    size = f"{case.width}x{case.height}"
    ffmpeg = (f"ffmpeg -nostdin -loglevel error -f v4l2 -input_format mjpeg -video_size {size} "
              f"-framerate {case.rate_hz} -i {{raw}}")
    caps = f"image/jpeg,width={case.width},height={case.height},framerate={case.rate_hz}/1"
    gstreamer = f"gst-launch-1.0 -q v4l2src device={{raw}} num-buffers={{count}} ! {caps}"
    if case.output == PASSING:
        yield "ffmpeg", f"{ffmpeg} -c copy -frames:v {{count}} -f v4l2 {{camera}}"
        yield "GStreamer", f"{gstreamer} ! v4l2sink device={{camera}} sync=false"
    else:
        yield "ffmpeg", f"{ffmpeg} -pix_fmt yuyv422 -frames:v {{count}} -f v4l2 {{camera}}"
        yield "GStreamer", (f"{gstreamer} ! jpegdec ! videoconvert ! video/x-raw,format=YUY2 ! "
                            "v4l2sink device={camera} sync=false")
