# SPDX-License-Identifier: MIT
"""Our whole way in a guest: the sink's event nodes, minikvmd, the kernel's ch341, the virtual stick."""

import json
from pathlib import Path
from typing import Any

import sink
import target_text
from testbed import session
from testbed.builds import Build
from testbed.guest import Guest
from testbed.progress import say

from .record import Record, Run

NAME = "minikvm in a guest"
_LOAD = Path(__file__).with_name("guest_load.py")
_ANSWER_DELAY_S = 0.0002  # the simulator's (sim/serial/ch9329_options.h)
_MOVE_X = 3
_SENTENCE = "The quick brown fox jumps over the lazy dog. 0123456789!\n"


def measure(record: Record, build: Build, quick: bool) -> None:
    machine = session.start(build, session.Wanted(sticks=1, plain=False, boot=False))
    try:
        guest = Guest(machine)
        [stick] = guest.stick_ids()
        record.versions["guest's kernel"] = guest.out("uname -r")
        guest.put("/tmp/guest_load.py", _LOAD.read_bytes(), 0o755)
        sink.drain(guest, stick)
        seconds = 3 if quick else 10
        for load, key_ms, move_ms in (("idle", 40, 0), ("flood", 40, 1), ("motion", 0, 1)):
            say(f"{NAME}: {load}")
            record.add(_time(guest, stick, load, [seconds, key_ms, move_ms]))
        say(f"{NAME}: text")
        record.add(_type(guest, 500 if quick else 10000))
    finally:
        machine.close()


def _time(guest: Guest, stick: str, load: str, numbers: list[int]) -> Run:
    nodes = [sink.node(stick, name) for name in ("keyboard", "mouse")]
    command = " ".join(["/usr/bin/python3 /tmp/guest_load.py", *nodes, *map(str, numbers)])
    run = Run(NAME, "guest", {"load": load}, command)
    before = len(sink.received(guest))
    said = guest.run(command, 120, check=False)
    run.status, run.said = said.status, said.err
    if run.good:
        sink.drain(guest, stick)
        run.figures = _figures(json.loads(said.out), sink.received(guest)[before:])
    return run


def _figures(played: dict[str, Any], reports: list[dict[str, Any]]) -> dict[str, Any]:
    latencies = []
    strokes = list(played["strokes"])
    lost = last = 0
    for report in (report for report in reports if "keys" in report):
        usage = report["keys"][0] if report["keys"] else 0
        if usage == last:
            continue  # sent again, since its acknowledgement was late
        last = usage
        places = [index for index, (at, holds) in enumerate(strokes)
                  if holds == usage and at <= report["t"]]
        if places:
            lost += places[0]
            latencies.append(1000 * (report["t"] - _ANSWER_DELAY_S - strokes[places[0]][0]))
            del strokes[:places[0] + 1]
    motion = [report for report in reports if "dx" in report]
    begin, end = played["begin"] + 0.5, played["end"] - 0.5
    inside = [report for report in motion if begin < report["t"] <= end]
    return {
        "latencies_ms": latencies,
        "lost": lost + len(strokes),
        "unfinished": 0,
        "motion_per_s": len(inside) / (end - begin),
        "moved": sum(report["dx"] for report in motion),
        "moves_wanted": _MOVE_X * played["moves"],
        "moves_per_s": played["moves"] / (played["end"] - played["begin"]),
    }


def _type(guest: Guest, count: int) -> Run:
    text = (_SENTENCE * (count // len(_SENTENCE) + 1))[:count]
    command = "minikvmctl type --layout us --rate 0 -"
    run = Run(NAME, "guest", {"load": "text"}, command)
    before = len(guest.recorded())
    said = guest.start(command, text.encode()).wait(600)
    run.status, run.said = said.status, said.err
    if run.good:
        times = [entry["t"] for entry in guest.recorded()[before:] if "keys" in entry]
        typed = target_text.typed(guest, "us", before)
        run.figures = {
            "characters": count,
            "seconds": times[-1] - times[0],
            "errors": sum(one != other for one, other in zip(text, typed)) + abs(len(text) - len(typed)),
        }
    return run
