#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Watches a camera as applications do, with mapped buffers: viewer.py NODE FILE [FRAMES]

FILE always has one JSON object: frames so far, the seconds from the first to the last, the longest wait for
one, and the error that ended it. The longest wait is forgotten when FILE.forget is made. With FRAMES, the
program ends after so many. Needs capture_device.py beside it.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from capture_device import CaptureDevice

_TELL_S = 0.1


@dataclass
class Seen:
    """What has happened since the start."""

    frames: int = 0
    seconds: float = 0.0
    longest_gap_s: float = 0.0
    error: str = ""


class Viewer:
    def __init__(self, node: str, file: str) -> None:
        self.seen = Seen()
        self._file = Path(file)
        self._forget = self._file.with_suffix(".forget")
        self._told = 0.0
        self._camera = CaptureDevice(node)

    def watch(self, frames: int | None) -> None:
        self._camera.start()
        last = first = time.monotonic()
        while frames is None or self.seen.frames < frames:
            with self._camera.frame(_TELL_S) as frame:
                now = time.monotonic()
                self.seen.longest_gap_s = max(self.seen.longest_gap_s, now - last)
                if frame is not None:
                    last = now
                    first = now if self.seen.frames == 0 else first
                    self.seen.frames += 1
                    self.seen.seconds = last - first
            self.tell()

    def tell(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._told >= _TELL_S:
            self._told = now
            if self._forget.exists():
                self.seen.longest_gap_s = 0.0
                self._forget.unlink()
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(asdict(self.seen)))
            fresh.rename(self._file)


def main() -> int:
    viewer = Viewer(sys.argv[1], sys.argv[2])
    try:
        viewer.watch(int(sys.argv[3]) if len(sys.argv) > 3 else None)
    except OSError as error:
        viewer.seen.error = str(error)
    viewer.tell(at_once=True)
    return 1 if viewer.seen.error else 0


if __name__ == "__main__":
    sys.exit(main())
