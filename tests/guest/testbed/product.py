# SPDX-License-Identifier: MIT
"""Compiles this checkout in a build root, then stages what a package of it would contain."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import build_root
from .cache import files_below, is_current, key_of, locked
from .paths import CHECKOUT, CMAKE, LOGS
from .progress import step
from .releases import Release
from .shell import Failed, remove_tree, run_logged

PRESETS = ("debug", "release", "asan", "tsan")


def folder(release: Release, preset: str) -> Path:
    return CMAKE / release.number / preset


def build(release: Release, preset: str, what: str = "all") -> Path:
    """Compiles; the compiler's output goes to the terminal, since somebody wants to read it.

    `programs` leaves the tests out, which take the longest.
    """
    target = folder(release, preset)
    # A warning stops a machine that checks changes, not a person in the middle of one.
    strict = "-DMINIKVM_WERROR=" + ("ON" if "CI" in os.environ else "OFF")
    root = str(build_root.prepare(release))
    configured = key_of(CHECKOUT / "CMakePresets.json", root, strict)
    commands = f"cmake --build {target} --target {what}"
    # A changed CMakeLists.txt is noticed by the build itself, changed presets are not.
    if not is_current(target, configured):
        commands = f"cmake --preset {preset} -S . -B {target} {strict} && {commands}"
    with locked(target.with_suffix(".lock"), f"build of {release}, {preset}"):
        with step(f"build for {release}, preset {preset}"):
            argv = build_root.inside(release, ["/bin/sh", "-c", f"({commands}) 1>&2"])
            if subprocess.run(argv, stdin=subprocess.DEVNULL).returncode != 0:
                raise Failed(f"the build for {release}, preset {preset}, failed; see above")
        (target / "key").write_text(configured)
    return target


@contextmanager
def staged(release: Release, preset: str) -> Iterator[Path]:
    """A tree with the files as `cmake --install` puts them below /, the caller's own for a while."""
    target = folder(release, preset)
    tree = Path(tempfile.mkdtemp(prefix=f"{preset}.stage-", dir=target.parent))
    tree.chmod(0o755)
    try:
        with locked(target.with_suffix(".lock"), f"installation of {release}, {preset}"):
            strip = ["--strip"] if preset == "release" else []
            argv = ["env", f"DESTDIR={tree}", "cmake", "--install", str(target), "--prefix", "/usr"]
            log = LOGS / f"install-{release.number}-{preset}.log"
            run_logged(build_root.inside(release, [*argv, *strip]), log, f"staging for {release}")
        yield tree
    finally:
        remove_tree(tree)


def fingerprint(tree: Path) -> str:
    """The same for the same files with the same contents and modes."""
    parts: list[str | Path] = []
    for path in files_below(tree):
        parts.append(f"{path.relative_to(tree)} {path.lstat().st_mode:o}")
        parts.append(str(path.readlink()) if path.is_symlink() else path)
    return key_of(*parts)
