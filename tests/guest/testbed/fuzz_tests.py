# SPDX-License-Identifier: MIT
"""Runs the libFuzzer targets, each for a while, from what earlier runs found worth keeping."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import build_root, product, releases
from .paths import BUILD
from .progress import step
from .results import Result, Results

RELEASE = releases.CHECKS  # the only one whose clang is in the lists of packages
_FOUND = BUILD / "fuzz"


def run(word: str, seconds: int, results: Results) -> None:
    folder = product.build(RELEASE, "fuzz", "fuzz", build_root.FUZZING)
    programs = sorted(path for path in (folder / "tests/fuzz").glob("fuzz_*") if path.is_file())
    chosen = [program for program in programs if word in program.name]
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
    ended = subprocess.run(build_root.inside(RELEASE, argv, build_root.FUZZING),
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    # The end has the finding with its stack, and where the input that caused it was put.
    detail = "" if ended.returncode == 0 else "\n".join(ended.stderr.splitlines()[-60:])
    return Result("fuzz", RELEASE.number, program.name, ended.returncode == 0,
                  time.monotonic() - begin, detail)
