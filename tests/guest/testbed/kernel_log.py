# SPDX-License-Identifier: MIT
"""Finds what the kernel of a guest complained about, less what is known and explained."""

import re
from collections.abc import Iterable
from pathlib import Path

from .paths import CHECKOUT

ALLOWED = CHECKOUT / "tests/data/kernel-allowed.txt"
# Everything since the boot, also of a restored guest: it is in the state's journal.
COMMAND = "journalctl --sync; journalctl -k -b -p warning -o short-monotonic --no-pager -q"
_LINE = re.compile(r"^\[ *[\d.]+\] \S+ (?P<message>.*)$")


def read_allowed(path: Path = ALLOWED) -> list[re.Pattern[str]]:
    """Each line is a regular expression, then ` # ` with the message's cause."""
    allowed = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        pattern, mark, cause = line.rpartition(" # ")
        if not mark or not cause.strip():
            raise ValueError(f"{path}:{number}: no ` # cause` behind the expression")
        allowed.append(re.compile(pattern.strip()))
    return allowed


def complaints(journal: str, allowed: Iterable[re.Pattern[str]]) -> list[str]:
    patterns = list(allowed)
    found = []
    for line in journal.splitlines():
        match = _LINE.match(line)
        message = match["message"] if match else line.strip()
        if not any(pattern.search(message) for pattern in patterns):
            found.append(line)
    return found
