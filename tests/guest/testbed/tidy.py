# SPDX-License-Identifier: MIT
"""Runs clang-tidy on every source file that changed since it was last found clean."""

import json
import os
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import build_root, product, releases
from .cache import key_of
from .paths import BUILD, CHECKOUT
from .progress import say

_CLEAN = BUILD / "check/tidy"
# clang cannot read the headers that g++ precompiled.
_PRECOMPILED = re.compile(r" -Winvalid-pch -include \S+/cmake_pch\.hxx")
# Each file by itself, which shows what it forgets to include.
_PRESET = "debug"
_SAY_EVERY = 10


def complaints() -> list[str]:
    """What it says, one text a file; a file's key covers every header of ours that it includes."""
    release = releases.CHECKS
    folder = product.build(release, _PRESET)
    commands = json.loads(_PRECOMPILED.sub("", (folder / "compile_commands.json").read_text()))
    # Not the headers that were precompiled themselves.
    commands = [entry for entry in commands if not entry["file"].endswith("/cmake_pch.hxx.cxx")]
    headers = _dependencies(release, folder)
    rules = CHECKOUT / ".clang-tidy"
    root_key = (build_root.prepare(release).parent / "key").read_text()

    wanted: dict[str, str] = {}
    for entry in commands:
        own = sorted(headers.get(_object_of(entry["command"]), set()) | {Path(entry["file"])})
        key = key_of(root_key, rules, entry["command"], *own)
        wanted[key] = entry["file"]
    _CLEAN.mkdir(parents=True, exist_ok=True)
    (_CLEAN.parent / "compile_commands.json").write_text(json.dumps(commands))
    changed = {key: file for key, file in wanted.items() if not (_CLEAN / key).exists()}
    say(f"clang-tidy: {len(changed)} of {len(wanted)} files changed since they were clean")

    def tidy(file: str) -> str:
        argv = ["clang-tidy", "--quiet", "-p", str(_CLEAN.parent), file]
        result = subprocess.run(build_root.inside(release, argv), capture_output=True, text=True)
        return "" if result.returncode == 0 else result.stdout or result.stderr

    found: list[str] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (key, said) in enumerate(zip(changed, pool.map(tidy, changed.values())), 1):
            if number % _SAY_EVERY == 0:
                say(f"clang-tidy: {number} of {len(changed)} done, {len(found)} complaints")
            if said:
                found.append(said)
            else:
                (_CLEAN / key).touch()
    for old in _CLEAN.iterdir():
        if old.name not in wanted:
            old.unlink()
    return found


def _object_of(command: str) -> str:
    words = shlex.split(command)
    return words[words.index("-o") + 1]


def _dependencies(release: releases.Release, folder: Path) -> dict[str, set[Path]]:
    """Object file -> the files of the checkout that went into it, as ninja learned them."""
    argv = build_root.inside(release, ["ninja", "-C", str(folder), "-t", "deps"])
    answer = subprocess.run(argv, capture_output=True, text=True, check=True)
    headers: dict[str, set[Path]] = {}
    current: set[Path] = set()
    for line in answer.stdout.splitlines():
        if line and not line.startswith(" "):
            current = headers.setdefault(line.split(":")[0], set())
        elif line:
            path = Path(os.path.normpath(folder / line.strip()))
            if path.is_relative_to(CHECKOUT) and path.exists():
                current.add(path)
    return headers
