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

    def add(self, result: Result) -> None:
        self._all.append(result)
        if result.passed and result.kind != "guest":
            return  # hundreds of them, each in milliseconds
        word = "passed" if result.passed else "FAILED"
        say(f"{word} {result} ({result.seconds:.1f} s)")
        if result.detail:
            print(result.detail, flush=True)

    def finish(self) -> int:
        """Prints the failures again, then the counts; the exit status."""
        failed = [result for result in self._all if not result.passed]
        for result in failed:
            print(f"failed: {result}")
        print(f"{len(self._all) - len(failed)} passed, {len(failed)} failed", flush=True)
        return 0 if self._all and not failed else 1
