#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reads from pictures of the virtual stick's screen which frame of which run they show.

docs/test-picture.md describes the lines that are read. Needs nothing but ffmpeg.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

_CELLS = 88
_BEGIN = "01110"
_END = "010"
_PAYLOAD_BITS = 64
_RUN_LINE = 1
_TIME_LINE = 2
_MIN_CONTRAST = 64
_MIN_CELL_PX = 2
_BATCH = 8  # files for one ffmpeg, since starting it costs more than a picture
_DECODE_S = 120


@dataclass
class Picture:
    """What a file shows; None where it cannot be read, as in the chip's filler frames."""

    file: str
    width: int
    height: int
    nonce: str | None = None
    frame: int | None = None
    time: float | None = None  # CLOCK_MONOTONIC, in seconds
    torn: bool = False  # head and foot are of different frames

    def sentence(self) -> str:
        if self.frame is None:
            return f"{self.file}: {self.width}x{self.height}, no frame number to be read"
        moment = "" if self.time is None else f", made at {self.time:.6f} s"
        torn = ", torn" if self.torn else ""
        return (f"{self.file}: {self.width}x{self.height}, frame {self.frame} "
                f"of run {self.nonce}{moment}{torn}")


@dataclass
class Grey:
    """A picture in shades of grey."""

    width: int
    height: int
    pixels: bytes

    def line(self, y: int) -> bytes:
        return self.pixels[y * self.width:(y + 1) * self.width]


def crc16(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def read_cells(line: bytes) -> str | None:
    """The cells of a line of pixels as a text of 0 and 1; the outer white ones are put back."""
    darkest, brightest = min(line), max(line)
    if brightest - darkest < _MIN_CONTRAST:
        return None
    middle = (darkest + brightest) // 2
    black = line.translate(bytes(1 if shade <= middle else 0 for shade in range(256)))
    left = black.find(1, max(black.find(0), 0))
    right = black.rfind(1, 0, black.rfind(0) + 1)
    cell_px = (right + 1 - left) / (_CELLS - 2)
    if left < 0 or cell_px < _MIN_CELL_PX:
        return None
    inner = (black[int(left + (cell + 0.5) * cell_px)] for cell in range(_CELLS - 2))
    return "0" + "".join(map(str, inner)) + "0"


def read_line(line: bytes) -> tuple[int, int] | None:
    """Which line it is, and its payload."""
    cells = read_cells(line)
    if cells is None or not cells.startswith(_BEGIN) or not cells.endswith(_END):
        return None
    coded = cells[len(_BEGIN):-len(_END)]
    payload = int(coded[:_PAYLOAD_BITS], 2)
    for kind in (_RUN_LINE, _TIME_LINE):
        if crc16(bytes([kind]) + payload.to_bytes(8, "big")) == int(coded[_PAYLOAD_BITS:], 2):
            return kind, payload
    return None


def read_picture(name: str, grey: Grey, *, window: bool = False) -> Picture:
    picture = Picture(name, grey.width, grey.height)
    # The lines are a row of blocks high, at the head and at the foot; both are searched with room
    # to spare for pictures that were scaled, or have a border.
    head_ends, foot_begins = grey.height // 8, grey.height * 15 // 16
    if window:
        head_ends = foot_begins = middle_of_screen(grey)
    head = [read_line(grey.line(y)) for y in range(head_ends)]
    foot = [read_line(grey.line(y)) for y in range(foot_begins, grey.height)]
    runs = [found[1] for found in head if found and found[0] == _RUN_LINE]
    if not runs:
        return picture
    picture.nonce = f"{runs[0] >> 32:08x}"
    picture.frame = runs[0] & 0xFFFFFFFF
    for found in head:
        if found and found[0] == _TIME_LINE and found[1] >> 48 == picture.frame & 0xFFFF:
            picture.time = (found[1] & (1 << 48) - 1) / 1e6
    picture.torn = not any(found == (_RUN_LINE, runs[0]) for found in foot)
    return picture


def middle_of_screen(grey: Grey) -> int:
    """Where to part a window that shows the screen somewhere: between its first line and its last."""
    lines = [y for y in range(grey.height) if read_line(grey.line(y))]
    return (lines[0] + lines[-1]) // 2 if lines else grey.height // 2


def parse_pgm(data: bytes) -> Grey:
    magic, width, height, _depth = data.split(maxsplit=4)[:4]
    if magic != b"P5":
        raise ValueError("not a PGM file")
    size = int(width) * int(height)
    return Grey(int(width), int(height), data[-size:])


def decode(files: list[str]) -> list[Grey]:
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / f"{number}.pgm" for number in range(len(files))]
        command = ["ffmpeg", "-nostdin", "-v", "error"]
        for file in files:
            command += ["-i", file]
        for number, output in enumerate(outputs):
            command += ["-map", f"{number}:v", "-frames:v", "1", "-pix_fmt", "gray", str(output)]
        subprocess.run(command, check=True, timeout=_DECODE_S)
        return [parse_pgm(output.read_bytes()) for output in outputs]


def read_files(files: list[str], *, window: bool = False) -> list[Picture]:
    pictures = []
    for start in range(0, len(files), _BATCH):
        batch = files[start:start + _BATCH]
        pictures += [read_picture(*pair, window=window)
                     for pair in zip(batch, decode(batch), strict=True)]
    return pictures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    parser.add_argument("--window", action="store_true",
                        help="the screen is somewhere in the picture, as in one of a player's window")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a picture that ffmpeg can read")
    options = parser.parse_args()
    try:
        pictures = read_files(options.files, window=options.window)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        print(f"picture.py: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([asdict(picture) for picture in pictures]))
    else:
        print("\n".join(picture.sentence() for picture in pictures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
