# SPDX-License-Identifier: MIT
"""Chooses between hardware virtualisation and software emulation, by trying."""

import os
import subprocess
import tempfile
from pathlib import Path

from . import image, qemu
from .cache import key_of
from .paths import GUEST
from .progress import say
from .releases import DEFAULT

EMULATION = "tcg,thread=multi"
_HARDWARE = "kvm"
_DEVICE = Path("/dev/kvm")
_PROBE_S = 15


def chosen() -> str:
    """`kvm` only if a kernel has been seen to run with it: the device may exist and not work."""
    if not os.access(_DEVICE, os.R_OK | os.W_OK):
        return EMULATION
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()
    answer = GUEST / "accelerator"
    key = key_of(boot, " ".join(qemu.command()))
    if answer.exists():
        known, accelerator = answer.read_text().split("\n")
        if known == key:
            return accelerator
    accelerator = _HARDWARE if _hardware_works() else EMULATION
    say(f"guests will run with {accelerator}, which was tried")
    fresh = answer.with_suffix(f".{os.getpid()}")
    fresh.write_text(f"{key}\n{accelerator}")
    fresh.rename(answer)
    return accelerator


def _hardware_works() -> bool:
    argv = [*qemu.command(), "-M", "pc", "-accel", _HARDWARE, "-cpu", "max", "-smp", "2"]
    argv += ["-m", "512M", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
    argv += ["-kernel", str(image.prepare(DEFAULT) / "vmlinuz")]
    argv += ["-initrd", str(image.initrd(DEFAULT)), "-append", "console=ttyS0 minikvm.probe"]
    with tempfile.TemporaryFile(dir=GUEST) as console:
        argv += ["-serial", "stdio"]
        try:
            subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=console,
                           stderr=subprocess.DEVNULL, timeout=_PROBE_S, check=False)
        except subprocess.TimeoutExpired:
            return False
        console.seek(0)
        return b"probe: this kernel runs" in console.read()
