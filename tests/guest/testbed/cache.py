# SPDX-License-Identifier: MIT
"""Folders that are made once for given inputs, whole or not at all."""

import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .progress import say
from .shell import remove_tree


@contextmanager
def locked(path: Path, waiting_for: str) -> Iterator[None]:
    """Holds a lock file; several ./dev at the same time take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another ./dev: {waiting_for}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key_of(*parts: str | Path) -> str:
    """A short name for inputs: the texts given, plus the contents of the files given."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def files_below(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def is_current(folder: Path, key: str) -> bool:
    try:
        return (folder / "key").read_text() == key
    except FileNotFoundError:
        return False


def cached(folder: Path, key: str, what: str, make: Callable[[Path], None]) -> Path:
    """The folder with what make() put there for this key; made now if it is not there yet.

    make() works beside it; the name is given by a rename, so that an interrupted run leaves nothing
    that could be mistaken for a whole one.
    """
    if is_current(folder, key):
        return folder
    with locked(folder.with_name(folder.name + ".lock"), what):
        if is_current(folder, key):
            return folder
        fresh = folder.with_name(folder.name + ".new")
        old = folder.with_name(folder.name + ".old")
        remove_tree(fresh)
        remove_tree(old)
        fresh.mkdir(parents=True)
        make(fresh)
        (fresh / "key").write_text(key)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        remove_tree(old)
    return folder
