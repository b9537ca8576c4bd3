# SPDX-License-Identifier: MIT
"""Writes the archive format that the kernel unpacks an initrd from (newc, buffer-format.rst)."""

import stat
from pathlib import Path


class Archive:
    """Members in the order they are added; folders before what is in them."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._members = 0
        self._folders: set[str] = set()

    def add_folder(self, name: str) -> None:
        if name not in ("", ".") and name not in self._folders:
            self.add_folder(str(Path(name).parent))
            self._folders.add(name)
            self._add(name, stat.S_IFDIR | 0o755, b"")

    def add_file(self, path: Path, name: str, mode: int) -> None:
        self.add_folder(str(Path(name).parent))
        self._add(name, stat.S_IFREG | mode, path.read_bytes())

    def add_link(self, name: str, target: str) -> None:
        self.add_folder(str(Path(name).parent))
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def add_tree(self, tree: Path, name: str) -> None:
        for path in sorted(tree.rglob("*")):
            member = f"{name}/{path.relative_to(tree)}"
            if path.is_symlink():
                self.add_link(member, str(path.readlink()))
            elif path.is_dir():
                self.add_folder(member)
            else:
                # A checkout's umask must not become the guest's modes.
                executable = path.stat().st_mode & 0o100
                self.add_file(path, member, 0o755 if executable else 0o644)

    def whole(self) -> bytes:
        archive = Archive()
        archive._data = bytearray(self._data)
        archive._members = self._members
        archive._add("TRAILER!!!", 0, b"")
        return bytes(archive._data)

    def _add(self, name: str, mode: int, content: bytes) -> None:
        self._members += 1
        fields = [self._members, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        self._data += b"070701" + b"".join(b"%08X" % field for field in fields)
        self._data += name.encode() + b"\0"
        self._pad()
        self._data += content
        self._pad()

    def _pad(self) -> None:
        self._data += bytes(-len(self._data) % 4)
