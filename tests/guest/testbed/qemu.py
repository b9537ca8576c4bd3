# SPDX-License-Identifier: MIT
"""The machine emulator of Debian 13, unpacked in build/ and not installed.

Debian 12's own QEMU 7.2 translates code that the guest is just patching, and about one boot in ten
dies of it ("Oops: int3" in sched_clock_cpu; fixed in 8.1). It cannot save a state to a file either.
"""

from pathlib import Path

from .cache import cached, key_of
from .debian import list_files, make_tree, package_list, sources
from .paths import QEMU
from .progress import step
from .releases import RELEASES


def prepare() -> Path:
    release = RELEASES["13"]
    key = key_of(*sources(release), *list_files("qemu"))

    def make(folder: Path) -> None:
        with step("QEMU"):
            make_tree(folder / "tree", release, "extract", package_list("qemu"), "QEMU")

    return cached(QEMU, key, "QEMU", make) / "tree"


def command() -> list[str]:
    """How to start it with its own libraries and firmware."""
    usr = prepare() / "usr"
    libraries = usr / "lib/x86_64-linux-gnu"
    loader = [str(usr / "lib64/ld-linux-x86-64.so.2"), "--library-path", str(libraries)]
    data = [word for name in ("qemu", "seabios") for word in ("-L", str(usr / "share" / name))]
    return [*loader, str(usr / "bin/qemu-system-x86_64"), *data]
