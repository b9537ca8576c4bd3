#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every program, unit and socket that is installed is described by a manual page."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {path.name.removesuffix(".scd"): path.read_text()
         for path in sorted((ROOT / "docs/man").glob("*.scd"))}
SOCKETS = ("/run/minikvm/ID/control", "/run/minikvm/ID/input")


def programs() -> list[str]:
    files = [path for path in ROOT.glob("**/CMakeLists.txt")
             if path.relative_to(ROOT).parts[0] not in ("build", "tests")]
    text = "\n".join(path.read_text() for path in files)
    scripts = [name for names in re.findall(r"install\(PROGRAMS (.*?) DESTINATION", text)
               for name in names.split()]
    return re.findall(r"minikvm_program\((\S+)", text) + scripts


def units() -> list[Path]:
    return [path for folder in ("daemon", "dkms", "clients")
            for path in sorted((ROOT / folder).rglob("*.service"))]


class Manuals(unittest.TestCase):
    def test_have_the_synopsis_of_every_program(self) -> None:
        self.assertIn("minikvmd", programs())
        for program in programs():
            with self.subTest(program):
                wanted = re.compile(rf"^[*_](/usr/\S+/)?{re.escape(program)}[*_ ]", re.M)
                synopses = [page.partition("# SYNOPSIS")[2].partition("\n# ")[0]
                            for page in PAGES.values()]
                self.assertTrue(any(wanted.search(synopsis) for synopsis in synopses))

    def test_are_named_by_every_unit(self) -> None:
        self.assertGreater(len(units()), 2)
        for unit in units():
            with self.subTest(unit.name):
                named = re.findall(r"^Documentation=man:(\S+)\((\d)\)$", unit.read_text(), re.M)
                self.assertTrue(named)
                for name, section in named:
                    page = PAGES[f"{name}.{section}"]
                    self.assertIn(unit.name.replace("@.", "@ID."), page.replace("\\@", "@"))

    def test_describe_every_socket(self) -> None:
        for socket in SOCKETS:
            self.assertIn(f"_{socket}_", PAGES["minikvmd.8"])

    def test_refer_to_pages_that_exist(self) -> None:
        for name, page in PAGES.items():
            for other, section in re.findall(r"\*(minikvm[\w.-]*)\*\((\d)\)", page):
                self.assertIn(f"{other}.{section}", PAGES, name)


if __name__ == "__main__":
    unittest.main()
