# SPDX-License-Identifier: MIT
"""Results of a benchmark with all that is needed to judge them, as JSON in build/bench."""

import json
import os
import platform
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from testbed import build_root
from testbed.paths import BUILD, CHECKOUT
from testbed.progress import say
from testbed.releases import Release

FOLDER = BUILD / "bench"


@dataclass
class Run:
    """One program that was measured; a status other than 0 makes its figures void."""

    name: str  # what is compared: "minikvm", "fifo"
    where: str  # "host" or "guest"
    case: dict[str, Any]  # under which circumstances
    command: str
    status: int = 0
    said: str = ""  # on stderr, when it failed
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return self.status == 0


class Record:
    """All runs of one benchmark, with the machine that they ran on."""

    def __init__(self, subject: str, release: Release) -> None:
        self.subject = subject
        self.runs: list[Run] = []
        self.machine = _machine(release)
        self.versions: dict[str, str] = {}

    def add(self, run: Run) -> None:
        self.runs.append(run)
        if not run.good:
            say(f"failed with {run.status}: {run.command}\n{run.said}")

    def find(self, name: str, **case: Any) -> Run | None:
        """The good run of that name whose case has all of these."""
        for run in self.runs:
            same = all(run.case.get(key) == value for key, value in case.items())
            if run.name == name and same and run.good:
                return run
        return None

    def circumstances(self) -> str:
        """One sentence on what it ran on."""
        machine = self.machine
        loads = " and ".join(f"{machine[when][0]:.1f}" for when in ("load_before", "load_after"))
        versions = "".join(f", {name} {version}" for name, version in self.versions.items())
        failed = sum(not run.good for run in self.runs)
        return (f"Measured {machine['date']} at {machine['revision']} on {machine['processor']} "
                f"({machine['processors']} processors), kernel {machine['kernel']}, built for Debian "
                f"{machine['release']}{versions}; load average {loads} (before and after); "
                f"{len(self.runs)} runs, {failed} of them failed.")

    def save(self) -> Path:
        self.machine["load_after"] = os.getloadavg()
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.subject}.json"
        story = {"machine": self.machine, "versions": self.versions,
                 "runs": [asdict(run) for run in self.runs]}
        path.write_text(json.dumps(story, indent=1) + "\n")
        return path


def load(subject: str, release: Release) -> Record:
    """What the last run saved."""
    story = json.loads((FOLDER / f"{subject}.json").read_text())
    record = Record(subject, release)
    record.machine = story["machine"]
    record.versions = story["versions"]
    record.runs = [Run(**run) for run in story["runs"]]
    return record


def run_in_root(release: Release, name: str, case: dict[str, Any], argv: Sequence[str],
                limit_s: float = 900) -> Run:
    """Runs a program in the build root; it prints its figures as one JSON object."""
    run = Run(name, "host", case, shlex.join(argv))
    ended = subprocess.run(build_root.inside(release, argv), capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=limit_s)
    run.status = ended.returncode
    run.said = ended.stderr.strip()
    if run.good:
        run.figures = json.loads(ended.stdout or "{}")
    return run


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * percent // 100) - 1))]


def _machine(release: Release) -> dict[str, Any]:
    processors = [line.split(":", 1)[1].strip()
                  for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")]
    revision = subprocess.run(["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty"],
                              capture_output=True, text=True).stdout.strip()
    return {
        "release": release.number,
        "revision": revision,
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "kernel": platform.release(),
        "processor": processors[0] if processors else "unknown",
        "processors": os.cpu_count(),
        "load_before": os.getloadavg(),
        "load_after": os.getloadavg(),
    }
