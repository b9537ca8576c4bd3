#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs commands in a guest for the host at the other end of a virtio port.

Both directions carry frames: kind (1 byte), job (4), length (4), payload; numbers are big-endian.
From the host: R run (JSON line, then what the command reads on stdin), K send a signal, T set the clock.
From the guest: H here I am, O and E output of a job, X the job's exit status.
"""

import json
import os
import selectors
import struct
import subprocess
import sys
import tempfile
import threading
import time

HEAD = struct.Struct(">cII")
CHUNK_BYTES = 65536


class Port:
    """The virtio port; many threads send, one receives."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._sending = threading.Lock()

    def send(self, kind: bytes, job: int, payload: bytes = b"") -> None:
        data = memoryview(HEAD.pack(kind, job, len(payload)) + payload)
        with self._sending:
            while data:
                data = data[os.write(self._fd, data) :]

    def receive(self) -> tuple[bytes, int, bytes]:
        kind, job, length = HEAD.unpack(self._read(HEAD.size))
        return kind, job, self._read(length)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = os.read(self._fd, size - len(data))
            if not part:
                sys.exit("the host has gone")
            data += part
        return data


class Job:
    """One command, in a process group of its own."""

    def __init__(self, port: Port, number: int, order: dict[str, str], stdin: bytes) -> None:
        self._port = port
        self._number = number
        with tempfile.TemporaryFile() as file:
            file.write(stdin)
            file.seek(0)
            self._process = subprocess.Popen(
                ["/bin/bash", "-c", order["command"]], cwd="/root", start_new_session=True,
                stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        assert self._process.stdout and self._process.stderr
        self._out = self._process.stdout
        self._err = self._process.stderr
        threading.Thread(target=self._serve, daemon=True).start()

    def signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass  # it ended while the order was under way

    def _serve(self) -> None:
        # The exit of the command ends the job, not the end of its output: a daemon that it left
        # behind may hold the pipes for ever.
        pipes = {self._out.fileno(): b"O", self._err.fileno(): b"E"}
        exited = os.pidfd_open(self._process.pid)
        with selectors.DefaultSelector() as selector:
            for fd in (*pipes, exited):
                os.set_blocking(fd, False)
                selector.register(fd, selectors.EVENT_READ)
            running = True
            while running:
                for key, _ in selector.select():
                    if key.fd == exited:
                        running = False
                    elif not self._pass_on(key.fd, pipes[key.fd]):
                        selector.unregister(key.fd)
        for fd, kind in pipes.items():
            while self._pass_on(fd, kind):
                pass
        os.close(exited)
        self._port.send(b"X", self._number, struct.pack(">i", self._process.wait()))
        self._out.close()
        self._err.close()

    def _pass_on(self, fd: int, kind: bytes) -> bool:
        try:
            data = os.read(fd, CHUNK_BYTES)
        except BlockingIOError:
            return False
        if data:
            self._port.send(kind, self._number, data)
        return bool(data)


def main() -> None:
    os.environ.update(HOME="/root", LANG="C.UTF-8", USER="root", LOGNAME="root")
    port = Port(sys.argv[1])
    port.send(b"H", 0)
    jobs: dict[int, Job] = {}
    while True:
        kind, number, payload = port.receive()
        if kind == b"R":
            order, stdin = payload.split(b"\n", 1)
            jobs[number] = Job(port, number, json.loads(order), stdin)
        elif kind == b"K":
            jobs[number].signal(struct.unpack(">i", payload)[0])
        elif kind == b"T":
            time.clock_settime(time.CLOCK_REALTIME, struct.unpack(">d", payload)[0])
            port.send(b"H", 0)


if __name__ == "__main__":
    main()
