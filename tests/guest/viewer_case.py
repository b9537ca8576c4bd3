# SPDX-License-Identifier: MIT
"""What tests inherit that watch a stick's cameras with viewer.py."""

import json
from typing import Any

import sink
from testbed.case import GuestCase
from testbed.guest import Running
from testbed.paths import CHECKOUT

_FOLDER = CHECKOUT / "tests/guest"
_REACH_S = 120  # for pictures to come, in an emulated machine that shares its host


class ViewerCase(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ("capture_device.py", "viewer.py"):
            self.guest.put(f"/run/{name}", (_FOLDER / name).read_bytes(), 0o755)

    @property
    def link(self) -> str:
        return sink.node(self.guest.stick_ids()[0], "camera")

    def cameras(self) -> list[str]:
        return self.guest.out("minikvmctl get video/cameras").split()

    def view(self, name: str) -> tuple[Running, str]:
        """Starts a viewer on the free camera, and returns once it has a picture."""
        node = self.guest.out(f"readlink -f {self.link}")
        viewer = self.guest.start(f"exec /run/viewer.py {node} /run/{name}.json")
        self.await_frames(name, 1)
        return viewer, node

    def seen(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.guest.out(f"cat /run/{name}.json"))
        return said

    def await_frames(self, name: str, count: int) -> None:
        frames = f"grep -o 'frames.: [0-9]*' /run/{name}.json | tr -dc 0-9"
        self.guest.wait_until(f"test 0$({frames}) -ge {count}", _REACH_S)

    def await_free(self, taken: list[str]) -> None:
        """Until the link leads to a camera that is none of these."""
        pattern = "|".join(taken)
        self.guest.wait_until(f"! readlink -f {self.link} | grep -qxE '{pattern}'")
