# SPDX-License-Identifier: MIT
"""Runs one command in one guest, for a person at a terminal."""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from . import accelerator, states
from .accelerator import Clock
from .agent_port import Overdue
from .builds import Build
from .machine import Machine
from .paths import OUT
from .progress import say
from .shell import Failed, remove_tree, tail

_FETCH_S = 120


@dataclass(frozen=True)
class Wanted:
    """What guest. Nothing in one that counts instructions comes too late because this machine is busy."""

    sticks: int
    plain: bool
    boot: bool
    clock: Clock = Clock.FAST


def start(build: Build, wanted: Wanted) -> Machine:
    begin = states.booted if wanted.boot else states.restored
    processors = accelerator.chosen(wanted.clock)
    return begin(build, processors, sticks=wanted.sticks, plain=wanted.plain)


def run(guest: Machine, command: str, limit_s: float) -> int:
    """Streams the command's output; its exit status."""
    job = guest.agent.start(f"mkdir -p /out; {command}", b"", _to(sys.stdout), _to(sys.stderr))
    try:
        return job.wait(time.monotonic() + limit_s)
    except Overdue:
        reason = f"the command did not end within {limit_s:.0f} s"
        raise Failed(f"{reason}; the end of the console log:\n{tail(guest.console)}") from None
    except Failed as failure:
        raise Failed(f"{failure}; the end of the console log:\n{tail(guest.console)}") from None


def fetch_out(guest: Machine) -> None:
    """What the command left in /out replaces build/guest/out."""
    archive = io.BytesIO()
    remove_tree(OUT)
    OUT.mkdir(parents=True)
    job = guest.agent.start("tar -C /out -c .", b"", archive.write, lambda data: None)
    if job.wait(time.monotonic() + _FETCH_S) != 0:
        return  # the command removed /out: nothing to bring
    subprocess.run(
        ["tar", "-C", str(OUT), "-x", "--no-same-owner"], input=archive.getvalue(), check=True
    )
    names = sorted(path.name for path in OUT.iterdir())
    if names:
        say(f"{len(names)} from /out in {OUT}: {' '.join(names)[:70]}")


def _to(stream: TextIO) -> Callable[[bytes], None]:
    def write(data: bytes) -> None:
        stream.buffer.write(data)
        stream.buffer.flush()

    return write
