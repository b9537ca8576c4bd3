# SPDX-License-Identifier: MIT
"""The Debian releases that everything is built for."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    number: str
    codename: str

    def __str__(self) -> str:
        return f"Debian {self.number}"


RELEASES = {"12": Release("12", "bookworm"), "13": Release("13", "trixie")}
DEFAULT = RELEASES["13"]
# The tools of ./dev check are those of one release, so that everybody sees the same complaints.
CHECKS = RELEASES["12"]


def add_option(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--release", choices=[*RELEASES, "all"], default=default)


def chosen(number: str) -> list[Release]:
    return list(RELEASES.values()) if number == "all" else [RELEASES[number]]
