# SPDX-License-Identifier: MIT
"""Saved guests: restoring one takes a second, booting one takes ten."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from . import image, kernel, machine, qemu, qmp
from .accelerator import Accelerator
from .builds import Build
from .cache import cached, key_of
from .machine import Machine
from .paths import GUEST
from .progress import step
from .releases import Release

# Limits against hanging, not figures: a loaded machine may take its time.
_BOOT_S = 240
_ANSWER_S = 60
_INSTALL_S = 240
_PLUG_S = 240
_SCRIPTS = "/usr/lib/minikvm-guest"
_STARTED_OFTEN = (
    "bash -c 'ls | grep . | tr a b | awk 1 | tail -n1; sleep 0; timeout 1 readlink -f .'; minikvmctl list; "
    "minikvm-sim ctl --stick 0 status; systemctl show -P MainPID systemd-udevd; journalctl --sync; "
    "journalctl -b -n 1; v4l2-ctl --help; "
    "/usr/bin/python3 -c 'import argparse, fcntl, json, mmap, select, signal, struct'"
)
_MOUNT_BUILD = (
    "mkdir -p /build; for try in $(seq 100); do "
    "disk=$(grep -ls '^build$' /sys/block/vd*/serial) && break; sleep 0.05; done; "
    'mount -t erofs -o ro "/dev/$(basename "$(dirname "$disk")")" /build'
)


def restored(build: Build, accelerator: Accelerator, *, sticks: int, plain: bool) -> Machine:
    """A guest from a saved state, running; the state is made first if this build has none yet."""
    if plain:
        return _restored_plain(build, accelerator)
    state = _prepared_state(build, accelerator, sticks)
    guest = Machine(build.release, accelerator, state=state, build_disk=build.disk)
    try:
        guest.agent.set_clock(time.monotonic() + _ANSWER_S)
        # Pictures of two runs from one state must be told apart.
        nonces = "; ".join(
            f"minikvm-sim ctl --stick {stick} nonce {secrets.token_hex(4)} >/dev/null 2>&1"
            for stick in range(sticks)
        )
        guest.run_quietly(f"{nonces or ':'}; true", "fresh nonces", _ANSWER_S)
    except BaseException:
        guest.close(keep=True)
        raise
    return guest


def booted(build: Build, accelerator: Accelerator, *, sticks: int, plain: bool) -> Machine:
    """A guest that has gone through its whole boot just now."""
    words = "" if plain else "minikvm.install"
    guest = Machine(build.release, accelerator, build_disk=build.disk, kernel_words=words)
    try:
        _await_boot(guest)
        if plain:
            guest.run_quietly(_MOUNT_BUILD, "mounting the build", _ANSWER_S)
        else:
            guest.run_quietly(f"{_SCRIPTS}/plug-sticks {sticks}", "plugging sticks", _PLUG_S)
    except BaseException:
        guest.close(keep=True)
        raise
    return guest


def _restored_plain(build: Build, accelerator: Accelerator) -> Machine:
    guest = Machine(build.release, accelerator, state=_base_state(build.release, accelerator))
    try:
        guest.agent.set_clock(time.monotonic() + _ANSWER_S)
        guest.plug_build_disk(build.disk)
        guest.run_quietly(_MOUNT_BUILD, "mounting the build", _ANSWER_S)
    except BaseException:
        guest.close(keep=True)
        raise
    return guest


def _await_boot(guest: Machine) -> None:
    guest.agent.await_hello(time.monotonic() + _BOOT_S)
    # The agent is there before the last service; a service that failed is an error of ours.
    guest.run_quietly(
        "systemctl is-system-running --wait || { systemctl --failed --no-pager; false; }",
        "the guest's boot", _BOOT_S,
    )


def _install(guest: Machine, sticks: int) -> None:
    guest.run_quietly(f"{_SCRIPTS}/install-build", "installing the build", _INSTALL_S)
    guest.run_quietly(f"{_SCRIPTS}/plug-sticks {sticks}", "plugging sticks", _PLUG_S)


def _save(guest: Machine, folder: Path, prepare: Callable[[], None]) -> None:
    keep = True
    try:
        prepare()
        # What was read from the disk would only make the state larger; but what nearly every test starts
        # is unpacked once here, and not in each of them.
        command = ("udevadm settle && sync && echo 3 >/proc/sys/vm/drop_caches && "
                   f"{{ {{ {_STARTED_OFTEN}; }} >/dev/null 2>&1 || true; }}")
        guest.run_quietly(command, "settling", _ANSWER_S)
        guest.qmp.save_state(str(folder / "state"))
        keep = False
    finally:
        guest.close(keep)


def _base_key(release: Release, accelerator: Accelerator) -> str:
    image.initrd(release)
    kernel.prepare(release)
    qemu.prepare()
    folders = (release.named("image"), release.named("initrd"), release.named("kernel"))
    inputs = [GUEST / release.number / name / "key" for name in folders]
    makers = [Path(machine.__file__), Path(qmp.__file__), Path(__file__)]
    return key_of(accelerator.key, *makers, GUEST / "qemu/key", *inputs)


def _base_state(release: Release, accelerator: Accelerator) -> Path:
    """Booted, nothing installed, nothing plugged."""

    def make(folder: Path) -> None:
        with step(f"first boot of {release}"):
            guest = Machine(release, accelerator)
            _save(guest, folder, lambda: _await_boot(guest))

    what = f"first boot of {release}"
    folder = GUEST / release.number / release.named(f"base-{accelerator.name}")
    return cached(folder, _base_key(release, accelerator), what, make) / "state"


def _prepared_state(build: Build, accelerator: Accelerator, sticks: int) -> Path:
    """This build installed, sticks plugged and ready."""

    def make(folder: Path) -> None:
        with step(f"installing this build in {build.release}, plugging {sticks}"):
            guest = _restored_plain(build, accelerator)
            _save(guest, folder, lambda: _install(guest, sticks))

    key = key_of(_base_key(build.release, accelerator), str(sticks))
    what = f"a guest with this build and {sticks} sticks"
    folder = build.folder / build.release.named(f"sticks-{sticks}-{accelerator.name}")
    return cached(folder, key, what, make) / "state"
