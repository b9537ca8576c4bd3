# SPDX-License-Identifier: MIT
"""The files of the checkout that people wrote, by kind."""

import subprocess
from pathlib import Path

from .paths import CHECKOUT


def everything() -> list[Path]:
    """Tracked files, plus new ones that git would not ignore."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    paths = (CHECKOUT / name for name in sorted(set(names.stdout.split("\0"))) if name)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def text(paths: list[Path]) -> list[Path]:
    return [path for path in paths if b"\0" not in path.read_bytes()[:8192]]


def with_suffix(paths: list[Path], *suffixes: str) -> list[Path]:
    return [path for path in paths if path.suffix in suffixes]


def for_interpreter(paths: list[Path], *words: str) -> list[Path]:
    """Scripts whose first line names one of these interpreters."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            first = file.readline(80).decode(errors="replace").split()
        if first and first[0].startswith("#!") and first[0].rsplit("/", 1)[-1] in words:
            found.append(path)
    return found


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(CHECKOUT)) for path in paths]
