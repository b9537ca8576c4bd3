# SPDX-License-Identifier: MIT
"""Runs the libFuzzer targets, each for a while, from what earlier runs found worth keeping."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import build_root, product, releases
from .paths import BUILD, CHECKOUT
from .progress import step
from .results import Result, Results

RELEASE = releases.CHECKS  # the only one whose clang is in the lists of packages
_SOURCES = CHECKOUT / "tests/fuzz"
_FOUND = BUILD / "fuzz"
_COUNT = "number_of_executed_units"


def run(words: list[str], seconds: int, results: Results) -> None:
    names = [f"fuzz_{path.stem.removesuffix('_fuzz')}" for path in sorted(_SOURCES.glob("*_fuzz.cpp"))]
    wanted = [name for name in names if not words or any(word in name for word in words)]
    if not wanted:
        return  # a test was picked by a word
    folder = product.build(RELEASE, "fuzz", "fuzz")
    chosen = [folder / "tests/fuzz" / name for name in wanted]
    with step(f"{len(chosen)} fuzz targets, {seconds} s each"):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for result in pool.map(lambda program: _fuzz(program, seconds), chosen):
                results.add(result)


def _fuzz(program: Path, seconds: int) -> Result:
    corpus = _FOUND / program.name
    corpus.mkdir(parents=True, exist_ok=True)
    argv = [str(program), f"-max_total_time={seconds}", "-print_final_stats=1",
            f"-artifact_prefix={_FOUND}/{program.name}-", str(corpus)]
    begin = time.monotonic()
    ended = subprocess.run(build_root.inside(RELEASE, argv),
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ended.returncode == 0:
        detail = "\n".join(line for line in ended.stderr.splitlines() if _COUNT in line)
    else:
        # The end has the finding with its stack, and where the input that caused it was put.
        detail = "\n".join(ended.stderr.splitlines()[-60:])
    return Result("fuzz", RELEASE.number, program.name, ended.returncode == 0,
                  time.monotonic() - begin, detail)
