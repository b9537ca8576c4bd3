#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In a guest: measures what brings a stick's frames to a camera, while it reads that camera.

guest_relay.py SPECIFICATION, a JSON object: capture and camera (nodes), warm_up and frames (to be read),
and either relay (a command line that ends by itself) or pid (of a process that is there already).
Prints one JSON object. When a frame was captured, taken, handed over and read is what the kernel's own
trace points say, the same for every relay.
"""

import fcntl
import json
import mmap
import os
import re
import select
import shlex
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# linux/videodev2.h, on 64 bits
BUFFER = struct.Struct("IIIII4xqq16sIIQIIi4x")
CAPTURE, MMAP = 1, 1
TRACE = Path("/sys/kernel/tracing/instances/bench")
LARGE_BYTES = 10000  # only frames are written in one piece of that size
Relay = subprocess.Popen[bytes]
LINE = re.compile(r"-(\d+)\s+\[\d+\] \S+\s+(\d+\.\d+): (\w+)(?:\(|:| )(.*)")


def request(kind: int, number: int, size: int) -> int:
    return kind << 30 | size << 16 | ord("V") << 8 | number


REQBUFS, QUERYBUF = request(3, 8, 20), request(3, 9, BUFFER.size)
QBUF, DQBUF = request(3, 15, BUFFER.size), request(3, 17, BUFFER.size)
STREAMON = request(1, 18, 4)
QUERYCAP, DEVICE_CAPS = request(2, 0, 104), 88
IS_CAMERA = 1


class Reader:
    """A viewer that takes every frame and looks at none."""

    def __init__(self, node: str) -> None:
        self.fd = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        try:
            self._start()
        except OSError:
            os.close(self.fd)  # or the node could not become a camera
            raise

    def _start(self) -> None:
        # A reader with buffers would keep the relay from choosing a format.
        capability = bytearray(104)
        fcntl.ioctl(self.fd, QUERYCAP, capability)
        if not struct.unpack_from("I", capability, DEVICE_CAPS)[0] & IS_CAMERA:
            raise OSError("nobody writes yet")
        wanted = bytearray(struct.pack("IIIIB3x", 4, CAPTURE, MMAP, 0, 0))
        fcntl.ioctl(self.fd, REQBUFS, wanted)
        self.maps = []
        for index in range(struct.unpack_from("I", wanted)[0]):
            buffer = self._order(QUERYBUF, index)
            offset, length = struct.unpack_from("I4xI", buffer, 64)
            self.maps.append(mmap.mmap(self.fd, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset))
            self._order(QBUF, index)
        fcntl.ioctl(self.fd, STREAMON, struct.pack("i", CAPTURE))

    def _order(self, number: int, index: int) -> bytearray:
        buffer = bytearray(BUFFER.size)
        struct.pack_into("II", buffer, 0, index, CAPTURE)
        struct.pack_into("I", buffer, 60, MMAP)
        fcntl.ioctl(self.fd, number, buffer)
        return buffer

    def take(self, limit_s: float) -> int:
        """The size of the next frame, which is given back."""
        if not select.select([self.fd], [], [], limit_s)[0]:
            raise TimeoutError(f"no frame for {limit_s} s")
        try:
            buffer = self._order(DQBUF, 0)
        except BlockingIOError:
            return self.take(limit_s)
        index, _, size = struct.unpack_from("III", buffer)
        self._order(QBUF, index)
        return int(size)


def open_reader(node: str, relay: Relay | None, limit_s: float) -> Reader:
    """As soon as the relay has made a camera of the node."""
    end = time.monotonic() + limit_s
    while True:
        try:
            return Reader(node)
        except OSError:
            if time.monotonic() > end or relay and relay.poll() is not None:
                raise
            time.sleep(0.2)


def processor_ms(pid: int) -> float:
    """Of all threads that are there now."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6


def memory(pid: int) -> dict[str, int]:
    """In KiB: what the process keeps for itself, and buffers of drivers that it has mapped."""
    status = dict(re.findall(r"^(Rss\w+):\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M))
    mapped = 0
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        if "/dev/video" in line:
            begin, end = line.split()[0].split("-")
            mapped += int(end, 16) - int(begin, 16)
    return {"anon_kib": int(status["RssAnon"]), "file_kib": int(status["RssFile"]),
            "shared_kib": int(status["RssShmem"]), "mapped_buffers_kib": mapped // 1024}


class Trace:
    """The kernel's own record of buffers, in an instance that nobody else uses."""

    EVENTS = ("v4l2/v4l2_dqbuf", "v4l2/v4l2_qbuf", "vb2/vb2_buf_done")

    def __init__(self) -> None:
        TRACE.mkdir(exist_ok=True)
        (TRACE / "trace_clock").write_text("mono")
        (TRACE / "buffer_size_kb").write_text("4096")
        for event in self.EVENTS:
            (TRACE / "events" / event / "enable").write_text("1")
        writes = TRACE / "events/syscalls/sys_exit_write"
        (writes / "filter").write_text(f"ret > {LARGE_BYTES}")
        (writes / "enable").write_text("1")
        (TRACE / "trace").write_text("")
        (TRACE / "tracing_on").write_text("1")

    def read(self) -> list[tuple[float, int, str, str]]:
        """(seconds, thread, event, the rest) in the order of time."""
        (TRACE / "tracing_on").write_text("0")
        found = []
        for line in (TRACE / "trace").read_text(errors="replace").splitlines():
            match = LINE.search(line)
            if match:
                thread, when, event, rest = match.groups()
                found.append((float(when), int(thread), event, rest))
        return sorted(found)

    def end(self) -> None:
        TRACE.rmdir()


def minor(node: str) -> str:
    return f"minor = {os.minor(os.stat(node).st_rdev)},"


def times_of(events: list[tuple[float, int, str, str]], spec: dict[str, Any],
             threads: set[int], window: tuple[float, float]) -> dict[str, list[float]]:
    """Milliseconds from taking a frame to handing it over, and from its end to the viewer."""
    capture, camera = minor(spec["capture"]), minor(spec["camera"])
    done = taken = ready_done = None
    ready, seen = [], []
    for when, thread, event, rest in events:
        if event == "vb2_buf_done":  # uvcvideo's alone; it does not say which node's
            done = when
        elif event == "v4l2_dqbuf" and capture in rest and thread in threads:
            taken = (when, done)
        elif thread in threads and (event == "sys_write" or event == "v4l2_qbuf" and camera in rest):
            if taken and window[0] <= when <= window[1]:
                ready.append(1000 * (when - taken[0]))
                ready_done = taken[1]
            taken = None
        elif event == "v4l2_dqbuf" and camera in rest and thread == os.getpid() and ready_done:
            seen.append(1000 * (when - ready_done))
            ready_done = None
    return {"dequeue_to_ready_ms": ready, "end_to_viewer_ms": seen}


def measure(spec: dict[str, Any]) -> dict[str, Any]:
    if "relay" not in spec:
        return {"status": 0, "said": ""} | watch(spec, spec["pid"], None)
    relay = subprocess.Popen(shlex.split(spec["relay"]), stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        story = watch(spec, relay.pid, relay)
        said = relay.communicate(timeout=120)[1]
    except (OSError, subprocess.TimeoutExpired) as error:
        relay.kill()
        said = f"{error}; ".encode() + relay.communicate()[1]
        return {"status": relay.returncode or 1, "said": said.decode(errors="replace")[-500:]}
    return {"status": relay.returncode, "said": said.decode(errors="replace")[-500:]} | story


def watch(spec: dict[str, Any], pid: int, relay: Relay | None) -> dict[str, Any]:
    """Reads the camera for as long as is wanted, and says what that cost the process."""
    trace = Trace()
    reader = open_reader(spec["camera"], relay, 30)
    for _ in range(spec["warm_up"]):
        reader.take(20)
    threads = {int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()}
    begin, used = time.monotonic(), processor_ms(pid)
    frames = spec["frames"]
    size = sum(reader.take(20) for _ in range(frames))
    end, used = time.monotonic(), processor_ms(pid) - used
    story = memory(pid) | {
        "frames": frames, "frames_per_s": frames / (end - begin),
        "cpu_ms_per_frame": used / frames, "bytes_per_frame": size / frames,
        "threads": len(threads),
    }
    os.close(reader.fd)
    story |= times_of(trace.read(), spec, threads, (begin, end))
    trace.end()
    return story


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
