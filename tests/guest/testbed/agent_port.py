# SPDX-License-Identifier: MIT
"""The host's end of the line to the agent in a guest (tests/guest/image, agent.py)."""

import json
import select
import signal
import socket
import struct
import time
from collections.abc import Callable

from .shell import Failed

_HEAD = struct.Struct(">cII")
_CHUNK_BYTES = 1 << 20

Sink = Callable[[bytes], object]


class Overdue(Failed):
    """A deadline passed."""


class Job:
    """A command that runs in the guest."""

    def __init__(self, port: "AgentPort", number: int, out: Sink, err: Sink) -> None:
        self._port = port
        self._number = number
        self.sinks = {b"O": out, b"E": err}
        self.status: int | None = None

    def wait(self, deadline: float) -> int:
        """The exit status, as a shell gives it: 128 and more for a signal."""
        self._port.pump_until(lambda: self.status is not None, deadline)
        assert self.status is not None
        return self.status

    def send_signal(self, number: int = signal.SIGTERM) -> None:
        if self.status is None:
            self._port.send(b"K", self._number, struct.pack(">i", number))


class AgentPort:
    """Everything arrives while somebody waits for something: there is no thread."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = bytearray()
        self._jobs: dict[int, Job] = {}
        self._hellos = 0

    def start(self, command: str, stdin: bytes, out: Sink, err: Sink) -> Job:
        number = len(self._jobs) + 1
        job = self._jobs[number] = Job(self, number, out, err)
        order = json.dumps({"command": command}).encode()
        self.send(b"R", number, order + b"\n" + stdin)
        return job

    def await_hello(self, deadline: float) -> None:
        """Waits for the agent of a guest that boots."""
        self.pump_until(lambda: self._hellos > 0, deadline)

    def set_clock(self, deadline: float) -> None:
        """Tells a restored guest what time it is; its answer shows that it runs."""
        before = self._hellos
        self.send(b"T", 0, struct.pack(">d", time.time()))
        self.pump_until(lambda: self._hellos > before, deadline)

    def send(self, kind: bytes, job: int, payload: bytes) -> None:
        self._connection.sendall(_HEAD.pack(kind, job, len(payload)) + payload)

    def pump_until(self, done: Callable[[], bool], deadline: float) -> None:
        while not done():
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._connection], [], [], left)[0]:
                raise Overdue("the guest did not answer in time")
            data = self._connection.recv(_CHUNK_BYTES)
            if not data:
                raise Failed("the guest has died")
            self._received += data
            self._take_frames()

    def _take_frames(self) -> None:
        while len(self._received) >= _HEAD.size:
            kind, number, length = _HEAD.unpack_from(self._received)
            if len(self._received) < _HEAD.size + length:
                return
            payload = bytes(self._received[_HEAD.size : _HEAD.size + length])
            del self._received[: _HEAD.size + length]
            self._handle(kind, number, payload)

    def _handle(self, kind: bytes, number: int, payload: bytes) -> None:
        if kind == b"H":
            self._hellos += 1
        elif kind == b"X":
            status = struct.unpack(">i", payload)[0]
            self._jobs[number].status = status if status >= 0 else 128 - status
        else:
            self._jobs[number].sinks[kind](payload)
