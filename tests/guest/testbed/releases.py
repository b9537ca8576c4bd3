# SPDX-License-Identifier: MIT
"""The Debian releases that everything is built for."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    number: str
    codename: str
    extra: str = ""  # guests have the packages of image-EXTRA.txt besides, in an image of their own

    def __str__(self) -> str:
        return f"Debian {self.number}"

    def named(self, what: str) -> str:
        """The folder of something that is another one for each image."""
        return f"{what}-{self.extra}" if self.extra else what


RELEASES = {"12": Release("12", "bookworm"), "13": Release("13", "trixie")}
DEFAULT = RELEASES["13"]
# The tools of ./dev check are those of one release, so that everybody sees the same complaints.
CHECKS = RELEASES["12"]


def add_option(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--release", choices=[*RELEASES, "all"], default=default)


def chosen(number: str) -> list[Release]:
    return list(RELEASES.values()) if number == "all" else [RELEASES[number]]
