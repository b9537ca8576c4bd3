# SPDX-License-Identifier: MIT
"""Builds of this checkout as disks for guests, each kept for as long as somebody uses it."""

import fcntl
import shutil
from dataclasses import replace
from pathlib import Path

from . import product
from .cache import locked
from .paths import GUEST, LOGS
from .releases import Release
from .shell import Failed, run_logged


_DISK_STEP_BYTES = 1 << 20


class Build:
    """One build of this checkout, as the disk that guests get it on; kept while it is in use."""

    def __init__(self, release: Release, name: str) -> None:
        self.release = release
        self.name = name
        self.folder = _builds(release) / name
        self.disk = self.folder / "build.erofs"
        # Shared by all users of this build; who removes old builds takes it alone.
        self._lock = self.folder.with_suffix(".used").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        if not self.disk.exists():
            raise Failed(f"the build {name} for {release} is gone; start again")

    def for_guests_with(self, extra: str) -> "Build":
        """The same build, for guests that have the packages of image-EXTRA.txt besides."""
        return Build(replace(self.release, extra=extra), self.name) if extra else self


def _builds(release: Release) -> Path:
    return GUEST / release.number / "builds"


def wanted(release: Release, preset: str, no_build: bool) -> Build:
    """The build that was made last, or that of the checkout as it is, kept under its files' hash."""
    if no_build:
        return _latest(release)
    product.build(release, preset, "programs")
    with product.staged(release, preset) as tree:
        return _keep(release, tree)


def _keep(release: Release, tree: Path) -> Build:
    name = product.fingerprint(tree)
    builds = _builds(release)
    builds.mkdir(parents=True, exist_ok=True)
    with locked(builds / "lock", "a build's disk"):
        if not (builds / name / "build.erofs").exists():
            fresh = builds / f"{name}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            argv = ["mkfs.erofs", "--all-root", "-T0", f"{fresh}/build.erofs", str(tree)]
            run_logged(argv, LOGS / "build-disk.log", "disk with the build")
            # The kernel looks for partition tables in places that a tiny disk does not have.
            with (fresh / "build.erofs").open("ab") as disk:
                disk.truncate(-(-disk.tell() // _DISK_STEP_BYTES) * _DISK_STEP_BYTES)
            fresh.rename(builds / name)
        build = Build(release, name)
        (builds / "latest").write_text(name)
        _remove_others(builds, name)
    return build


def _latest(release: Release) -> Build:
    try:
        name = (_builds(release) / "latest").read_text()
    except FileNotFoundError:
        raise Failed(f"there is no build for {release} yet") from None
    return Build(release, name)


def _remove_others(builds: Path, name: str) -> None:
    for lock in builds.glob("*.used"):
        if lock.stem == name:
            continue
        with lock.open("w") as used:
            try:
                fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
