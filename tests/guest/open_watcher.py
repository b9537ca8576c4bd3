#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Tells who opens which node: open_watcher.py prints one JSON line for each open below /dev.

fanotify with names, not with descriptors: a descriptor in an event is an open of its own, and that
of a tty raises its control lines. Programs are known from their execve, since many of those that
look at a node are gone before they can be asked.
"""

import ctypes
import json
import os
import select
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

# linux/fanotify.h
FAN_CLOEXEC, FAN_NONBLOCK, FAN_REPORT_DFID_NAME = 0x1, 0x2, 0x400 | 0x800
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
FAN_OPEN, FAN_OPEN_EXEC = 0x20, 0x1000
METADATA = struct.Struct("=IBBHQii")  # event_len, vers, reserved, metadata_len, mask, fd, pid
NAME_RECORD = 2
NAME_HEAD = struct.Struct("=BBHqIi")  # info_type, pad, len, fsid, handle_bytes, handle_type

AT_FDCWD = -100

libc = ctypes.CDLL(None, use_errno=True)


def watch(flags: int, mask: int, path: str) -> int:
    """A fanotify descriptor for the file system that `path` is on."""
    fd: int = libc.fanotify_init(FAN_CLOEXEC | FAN_NONBLOCK | flags, os.O_RDONLY | os.O_CLOEXEC)
    marked = fd < 0 or libc.fanotify_mark(
        fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, ctypes.c_uint64(mask), AT_FDCWD, path.encode()
    )
    if marked:
        number = ctypes.get_errno()
        raise OSError(number, f"{os.strerror(number)}: fanotify on {path}")
    return fd


def events(fd: int) -> Iterator[tuple[int, int, bytes]]:
    """(process ID, descriptor, further records) of each event that waits."""
    try:
        data = os.read(fd, 65536)
    except BlockingIOError:
        return
    while data:
        length, _, _, head, _, event_fd, pid = METADATA.unpack_from(data)
        yield pid, event_fd, data[head:length]
        data = data[length:]


def name_of(records: bytes) -> str:
    """The name in its folder of what was opened."""
    while records:
        kind, _, length, _, handle_bytes, _ = NAME_HEAD.unpack_from(records)
        if kind == NAME_RECORD:
            return records[NAME_HEAD.size + handle_bytes:length].rstrip(b"\0").decode()
        records = records[length:]
    return "?"


def running_program(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return "gone"


def main() -> None:
    executed: dict[int, str] = {}
    execs = watch(0, FAN_OPEN_EXEC, "/usr/bin")
    opens = watch(FAN_REPORT_DFID_NAME, FAN_OPEN, "/dev")
    print(json.dumps({"ready": os.getpid()}), flush=True)
    while True:
        select.select([execs, opens], [], [])
        for pid, fd, _ in events(execs):
            path = Path(f"/proc/self/fd/{fd}").readlink()
            if not path.name.startswith("ld-linux"):  # the loader is opened after its program
                executed[pid] = str(path)
            os.close(fd)
        for pid, _, records in events(opens):
            if pid != os.getpid():
                program = executed.get(pid) or running_program(pid)
                print(json.dumps({"node": name_of(records), "pid": pid, "program": program}), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
