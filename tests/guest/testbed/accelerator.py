# SPDX-License-Identifier: MIT
"""How a guest's processors are made: by hardware, found by trying, or by one of four emulations."""

import enum
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import image, kernel, qemu
from .cache import key_of
from .paths import GUEST
from .progress import say
from .releases import DEFAULT


@dataclass(frozen=True)
class Accelerator:
    """Shape:   name stands in file names, argv is what QEMU is told, kernel_words what the kernel is."""

    name: str
    argv: tuple[str, ...]
    kernel_words: str = ""

    @property
    def key(self) -> str:
        """Guests with the same key can be restored from the same state."""
        return " ".join([*self.argv, self.kernel_words])


class Clock(enum.Enum):
    """By what an emulated guest measures time; one that runs on hardware has that of the hardware."""

    OURS = enum.auto()  # the soonest end, and a slow machine inside
    SLOW = enum.auto()  # counts instructions: a slow machine that is never kept waiting by ours
    FAST = enum.auto()  # counts them, too: one processor of today
    FASTEST = enum.auto()  # and this: eight of them in one


_HARDWARE = Accelerator("kvm", ("-accel", "kvm", "-smp", "2", "-cpu", "max,svm=off"))
# "rep movsb" and "rep stosb" are the fastest way to fill memory on processors that say so, and the slowest
# in emulation: byte by byte, with a search for the translated code after each where instructions are
# counted. Without what says so, kernel and C library fill by words. What keeps the kernel from user space,
# and a fifth level of page tables, cost a little each and change nothing that is tested.
_EMULATED_CPU = ",".join([
    "max", "svm=off", "erms=off", "fsrm=off", "fsrs=off", "fzrm=off", "fsrc=off",
    "smap=off", "smep=off", "pku=off", "la57=off",
])
_COUNTED = ("-accel", "tcg,thread=single", "-smp", "1", "-cpu", _EMULATED_CPU, "-icount")


def _counted_fast(name: str, ticks: int, *kernel_words: str) -> Accelerator:
    """With so many ticks of the time stamp counter a nanosecond.

    QEMU counts one instruction a nanosecond at most. A kernel that believes that the time stamp counter
    ticks eight times as fast as it does lives eight times as slowly: it sees 8,000 million instructions a
    second, about what one processor of today gets done. Its timers then go off too early; it looks at the
    clock and sets them again, some four times the ticks for a millisecond, of which programs notice nothing.
    """
    # Rest takes no time of ours. The HPET would show that the clock is wrong.
    return Accelerator(name, (*_COUNTED, "shift=0,sleep=off", "-machine", "hpet=off"),
                       " ".join([f"tsc_early_khz={ticks * 1_000_000}", *kernel_words]))


_EMULATIONS = {
    Clock.OURS: Accelerator(
        "tcg", ("-accel", "tcg,thread=multi", "-smp", "2", "-cpu", _EMULATED_CPU)),
    # Two nanoseconds an instruction; it goes on with our clock while the guest rests.
    Clock.SLOW: Accelerator("slow", (*_COUNTED, "shift=1,sleep=on")),
    Clock.FAST: _counted_fast("fast", 8),
    # Its kernel would measure the local APIC's timer for minutes of ours; the i8254's rate is known.
    Clock.FASTEST: _counted_fast("fastest", 64, "nolapic_timer"),
}
_DEVICE = Path("/dev/kvm")
_PROBE_S = 15


def chosen(clock: Clock) -> Accelerator:
    """Hardware only if a kernel has been seen to run with it: the device may exist and not work."""
    emulation = _EMULATIONS[clock]
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
    argv += ["-kernel", str(kernel.prepare(DEFAULT))]
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
