# SPDX-License-Identifier: MIT
"""Runs programs of the host, with their output in a log that is shown when they fail."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .progress import say

_STILL_AT_IT_S = 15
_TAIL_LINES = 30


class Failed(Exception):
    """Something outside this program went wrong; the text says what, for a person."""


def as_root(argv: Sequence[str]) -> list[str]:
    return list(argv) if os.geteuid() == 0 else ["sudo", *argv]


def tail(log: Path, lines: int = _TAIL_LINES) -> str:
    try:
        text = log.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return "(nothing)"
    return "\n".join(text.splitlines()[-lines:]) or "(nothing)"


def run_logged(argv: Sequence[str], log: Path, what: str) -> None:
    """Runs argv to its end; says now and then that it is still at it, since builds take minutes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        while True:
            try:
                status = process.wait(_STILL_AT_IT_S)
                break
            except subprocess.TimeoutExpired:
                say(f"{what}: still at it: {tail(log, 1)[:90]}")
            except BaseException:
                process.terminate()
                raise
    if status != 0:
        raise Failed(f"{what}: {argv[0]} ended with {status}; the end of {log}:\n{tail(log)}")


def remove_tree(path: Path) -> None:
    """Removes a tree that may belong to root, never reaching into anything mounted below it."""
    if not path.exists():
        return
    owned = path.stat().st_uid == os.geteuid()
    argv = ["rm", "-rf", "--one-file-system", str(path)]
    if subprocess.run(argv, stderr=subprocess.DEVNULL).returncode != 0 or not owned:
        subprocess.run(as_root(argv), check=True)
