# SPDX-License-Identifier: MIT
"""Runs the tests of tests/guest/test_*.py, each class in a process of its own."""

import json
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from .builds import Build
from .paths import CHECKOUT
from .progress import step
from .results import Result, Results
from .shell import Failed

FOLDER = CHECKOUT / "tests/guest"
# For a class: against hanging, so generous; the first one to need a saved state makes it.
_CLASS_S = 600
_TEST_S = 300


def names(word: str, long: bool) -> list[str]:
    """The tests whose name contains the word, as module.Class.method."""
    loader = unittest.TestLoader()
    suite = loader.discover(str(FOLDER))
    found = [name for name in _names_in(suite, long) if word in name]
    if loader.errors:
        raise Failed(str(loader.errors[0]))
    return found


def _names_in(suite: Iterable[unittest.TestSuite | unittest.TestCase], long: bool) -> Iterator[str]:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from _names_in(item, long)
        elif long or not getattr(item, "long", False):
            yield unittest.TestCase.id(item)  # a test may well have an id of its own


def run(builds: list[Build], word: str, jobs: int, results: Results, *, long: bool) -> None:
    classes: dict[str, list[str]] = {}
    for name in names(word, long):
        classes.setdefault(name.rpartition(".")[0], []).append(name)
    work = [(build, tests) for tests in classes.values() for build in builds]
    with step(f"{len(classes)} classes of guest tests on {len(builds)} releases"):
        with ThreadPoolExecutor(jobs) as pool:
            for job in [pool.submit(_run_class, *item, results) for item in work]:
                job.result()


def _run_class(build: Build, tests: list[str], results: Results) -> None:
    """Every test that the process did not report has failed."""
    missing = list(tests)
    with tempfile.TemporaryFile() as log:
        argv = [sys.executable, "-m", "testbed.worker", build.release.number, build.name, *tests]
        worker = subprocess.Popen(
            argv, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log
        )
        assert worker.stdout
        overdue = threading.Timer(_CLASS_S + _TEST_S * len(tests), worker.kill)
        overdue.start()
        try:
            for line in worker.stdout:
                result = Result("guest", build.release.number, **json.loads(line))
                if result.name in missing:
                    missing.remove(result.name)
                results.add(result)
        finally:
            overdue.cancel()
            worker.kill()
            worker.wait()
        log.seek(0)
        said = log.read().decode(errors="replace")
    for name in missing:
        detail = f"the test did not end; its process said:\n{said}"
        results.add(Result("guest", build.release.number, name, False, 0, detail))
