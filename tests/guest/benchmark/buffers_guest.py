# SPDX-License-Identifier: MIT
"""How many buffers a loopback node should have, by a viewer that holds its frames, in a guest."""

import json
from pathlib import Path

from testbed import session
from testbed.builds import Build
from testbed.guest import Guest
from testbed.progress import say

from .record import Record, Run

NAME = "viewer that holds frames"
COUNTS = (2, 4, 8, 16, 32)
HOLDS_MS = (0, 40, 90, 200)
_NODE = "/dev/video50"
_VIEWER = Path(__file__).with_name("guest_held_frames.py")
_DEVICE = Path(__file__).parents[1] / "capture_device.py"


def measure(record: Record, build: Build, quick: bool) -> None:
    machine = session.start(build, session.Wanted(sticks=0, plain=True, boot=False))
    try:
        guest = Guest(machine)
        record.versions["guest's kernel"] = guest.out("uname -r")
        record.versions["v4l2loopback"] = guest.out("modinfo -F version v4l2loopback")
        for program in (_VIEWER, _DEVICE):
            guest.put(f"/tmp/{program.name}", program.read_bytes())
        for count in COUNTS[1::2] if quick else COUNTS:
            for hold_ms in HOLDS_MS:
                say(f"{count} buffers, {hold_ms} ms")
                record.add(_hold(guest, count, hold_ms, 2 if quick else 6))
    finally:
        machine.close()


def _hold(guest: Guest, buffers: int, hold_ms: int, seconds: int) -> Run:
    guest.run("modprobe -r v4l2loopback; "
              f"modprobe v4l2loopback video_nr={_NODE.removeprefix('/dev/video')} max_buffers={buffers}")
    command = f"/usr/bin/python3 /tmp/{_VIEWER.name} {_NODE} {hold_ms} {seconds}"
    run = Run(NAME, "guest", {"buffers": buffers, "hold_ms": hold_ms}, command)
    said = guest.run(command, 120, check=False)
    run.status, run.said = said.status, said.err
    if run.good:
        run.figures = json.loads(said.out)
    return run
