# SPDX-License-Identifier: MIT
"""Writes into a stick's virtual keyboard, mouse and tablet, and reads what its target received."""

import json
from typing import Any

from testbed.guest import Guest, Running

Event = tuple[str, str, int]  # ("EV_KEY", "KEY_A", 1)

# In the guest: each report is a list of events, written as any program would, ended by a SYN.
_WRITER = """
import json, sys
from evdev import InputDevice, ecodes
device = InputDevice(sys.argv[1])
for report in json.loads(sys.argv[2]):
    for kind, code, value in report:
        device.write(ecodes.ecodes[kind], ecodes.ecodes[code], value)
    device.write(0, 0, 0)
print("written", flush=True)
if sys.argv[3] == "hold":
    sys.stdin.read()
"""
# A key that no test uses otherwise: once the target has it, it has everything before it too.
_LAST_KEY = "KEY_F12"
_LAST_USAGE = 0x45


def key(code: str, value: int) -> list[Event]:
    return [("EV_KEY", code, value)]


def press(code: str) -> list[list[Event]]:
    return [key(code, 1), key(code, 0)]


def node(stick: str, name: str) -> str:
    return f"/run/minikvm/{stick}/{name}"


def _command(path: str, reports: list[list[Event]], then: str, user: str) -> str:
    writer = f"/usr/bin/python3 -c '{_WRITER}' {path} '{json.dumps(reports)}' {then}"
    return writer if user == "root" else f"runuser -u {user} -- {writer}"


def write(guest: Guest, path: str, reports: list[list[Event]], user: str = "root") -> None:
    guest.run(_command(path, reports, "leave", user))


def hold(guest: Guest, path: str, reports: list[list[Event]], user: str = "root") -> Running:
    """Writes, and keeps the node open until the caller stops it."""
    # The reader's end never closes, so that read() waits.
    running = guest.start(f"sleep infinity | {_command(path, reports, 'hold', user)}")
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
