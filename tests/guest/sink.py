# SPDX-License-Identifier: MIT
"""Writes into a stick's virtual keyboard, mouse and tablet, and reads what its target received."""

import functools
import re
import shlex
import struct
from typing import Any

from testbed.guest import Guest, Running
from testbed.paths import BUILD_ROOTS

Event = tuple[str, str, int]  # ("EV_KEY", "KEY_A", 1)

# struct input_event of a 64-bit kernel: a time that the kernel fills in, type, code, value.
_EVENT = struct.Struct("=16xHHi")
_SYN_REPORT = _EVENT.pack(0, 0, 0)
# A key that no test uses otherwise: once the target has it, it has everything before it too.
_LAST_KEY = "KEY_F12"
_LAST_USAGE = 0x45


def key(code: str, value: int) -> list[Event]:
    return [("EV_KEY", code, value)]


def press(code: str) -> list[list[Event]]:
    return [key(code, 1), key(code, 0)]


def node(stick: str, name: str) -> str:
    return f"/run/minikvm/{stick}/{name}"


@functools.cache
def _codes() -> dict[str, int]:
    """The kernel's names of types and codes, from the headers that this project is compiled with."""
    header = next(BUILD_ROOTS.glob("*/tree/usr/include/linux/input-event-codes.h")).read_text()
    found = re.findall(r"^#define\s+(\w+)\s+(0x[0-9a-f]+|\d+)\b", header, re.MULTILINE)
    return {name: int(value, 0) for name, value in found}


def _command(path: str, reports: list[list[Event]], then: str, user: str) -> str:
    """A shell line that writes each report at once, as any program would, ended by a SYN.

    A shell's, since an interpreter with evdev takes seconds to start in an emulated guest.
    """
    names = _codes()
    written = []
    for report in reports:
        events = [_EVENT.pack(names[kind], names[code], value) for kind, code, value in report]
        octal = "".join(f"\\{byte:03o}" for byte in b"".join([*events, _SYN_REPORT]))
        written.append(f"printf '{octal}' >&9")
    line = " && ".join([f"test -c {path}", f"exec 9>{path}", *written, "echo written", then])
    return line if user == "root" else f"runuser -u {user} -- bash -c {shlex.quote(line)}"


def write(guest: Guest, path: str, reports: list[list[Event]], user: str = "root") -> None:
    guest.run(_command(path, reports, ":", user))


def hold(guest: Guest, path: str, reports: list[list[Event]], user: str = "root") -> Running:
    """Writes, and keeps the node open until the caller stops it."""
    running = guest.start(_command(path, reports, "exec sleep infinity", user))
    running.wait_for_output("written")
    return running


def drain(guest: Guest, stick_id: str, stick: int = 0) -> None:
    """Until everything that was written before has reached the target, which must be listening."""
    # What is typed before the input chip answers after a replug is rightly forgotten.
    guest.wait_until(f"minikvmctl --stick {stick_id} get input/target | grep -qx connected")
    before = _count_last(guest, stick)
    write(guest, node(stick_id, "keyboard"), press(_LAST_KEY))
    wanted = f"test $(grep -c '\"keys\":\\[{_LAST_USAGE}\\]' {_file(stick)}) -gt {before}"
    guest.wait_until(wanted)


def received(guest: Guest, stick: int = 0) -> list[dict[str, Any]]:
    """Reports so far, without those of drain()."""
    kept = []
    released = None  # what the last key's release looked like, until another report comes
    for entry in guest.recorded(stick):
        if _LAST_USAGE in entry.get("keys", []):
            released = ""
        elif released is not None and "keys" in entry and released in ("", entry["hex"]):
            released = entry["hex"]  # the release, or a repeat of it
        elif "report" in entry:
            released = None
            kept.append(entry)
    return kept


def once_each(guest: Guest, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the repeats that late acknowledgements caused, which input/retries counts.

    Keyboard and absolute reports are state: one whose acknowledgement is late is sent again. In
    an emulated guest some are.
    """
    left = int(guest.out("minikvmctl get input/retries"))
    kept: list[dict[str, Any]] = []
    for report in reports:
        if left and kept and report["hex"] == kept[-1]["hex"] and "dx" not in report:
            left -= 1
        else:
            kept.append(report)
    return kept


def fields(entry: dict[str, Any]) -> dict[str, Any]:
    """A report without its time and its bytes."""
    return {name: value for name, value in entry.items() if name not in ("t", "hex")}


def _file(stick: int) -> str:
    return f"/run/minikvm-sim/{stick}.jsonl"


def _count_last(guest: Guest, stick: int) -> int:
    said = guest.run(f"grep -c '\"keys\":\\[{_LAST_USAGE}\\]' {_file(stick)}", check=False)
    return int(said.out or 0)
