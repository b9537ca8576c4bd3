# SPDX-License-Identifier: MIT
"""Runs the C++ tests of one label with ctest, in a build root."""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import build_root, product
from .progress import step
from .releases import Release
from .results import Result, Results
from .shell import Failed


def run(
    kind: str, release: Release, preset: str, words: list[str], results: Results, *, long: bool = False
) -> None:
    folder = product.folder(release, preset)
    report = folder / f"tests-{kind}.xml"
    report.unlink(missing_ok=True)
    labels = f"^{kind}(-long)?$" if long else f"^{kind}$"
    argv = ["ctest", "--test-dir", str(folder), "--label-regex", labels, "--quiet"]
    argv += ["--output-junit", str(report), "--timeout", "120", "--parallel", str(os.cpu_count())]
    # A test may be picked by a word; then none in this kind is not an error.
    argv += ["--tests-regex", "|".join(map(re.escape, words))] if words else ["--no-tests=error"]
    with step(f"{kind} tests on {release}, preset {preset}"):
        subprocess.run(build_root.inside(release, argv), stdin=subprocess.DEVNULL, check=False)
    if not report.exists():
        if words:
            return
        raise Failed(f"ctest ran no {kind} tests on {release}")
    for result in _read(report, kind, release):
        results.add(result)


def _read(report: Path, kind: str, release: Release) -> list[Result]:
    found = []
    for case in ElementTree.parse(report).iter("testcase"):
        passed = case.get("status") == "run"
        output = case.findtext("system-out") or ""
        detail = "" if passed else f"status: {case.get('status')}\n{output}"
        seconds = float(case.get("time") or 0)
        name = case.get("name") or "?"
        found.append(Result(kind, release.number, name, passed, seconds, detail))
    return found
