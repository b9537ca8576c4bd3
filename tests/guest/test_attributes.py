# SPDX-License-Identifier: MIT
"""The control tree of a running stick is the one that docs/attributes.md describes."""

import re

from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<access>r|w|rw) \|", re.MULTILINE)


def _tree(number: int) -> str:
    """That part of the document: a stick's tree, the forwarder's."""
    return (CHECKOUT / "docs/attributes.md").read_text().split("\n## ")[number]


class Attributes(GuestCase):
    def test_are_those_of_the_document(self) -> None:
        described = _ROW.findall(_tree(0))

        listed = [tuple(line.split()) for line in self.guest.out("minikvmctl ls").splitlines()]

        self.assertEqual(sorted(listed), sorted(described))

    def test_can_each_be_read_or_set_as_it_says(self) -> None:
        names = [line.split() for line in self.guest.out("minikvmctl ls").splitlines()]

        for name, access in names:
            read = self.guest.run(f"minikvmctl get {name}", check=False)
            self.assertEqual(read.status == 0, "r" in access, f"{name}: {read.err}")

    def test_are_there_for_anybody_with_socat(self) -> None:
        [stick] = self.guest.stick_ids()
        ask = f"socat -t 5 - UNIX-CONNECT:/run/minikvm/{stick}/control"

        said = self.guest.out(f"printf 'get usb/switch\\nget usb/swich\\n' | {ask}").splitlines()

        self.assertEqual(said[0], "ok host")
        self.assertTrue(said[1].startswith("error no-such-attribute "), said[1])
        self.assertIn("usb/switch", said[1])

    def test_of_the_forwarder_are_those_of_the_document(self) -> None:
        said = self.guest.out("printf 'ls\\n' | socat -t 5 - UNIX-CONNECT:/run/minikvm/forward")

        listed = [tuple(line.split()) for line in said.splitlines()[:-1]]
        self.assertEqual(sorted(listed), sorted(_ROW.findall(_tree(1))))
