#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The journal's catalogue has a text for each log::MessageId of the sources, and for no other."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
CATALOG = ROOT / "data" / "minikvm.catalog"
FOLDERS = ("common", "configuration", "daemon", "device", "clients", "uinput-bridge", "v4l2-bridge")
IN_SOURCE = re.compile(r'log::MessageId\s+k\w+\s*\{\s*"([^"]*)"\s*\}')
HEADS = ("Subject: ", "Defined-By: minikvm", "Support: ", "Documentation: ")


def numbers_in_sources() -> list[str]:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.cpp"))]
    return [number for path in files for number in IN_SOURCE.findall(path.read_text())]


def entries() -> dict[str, str]:
    """Number -> its text, with the head."""
    text = "\n".join(line for line in CATALOG.read_text().splitlines() if not line.startswith("#"))
    found = [part.partition("\n") for part in re.split(r"^-- ", text, flags=re.M)[1:]]
    assert len({number for number, _, _ in found}) == len(found), "a number stands there twice"
    return {number: rest for number, _, rest in found}


class MessageCatalog(unittest.TestCase):
    def test_has_each_number_of_the_sources_and_no_other(self) -> None:
        self.assertGreater(len(numbers_in_sources()), 0)
        self.assertEqual(sorted(numbers_in_sources()), sorted(entries()))

    def test_has_numbers_as_systemd_wants_them(self) -> None:
        for number in entries():
            self.assertRegex(number, r"^[0-9a-f]{32}$")

    def test_says_of_each_what_to_do(self) -> None:
        for number, text in entries().items():
            head, _, body = text.partition("\n\n")
            self.assertEqual([line for line in head.splitlines() if not line.startswith(HEADS)], [])
            self.assertEqual(len(head.splitlines()), len(HEADS), number)
            self.assertRegex(body, "minikvmctl|systemctl", number)


if __name__ == "__main__":
    unittest.main()
