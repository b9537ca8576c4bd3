# SPDX-License-Identifier: MIT
"""Orders to a running QEMU, over its machine protocol."""

import json
import socket
import time
from typing import Any

from .shell import Failed

_ANSWER_S = 60


class Qmp:
    """One connection, used by one thread; events are only looked at while an answer is awaited."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(_ANSWER_S)
        self._stream = connection.makefile("rw")
        self._receive()  # the greeting
        self.order("qmp_capabilities")

    def order(self, name: str, **arguments: Any) -> Any:
        self._stream.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self._stream.flush()
        while True:
            message = self._receive()
            if "error" in message:
                raise Failed(f"QEMU refuses {name}: {message['error']['desc']}")
            if "return" in message:
                return message["return"]

    def save_state(self, path: str) -> None:
        """Stops the guest, whose memory and devices are in the file afterwards."""
        self.order("stop")
        self._place_memory_in_file()
        self.order("migrate", uri=f"file:{path}")
        self._follow_migration("saving")

    def load_state(self, path: str) -> None:
        """Starts a guest of a QEMU that was started with `-incoming defer`."""
        self._place_memory_in_file()
        self.order("migrate-incoming", uri=f"file:{path}")
        self._follow_migration("restoring")
        self.order("cont")

    def _place_memory_in_file(self) -> None:
        """Each page has its place there: those that are all zeros are neither written nor ever touched."""
        capability = {"capability": "mapped-ram", "state": True}
        self.order("migrate-set-capabilities", capabilities=[capability])

    def _follow_migration(self, what: str) -> None:
        # There are events, but a short wait between questions is simpler: it is over in a second.
        deadline = time.monotonic() + _ANSWER_S
        while time.monotonic() < deadline:
            answer = self.order("query-migrate")
            if answer.get("status") == "completed":
                return
            if answer.get("status") == "failed":
                raise Failed(f"{what} the guest failed: {answer.get('error-desc')}")
            time.sleep(0.01)
        raise Failed(f"{what} the guest took more than {_ANSWER_S} s")

    def _receive(self) -> dict[str, Any]:
        line = self._stream.readline()
        if not line:
            raise Failed("QEMU has ended")
        message: dict[str, Any] = json.loads(line)
        return message
