# SPDX-License-Identifier: MIT
"""How a guest's processors are made: by hardware, found by trying, or by one of two emulations."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import image, qemu
from .cache import key_of
from .paths import GUEST
from .progress import say
from .releases import DEFAULT


@dataclass(frozen=True)
class Accelerator:
    """Shape:   name stands in file names and keys, argv is what QEMU is told."""

    name: str
    argv: tuple[str, ...]


_HARDWARE = Accelerator("kvm", ("-accel", "kvm", "-smp", "2", "-cpu", "max,svm=off"))
# "rep movsb" and "rep stosb" are the fastest way to fill memory on processors that say so, and the slowest
# in emulation: byte by byte, with a search for the translated code after each where instructions are
# counted. Without what says so, kernel and C library fill by words. What keeps the kernel from user space,
# and a fifth level of page tables, cost a little each and change nothing that is tested.
_EMULATED_CPU = ",".join([
    "max", "svm=off", "erms=off", "fsrm=off", "fsrs=off", "fzrm=off", "fsrc=off",
    "smap=off", "smep=off", "pku=off", "la57=off",
])
# As fast as it can be made here: for people, and for measuring.
_EMULATION = Accelerator("tcg", ("-accel", "tcg,thread=multi", "-smp", "2", "-cpu", _EMULATED_CPU))
# The guest's clock counts instructions, two nanoseconds each, and follows ours only while the guest
# rests. However little of this machine a guest gets, nothing in it comes too late: for tests.
_COUNTED = Accelerator(
    "counted",
    ("-accel", "tcg,thread=single", "-icount", "shift=1,sleep=on", "-smp", "1", "-cpu", _EMULATED_CPU),
)
_DEVICE = Path("/dev/kvm")
_PROBE_S = 15


def chosen(*, counted: bool) -> Accelerator:
    """Hardware only if a kernel has been seen to run with it: the device may exist and not work."""
    emulation = _COUNTED if counted else _EMULATION
    if not os.access(_DEVICE, os.R_OK | os.W_OK):
        return emulation
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()
    answer = GUEST / "accelerator"
    key = key_of(boot, " ".join(qemu.command()))
    if answer.exists():
        known, works = answer.read_text().split("\n")
        if known == key:
            return _HARDWARE if works == "works" else emulation
    works = "works" if _hardware_works() else "does not work"
    say(f"hardware virtualisation was tried: it {works}")
    fresh = answer.with_suffix(f".{os.getpid()}")
    fresh.write_text(f"{key}\n{works}")
    fresh.rename(answer)
    return _HARDWARE if works == "works" else emulation


def _hardware_works() -> bool:
    argv = [*qemu.command(), "-M", "pc", *_HARDWARE.argv]
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
