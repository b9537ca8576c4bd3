# SPDX-License-Identifier: MIT
"""What came of each test, shown as it comes, summed up at the end."""

from dataclasses import dataclass

from .progress import say


@dataclass(frozen=True)
class Result:
    """One test on one release; a skip is a failure, since everything a test needs is here."""

    kind: str
    release: str
    name: str
    passed: bool
    seconds: float
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.release} {self.name}"


class Results:
    def __init__(self) -> None:
        self._all: list[Result] = []
        self._unsteady: list[Result] = []

    def add(self, result: Result) -> None:
        self._all.append(result)
        if result.passed and result.kind in ("unit", "os"):
            return  # hundreds of them, each in milliseconds
        word = "passed" if result.passed else "FAILED"
        say(f"{word} {result} ({result.seconds:.1f} s)")
        if result.detail:
            print(result.detail, flush=True)

    def failed(self, kind: str) -> list[Result]:
        return [result for result in self._all if result.kind == kind and not result.passed]

    def replace(self, failure: Result, again: Result) -> None:
        """What came of a test that failed, when it was run again."""
        self._all.remove(failure)
        self.add(again)
        if again.passed:
            self._unsteady.append(failure)

    def finish(self) -> int:
        """Prints the failures and the unsteady again, then the counts; the exit status."""
        failed = [result for result in self._all if not result.passed]
        for result in self._unsteady:
            print(f"unsteady: {result}: it failed, and passed when it was run again")
        for result in failed:
            print(f"failed: {result}")
        unsteady = f", {len(self._unsteady)} of them unsteady" if self._unsteady else ""
        print(f"{len(self._all) - len(failed)} passed{unsteady}, {len(failed)} failed", flush=True)
        return 0 if self._all and not failed else 1
