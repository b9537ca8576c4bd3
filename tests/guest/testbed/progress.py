# SPDX-License-Identifier: MIT
"""Says what is being done, in short lines with the time since the start, on stderr."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_START = time.monotonic()
_LOCK = threading.Lock()


def elapsed() -> float:
    return time.monotonic() - _START


def say(text: str) -> None:
    with _LOCK:
        print(f"[{elapsed():6.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says that something begins, then how long it took."""
    say(f"{what} ...")
    begin = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - begin:.1f} s")
