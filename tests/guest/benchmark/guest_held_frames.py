#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A viewer that holds each frame for a while: guest_held_frames.py NODE HOLD_MS SECONDS

Writes frames into a v4l2loopback node at 30 a second, as any program does that knows of no buffers, and
reads them again. Each frame is filled with the time at which it was written, so that one that changes
under its reader shows it. Prints one JSON object: how old each frame was when it was read, and how many
have changed while they were held. Needs capture_device.py beside it.
"""

import fcntl
import json
import os
import struct
import sys
import time

from capture_device import CaptureDevice

_WIDTH, _HEIGHT, _RATE_HZ = 640, 480, 30
_FRAME_BYTES = 2 * _WIDTH * _HEIGHT
_STAMP = struct.Struct("=Q")
_YUYV = 0x56595559
_S_FMT = 0xC0D05605  # linux/videodev2.h, on a 64-bit machine
_OUTPUT = 2
_FORMAT = struct.Struct("=I4xIIIIII176x")  # type, width, height, pixelformat, field, line, size


def write_frames(node: str) -> None:
    """Until it is ended."""
    with open(node, "wb", buffering=0) as camera:
        fcntl.ioctl(camera, _S_FMT, bytearray(_FORMAT.pack(
            _OUTPUT, _WIDTH, _HEIGHT, _YUYV, 1, 2 * _WIDTH, _FRAME_BYTES)))
        due = time.monotonic()
        while True:
            camera.write(_STAMP.pack(time.monotonic_ns()) * (_FRAME_BYTES // _STAMP.size))
            due += 1 / _RATE_HZ
            time.sleep(max(0.0, due - time.monotonic()))


def read_frames(node: str, hold_s: float, seconds: float) -> dict[str, object]:
    camera = CaptureDevice(node)
    camera.start()
    end = time.monotonic() + seconds
    ages_ms = []
    changed = 0
    while time.monotonic() < end:
        with camera.frame(1) as frame:
            if frame is None:
                continue
            first = frame[:_STAMP.size]
            ages_ms.append((time.monotonic_ns() - _STAMP.unpack(first)[0]) / 1e6)
            time.sleep(hold_s)
            changed += frame[:_STAMP.size] != first or frame[_FRAME_BYTES - _STAMP.size:_FRAME_BYTES] != first
    return {"ages_ms": ages_ms, "changed": changed, "seconds": seconds}


def main() -> int:
    node, hold_s, seconds = sys.argv[1], float(sys.argv[2]) / 1000, float(sys.argv[3])
    writer = os.fork()
    if writer == 0:
        write_frames(node)
    try:
        time.sleep(1)  # more than 16 frames are there by then, as in a camera that has been used
        print(json.dumps(read_frames(node, hold_s, seconds)))
    finally:
        os.kill(writer, 9)
        os.waitpid(writer, 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
