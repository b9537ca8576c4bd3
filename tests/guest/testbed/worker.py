# SPDX-License-Identifier: MIT
"""Runs one class of guest tests on one release, in a process of its own.

Started by guest_tests.py, which reads one JSON line per finished test from stdout. A process of its own
since the kernel ends a QEMU with the thread that started it, and since a test may leave anything behind.
"""

import json
import sys
import time
import traceback
import unittest

from . import main_wrapper, releases
from .builds import Build
from .case import GuestCase


class _Reporter(unittest.TestResult):
    """Tells each test's outcome at once, when all its clean-ups have run."""

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._begin = time.monotonic()
        self._details: list[str] = []

    def addError(self, test, err) -> None:  # type: ignore[no-untyped-def]
        self._details.append("".join(traceback.format_exception(*err)))
        if isinstance(test, GuestCase) and len(self._details) == 1:
            self._details.append(test.story())

    addFailure = addError

    def addSubTest(self, test, subtest, err) -> None:  # type: ignore[no-untyped-def]
        if err is not None:
            self._details.append(f"{subtest}\n" + "".join(traceback.format_exception(*err)))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self._details.append(f"skipped, and a skip is a failure: {reason}")

    def addExpectedFailure(self, test, err) -> None:  # type: ignore[no-untyped-def]
        self._details.append("an expected failure is a failure")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._details.append("it succeeds, and was expected not to")

    def stopTest(self, test: unittest.TestCase) -> None:
        remarks: list[str] = getattr(test, "remarks", [])
        entry = {
            "name": unittest.TestCase.id(test),
            "passed": not self._details,
            "seconds": time.monotonic() - self._begin,
            "detail": "\n".join([*self._details, *remarks]),
        }
        print(json.dumps(entry), flush=True)
        super().stopTest(test)


def main() -> int:
    release, build, *names = sys.argv[1:]
    GuestCase.build = Build(releases.RELEASES[release], build)
    unittest.defaultTestLoader.loadTestsFromNames(names).run(_Reporter())
    return 0


if __name__ == "__main__":
    main_wrapper.run(main)
