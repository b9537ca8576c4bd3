# SPDX-License-Identifier: MIT
"""The input socket: what is sent arrives, and nothing stays pressed when a client dies."""

import json
import re
from pathlib import Path

import input_socket
import sink
from testbed.case import GuestCase

_DOCUMENT = Path(__file__).parents[2] / "docs" / "input-socket.md"
_SHIFT_A = "0200040000000000"
# docs/input-socket.md counts 4 ms at 115200. The rest is what is left to a slow machine.
_RELEASE_LIMIT_S = 0.1


def example() -> str:
    """The program of the document, as a reader would copy it."""
    [program] = re.findall(r"```python\n(.*?)```", _DOCUMENT.read_text(), re.S)
    return str(program)


class Document(GuestCase):
    either = True

    def test_the_example_types(self) -> None:
        [stick] = self.guest.stick_ids()

        typed = self.guest.start(f"/usr/bin/python3 - {stick}", example().encode()).wait()

        self.assertEqual((typed.out, typed.err), ("typed\n", ""))
        reports = sink.once_each(self.guest, self.guest.recorded())
        self.assertIn([4], [entry.get("keys") for entry in reports])

    def test_the_example_is_twenty_lines(self) -> None:
        self.assertLessEqual(len(example().splitlines()), 22)


class Killed(GuestCase):
    either = True

    def assert_released_in_time(self, by: str, path: str) -> None:
        for _ in range(3):
            killed, last = json.loads(input_socket.kill(self.guest, by, path))
            self.assertEqual(last["hex"], "0000000000000000")
            self.assertLess(last["t"] - killed, _RELEASE_LIMIT_S)
            self.assertEqual(self.guest.out("minikvmctl get input/held"), "0")

    def test_a_client_of_the_socket_leaves_nothing_pressed(self) -> None:
        [stick] = self.guest.stick_ids()

        self.assert_released_in_time("socket", sink.node(stick, "input"))

    def test_a_writer_of_the_sink_leaves_nothing_pressed(self) -> None:
        [stick] = self.guest.stick_ids()

        self.assert_released_in_time("sink", sink.node(stick, "keyboard"))


class Who(GuestCase):
    either = True

    def test_members_of_the_group_may(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run("useradd -m -G minikvm inside")

        typed = self.guest.start(f"runuser -u inside -- /usr/bin/python3 - {stick}",
                                 example().encode()).wait()

        self.assertEqual((typed.out, typed.err), ("typed\n", ""))

    def test_others_are_refused(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run("useradd -m outside")

        refused = self.guest.start(f"runuser -u outside -- /usr/bin/python3 - {stick}",
                                   example().encode()).wait()

        self.assertNotEqual(refused.status, 0)
        self.assertIn("PermissionError", refused.err)
