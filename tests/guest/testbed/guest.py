# SPDX-License-Identifier: MIT
"""What a test does with a guest."""

import json
import shlex
import time
from dataclasses import dataclass
from typing import Any

from . import kernel_log
from .agent_port import Job, Overdue
from .machine import Machine
from .shell import tail

RUN_S = 60
# A guest's second is longer than ours while it is busy; limits are the guest's.
_SLOWEST = 3
# How long a condition may take to come true; a host with other things to do is slow.
PATIENCE_S = 60


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str


class Running:
    """A command that was started and may not have ended."""

    def __init__(self, machine: Machine, command: str, stdin: bytes = b"") -> None:
        self._machine = machine
        self._command = command
        self._out = bytearray()
        self._err = bytearray()
        self._job: Job = machine.agent.start(command, stdin, self._out.extend, self._err.extend)

    @property
    def out(self) -> str:
        return self._out.decode(errors="replace")

    @property
    def data(self) -> bytes:
        return bytes(self._out)

    def wait(self, limit_s: float = RUN_S) -> Outcome:
        try:
            status = self._job.wait(time.monotonic() + _SLOWEST * limit_s)
        except Overdue:
            raise AssertionError(self._story(f"no end after {limit_s:.0f} s")) from None
        return Outcome(status, self.out, self._err.decode(errors="replace"))

    def wait_for_output(self, text: str, limit_s: float = RUN_S) -> None:
        """Until it has printed this on stdout."""
        try:
            self._machine.agent.pump_until(
                lambda: text.encode() in self._out, time.monotonic() + _SLOWEST * limit_s
            )
        except Overdue:
            raise AssertionError(self._story(f"no {text!r} within {limit_s:.0f} s")) from None

    def stop(self, signal: int = 15, limit_s: float = RUN_S) -> Outcome:
        self._job.send_signal(signal)
        return self.wait(limit_s)

    def _story(self, what: str) -> str:
        err = self._err.decode(errors="replace")
        return f"{self._command}: {what}\nstdout:\n{self.out}\nstderr:\n{err}"


class Guest:
    """A running guest; every call waits for its end, none for longer than its limit."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def start(self, command: str, stdin: bytes = b"") -> Running:
        """Starts a shell line as root and goes on."""
        return Running(self._machine, command, stdin)

    def run(self, command: str, limit_s: float = RUN_S, *, check: bool = True) -> Outcome:
        """Runs a shell line as root to its end; with check, an exit status other than 0 fails the test."""
        outcome = self.start(command).wait(limit_s)
        if check and outcome.status != 0:
            raise AssertionError(f"{command}: status {outcome.status}\n{outcome.out}{outcome.err}")
        return outcome

    def out(self, command: str, limit_s: float = RUN_S) -> str:
        """What a command that must succeed prints, without white space at its end."""
        return self.run(command, limit_s).out.rstrip()

    def wait_until(self, condition: str, limit_s: float = PATIENCE_S) -> str:
        """Repeats a shell line until it succeeds; what it printed then."""
        # Asked in the guest, where it costs less than over the port, and ever more rarely: what is
        # waited for needs the emulated processor, too.
        loop = (
            f"end=$((${{EPOCHREALTIME/[.,]/}} + {int(limit_s * 1e6)})); pause=1\n"
            f"until said=$({{\n{condition}\n}} 2>&1); do\n"
            '[ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || { echo "$said"; exit 1; }\n'
            'sleep 0.$pause; [ $pause = 3 ] || ((++pause))\n'
            'done\necho "$said"'
        )
        outcome = self.start(loop).wait(limit_s + RUN_S)
        if outcome.status != 0:
            raise AssertionError(f"not within {limit_s} s: {condition}\n{outcome.out}{outcome.err}")
        return outcome.out.rstrip()

    def put(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Makes a file in the guest."""
        name = shlex.quote(path)
        Running(self._machine, f"cat >{name} && chmod {mode:o} {name}", content).wait()

    def get(self, path: str) -> bytes:
        """The content of a file of the guest."""
        running = self.start(f"cat {shlex.quote(path)}")
        outcome = running.wait()
        if outcome.status != 0:
            raise AssertionError(outcome.err)
        return running.data

    def stick_ids(self) -> list[str]:
        """The IDs of all sticks, in the order of their virtual controllers."""
        found = [line.split()[0] for line in self.out("minikvmctl list").splitlines()]
        return sorted(found, key=lambda name: int(name.removeprefix("usb")))

    def await_camera(self, node: str) -> None:
        """Until udev has noted that a node is a camera."""
        self.wait_until(f"udevadm info -q property {node} | grep -x 'ID_V4L_CAPABILITIES=:capture:'")

    def sim(self, words: str, stick: int = 0) -> str:
        """Gives an order to a virtual stick: sim('unplug')."""
        return self.out(f"minikvm-sim ctl --stick {stick} {words}")

    def recorded(self, stick: int = 0) -> list[dict[str, Any]]:
        """What the target of a virtual stick has received so far, one entry a line."""
        lines = self.get(f"/run/minikvm-sim/{stick}.jsonl").splitlines()
        return [json.loads(line) for line in lines]

    def kernel_complaints(self) -> list[str]:
        """What the kernel said at level warning or above, less what kernel-allowed.txt explains."""
        return kernel_log.complaints(self.out(kernel_log.COMMAND), kernel_log.read_allowed())

    def console(self, lines: int = 30) -> str:
        return tail(self._machine.console, lines)
