# SPDX-License-Identifier: MIT
"""A V4L2 capture device with mapped buffers, as applications use one: for programs in a guest."""

import fcntl
import mmap
import os
import select
import struct
from collections.abc import Iterator
from contextlib import contextmanager

_CAPTURE, _MMAP = 1, 1
_BUFFERS = 4
# linux/videodev2.h, on a 64-bit machine
_G_FMT, _REQBUFS, _QUERYBUF = 0xC0D05604, 0xC0145608, 0xC0585609
_QBUF, _DQBUF, _STREAMON = 0xC058560F, 0xC0585611, 0x40045612
_FORMAT = struct.Struct("=I4xIIII184x")  # type, width, height, pixelformat, field
_REQUEST = struct.Struct("=IIIIB3x")  # count, type, memory, capabilities, flags
_BUFFER = struct.Struct("=II52xIQI12x")  # index, type, memory, offset, length


class CaptureDevice:
    """Shape: start(), then frame() again and again. Errors: OSError, as the driver's."""

    def __init__(self, node: str) -> None:
        self._fd = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        self._maps: list[mmap.mmap] = []

    def format(self) -> tuple[int, int, int]:
        """Width, height, pixel format."""
        data = bytearray(_FORMAT.pack(_CAPTURE, 0, 0, 0, 0))
        fcntl.ioctl(self._fd, _G_FMT, data)
        _, width, height, pixels, _ = _FORMAT.unpack(data)
        return width, height, pixels

    def start(self) -> None:
        request = bytearray(_REQUEST.pack(_BUFFERS, _CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(self._fd, _REQBUFS, request)
        # v4l2loopback gives all that it has, whatever was asked for.
        for index in range(_REQUEST.unpack(request)[0]):
            *_, offset, length = self._call(_QUERYBUF, index)
            self._maps.append(
                mmap.mmap(self._fd, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset))
            self._call(_QBUF, index)
        fcntl.ioctl(self._fd, _STREAMON, struct.pack("=I", _CAPTURE))

    @contextmanager
    def frame(self, limit_s: float) -> Iterator[mmap.mmap | None]:
        """The next frame, which goes back at the end; None where none came in time."""
        index = self._dequeue(limit_s)
        yield None if index is None else self._maps[index]
        if index is not None:
            self._call(_QBUF, index)

    def _dequeue(self, limit_s: float) -> int | None:
        select.select([self._fd], [], [], limit_s)
        try:
            return self._call(_DQBUF)[0]
        except BlockingIOError:
            return None

    def _call(self, request: int, index: int = 0) -> tuple[int, ...]:
        data = bytearray(_BUFFER.pack(index, _CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(self._fd, request, data)
        return _BUFFER.unpack(data)
