# SPDX-License-Identifier: MIT
"""Ways to send through one serial line, each against the simulator's chip on a pseudo terminal."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbed.progress import say, step
from testbed.releases import Release

from .record import Record, Run, run_in_root

SENDERS = ("minikvm", "fifo", "stop-and-wait", "fixed-gap")
KEYBOARD_BYTES, MOTION_BYTES, ACKNOWLEDGEMENT_BYTES = 14, 11, 7  # docs/hardware.md 5.3
MOVES_PER_S = 1000


@dataclass(frozen=True)
class Line:
    speed_bd: int
    answer_delay_ms: int

    def __str__(self) -> str:
        return f"{self.speed_bd} Bd, answer after {self.answer_delay_ms} ms"

    def wire_ms(self, size_bytes: int) -> float:
        return size_bytes * 10 * 1000 / self.speed_bd

    def turn_ms(self, size_bytes: int) -> float:
        """A frame with its acknowledgement: what stop-and-wait takes at least."""
        return (self.wire_ms(size_bytes) + self.answer_delay_ms
                + self.wire_ms(ACKNOWLEDGEMENT_BYTES))

    @property
    def case(self) -> dict[str, Any]:
        return {"speed_bd": self.speed_bd, "answer_delay_ms": self.answer_delay_ms}

    @property
    def motion_limit(self) -> float:
        return min(MOVES_PER_S, 1000 / self.turn_ms(MOTION_BYTES))

    @property
    def typing_limit(self) -> float:
        """Characters a second: each is a press and a release."""
        return 1000 / (2 * self.turn_ms(KEYBOARD_BYTES))

    @property
    def flood_goal_ms(self) -> float:
        """The frame in flight with its acknowledgement, the key's own frame, and half a millisecond."""
        return self.turn_ms(MOTION_BYTES) + self.wire_ms(KEYBOARD_BYTES) + 0.5


LINES = tuple(Line(speed, delay) for speed in (115200, 9600) for delay in (0, 3))
QUICK_LINES = LINES[:1]


def _loads(line: Line, quick: bool) -> Iterator[list[str]]:
    """Options of each load that measures time."""
    # Half an interval after a key went down it goes up, and the next one goes down a quarter later
    # at the earliest: a turn that fits into a quarter finds the line idle. Motion takes its turns too.
    interval_ms = 4 * line.turn_ms(KEYBOARD_BYTES)
    idle_ms, flood_ms = str(math.ceil(1.2 * interval_ms)), str(math.ceil(2.4 * interval_ms))
    seconds = (1 if quick else 4) * (1 if line.speed_bd == 115200 else 3)
    yield ["--load", "idle", "--key-interval-ms", idle_ms, "--seconds", str(seconds)]
    yield ["--load", "flood", "--key-interval-ms", flood_ms, "--seconds", str(2 * seconds)]
    yield ["--load", "motion", "--seconds", "4"]


@dataclass(frozen=True)
class Bench:
    """The program that measures, and how it is to do it."""

    program: Path
    release: Release
    quick: bool
    real_time: bool

    def run(self, line: Line, sender: str, load: list[str]) -> Run:
        argv = [str(self.program), "--sender", sender, "--speed", str(line.speed_bd),
                "--answer-delay-us", str(1000 * line.answer_delay_ms), *load]
        argv += ["--real-time"] if self.real_time else []
        return run_in_root(self.release, sender, line.case | {"load": load[1]}, argv)


def measure(record: Record, bench: Bench) -> None:
    lines = QUICK_LINES if bench.quick else LINES
    for line in lines:
        for sender in SENDERS:
            say(f"{sender}: {line}")
            for load in _loads(line, bench.quick):
                record.add(bench.run(line, sender, load))
    _type(record, bench, lines)


def _type(record: Record, bench: Bench, lines: Sequence[Line]) -> None:
    """All lines of a sender at once: typing waits for lines, hardly ever for a processor."""
    for sender in SENDERS:
        with step(f"{sender}: typing"), ThreadPoolExecutor(len(lines)) as pool:
            runs = [pool.submit(bench.run, line, sender, _text(line, bench.quick)) for line in lines]
            for run in runs:
                record.add(run.result())


def _text(line: Line, quick: bool) -> list[str]:
    count = 1000 if quick else 10000 if line.speed_bd == 115200 else 2000
    return ["--load", "text", "--characters", str(count)]
