# SPDX-License-Identifier: MIT
"""A guest's kernel as it is once it has unpacked itself, which takes an emulated processor seconds."""

import lzma
import struct
import subprocess
from pathlib import Path

from . import image
from .cache import cached, key_of
from .paths import GUEST
from .releases import Release
from .shell import Failed

# The boot protocol's header: sectors before what is packed, and where that is; the kernel's
# Documentation/arch/x86/boot.rst, "setup_sects", "payload_offset" and "payload_length".
_SETUP_SECTORS = 0x1F1
_PAYLOAD = 0x248
_SECTOR_BYTES = 512
_SIZE_BYTES = 4  # at the payload's end: of what comes out
_ELF = b"\x7fELF"


def prepare(release: Release) -> Path:
    """The ELF file, which QEMU starts at its PVH entry."""
    packed = image.prepare(release)

    def make(folder: Path) -> None:
        kernel = _unpacked((packed / "vmlinuz").read_bytes())
        if not kernel.startswith(_ELF):
            raise Failed(f"the kernel of {release} has something else in it than a kernel")
        (folder / "vmlinux").write_bytes(kernel)

    key = key_of((packed / "key").read_text(), Path(__file__))
    return cached(GUEST / release.number / release.named("kernel"), key, "kernel", make) / "vmlinux"


def _unpacked(file: bytes) -> bytes:
    sectors = file[_SETUP_SECTORS] or 4
    offset, length = struct.unpack_from("<II", file, _PAYLOAD)
    begin = (sectors + 1) * _SECTOR_BYTES + offset
    payload = file[begin:begin + length - _SIZE_BYTES]
    if payload.startswith(b"\xfd7zXZ"):  # Debian 12
        return lzma.decompress(payload)
    if payload.startswith(b"\x28\xb5\x2f\xfd"):  # Debian 13
        return subprocess.run(["zstd", "-dc"], input=payload, stdout=subprocess.PIPE, check=True).stdout
    raise Failed(f"a kernel packed in an unknown way, which begins with {payload[:8].hex()}")
