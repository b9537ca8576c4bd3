# SPDX-License-Identifier: MIT
"""Runs the tests of tests/guest/test_*.py, each class in a process of its own."""

import json
import subprocess
import sys
import tempfile
import threading
import unittest
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .builds import Build
from .paths import CHECKOUT
from .progress import step
from .results import Result, Results
from .shell import Failed

FOLDER = CHECKOUT / "tests/guest"
# For a class: against hanging, so generous; the first one to need a saved state makes it. The longest
# test takes half an hour of a processor, and three guests may share two.
_CLASS_S = 600
_TEST_S = 300
_LONG_TEST_S = 3600
# More failures than this are no accident, and none of them is looked at twice.
_MOST_RUN_AGAIN = 2


@dataclass(frozen=True)
class Chosen:
    """Which tests: those with one of the words in their name; those that take their time if asked for."""

    words: tuple[str, ...] = ()
    long: bool = False
    slow: bool = False

    def takes(self, test: unittest.TestCase) -> bool:
        name = unittest.TestCase.id(test)  # a test may well have an id of its own
        return ((not self.words or any(word in name for word in self.words))
                and (self.long or not getattr(test, "long", False))
                and (self.slow or not getattr(test, "slow", False)))

    def spare(self, test: unittest.TestCase) -> bool:
        """Whether one release is enough for it, since nobody asked for this test or for all there is."""
        return not self.words and not self.long and getattr(test, "either", False)


def _chosen(tests: Chosen) -> list[unittest.TestCase]:
    loader = unittest.TestLoader()
    suite = loader.discover(str(FOLDER))
    found = [test for test in _in(suite) if tests.takes(test)]
    if loader.errors:
        raise Failed(str(loader.errors[0]))
    return found


def _in(suite: Iterable[unittest.TestSuite | unittest.TestCase]) -> Iterator[unittest.TestCase]:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from _in(item)
        else:
            yield item


def images(tests: Chosen) -> set[str]:
    """What these tests' guests have beside the ordinary packages: the names of lists of them."""
    return {getattr(test, "extra", "") for test in _chosen(tests)}


def run(builds: list[Build], tests: Chosen, jobs: int, results: Results) -> None:
    classes: dict[str, list[unittest.TestCase]] = {}
    for test in _chosen(tests):
        classes.setdefault(unittest.TestCase.id(test).rpartition(".")[0], []).append(test)
    work = [(build, list(map(unittest.TestCase.id, methods)), _limit_s(methods))
            for name, methods in classes.items()
            for build in (_either(builds, name) if tests.spare(methods[0]) else builds)]
    with step(f"{len(classes)} classes of guest tests on {len(builds)} releases"):
        with ThreadPoolExecutor(jobs) as pool:
            for job in [pool.submit(_run_class, *item, results) for item in work]:
                job.result()


def _limit_s(tests: list[unittest.TestCase]) -> float:
    return _CLASS_S + sum(
        _LONG_TEST_S if getattr(test, "long", False) or getattr(test, "slow", False) else _TEST_S
        for test in tests)


def _either(builds: list[Build], name: str) -> list[Build]:
    """One of them, the same in every run; about as many classes have the one as the other."""
    return [builds[zlib.crc32(name.encode()) % len(builds)]]


def run_failed_again(builds: list[Build], results: Results) -> None:
    """Tells a test that always fails from an unsteady one, which the summary names; a few at most."""
    failures = results.failed("guest")
    if not 0 < len(failures) <= _MOST_RUN_AGAIN:
        return
    for failure in failures:
        [build] = [build for build in builds if build.release.number == failure.release]
        with step(f"{failure} once more, alone"):
            [again] = _results_of_class(build, [failure.name], _CLASS_S + _LONG_TEST_S)
            results.replace(failure, again)


def _run_class(build: Build, tests: list[str], limit_s: float, results: Results) -> None:
    for result in _results_of_class(build, tests, limit_s):
        results.add(result)


def _results_of_class(build: Build, tests: list[str], limit_s: float) -> Iterator[Result]:
    """As they come; every test that the process did not report has failed."""
    missing = list(tests)
    with tempfile.TemporaryFile() as log:
        argv = [sys.executable, "-m", "testbed.worker", build.release.number, build.name, *tests]
        worker = subprocess.Popen(
            argv, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log
        )
        assert worker.stdout
        overdue = threading.Timer(limit_s, worker.kill)
        overdue.start()
        try:
            for line in worker.stdout:
                result = Result("guest", build.release.number, **json.loads(line))
                if result.name in missing:
                    missing.remove(result.name)
                yield result
        finally:
            overdue.cancel()
            worker.kill()
            worker.wait()
        log.seek(0)
        said = log.read().decode(errors="replace")
    for name in missing:
        detail = f"the test did not end; its process said:\n{said}"
        yield Result("guest", build.release.number, name, False, 0, detail)
