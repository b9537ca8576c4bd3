#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reads a YUYV camera as one viewer, all the while: camera_reader.py NODE

Prints a JSON line whenever it sees something else: a picture of the target with its frame number, a
card, or darkness; and once more when it has seen that ten times in a row. Each has the longest wait for
a frame since the line before. The end, by SIGTERM or by an error, has what it saw in all. Needs
picture.py and capture_device.py beside it.
"""

import json
import mmap
import signal
import sys
import time

from capture_device import CaptureDevice
from picture import read_line

RUN_LINE = 1
CODE_ROW = 4  # in the middle of the test picture's first line
DARK, LIGHT = 40, 200
PATIENCE_S = 10
STEADY = 10


def luma_row(frame: mmap.mmap, width: int, row: int) -> bytes:
    row_bytes = 2 * width
    return frame[row * row_bytes:(row + 1) * row_bytes:2]


def what_is_on(frame: mmap.mmap, width: int, height: int) -> tuple[str, int | None]:
    head = luma_row(frame, width, CODE_ROW)
    if max(head) < DARK:
        # Each second row, so that no stroke of a letter is missed.
        middle = range(height // 3, height // 2, 2)
        light = any(max(luma_row(frame, width, row)) > LIGHT for row in middle)
        return ("card" if light else "dark"), None
    code = read_line(head)
    if code is None or code[0] != RUN_LINE:
        return "torn", None
    return "picture", code[1] & 0xFFFFFFFF


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    camera = CaptureDevice(sys.argv[1])
    camera_format = camera.format()
    width, height, _ = camera_format
    camera.start()
    seen = {"picture": 0, "card": 0, "dark": 0, "torn": 0}
    longest_gap, gap, before, last = 0.0, 0.0, "nothing", time.monotonic()
    in_a_row = 0
    error = ""
    try:
        while True:
            with camera.frame(PATIENCE_S) as frame:
                if frame is None:
                    error = f"nothing for {PATIENCE_S} s"
                    return 1
                now = time.monotonic()
                kind, number = what_is_on(frame, width, height)
            if before != "nothing":
                gap = max(gap, now - last)
                longest_gap = max(longest_gap, gap)
            last = now
            if camera.format() != camera_format:
                error = "the format has changed"
                return 1
            seen[kind] += 1
            if kind == "torn":
                continue
            in_a_row = in_a_row + 1 if kind == before else 1
            before = kind
            if in_a_row in (1, STEADY):
                say(kind=kind, frame=number, in_a_row=in_a_row, gap=round(gap, 3))
                gap = 0.0
    except OSError as failure:
        error = str(failure)
        return 1
    finally:
        say(end=seen, longest_gap=round(longest_gap, 3), error=error)


if __name__ == "__main__":
    sys.exit(main())
