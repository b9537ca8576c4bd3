#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks every #include and every LINKS line against the layer table of docs/architecture.md."""

import argparse
import re
import sys
from pathlib import Path

TABLE_HEAD = re.compile(r"^\|\s*Folder\s*\|\s*May include\s*\|")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
LINKS = re.compile(r"\bLINKS\b(.*?)(?:\bSYSTEM\b|\bDESTINATION\b|\bSOURCES\b|\bLABEL\b|\))", re.S)
LIBRARY = re.compile(r"minikvm_library\s*\(.*?\)", re.S)
SOURCES = ("*.h", "*.cpp")


def read_table(document: Path) -> dict[str, set[str]]:
    """Folder -> what it may include: folders of ours, single headers, `Linux`."""
    table: dict[str, set[str]] = {}
    lines = iter(document.read_text().splitlines())
    for line in lines:
        if TABLE_HEAD.match(line):
            next(lines)  # the row of dashes
            break
    for line in lines:
        if not line.startswith("|"):
            break
        folder, allowed = (cell.strip() for cell in line.split("|")[1:3])
        table[folder.strip("`")] = {item.strip(" `") for item in allowed.split(",")}
    return table


def expand(table: dict[str, set[str]]) -> dict[str, set[str]]:
    """Replaces 'all of the above' by the folders above it."""
    expanded: dict[str, set[str]] = {}
    for folder, allowed in table.items():
        expanded[folder] = set(expanded) if "all of the above" in allowed else allowed
    return expanded


def include_errors(root: Path, folder: str, allowed: set[str], ours: set[str]) -> list[str]:
    errors = []
    for pattern in SOURCES:
        for path in sorted((root / folder).rglob(pattern)):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if match and not may_include(match.group(1), match.group(2), folder, allowed, ours):
                    name = match.group(1) or match.group(2)
                    errors.append(
                        f"{path.relative_to(root)}:{number}: {folder} may not include {name}; "
                        f"it may include: {', '.join(sorted(allowed))}"
                    )
    return errors


def may_include(
    quoted: str | None, angled: str | None, folder: str, allowed: set[str], ours: set[str]
) -> bool:
    if quoted is not None:
        top = quoted.split("/")[0]
        return top == folder or top in allowed or quoted in allowed or top not in ours
    # A C or system header ends in .h; the standard library and the third-party headers do not.
    is_system = angled is not None and angled.endswith(".h") and "Linux" not in allowed
    pure = folder == "protocol"
    return not (pure and is_system and angled not in allowed)


def link_errors(root: Path, folder: str, allowed: set[str], ours: set[str]) -> list[str]:
    errors = []
    for path in sorted((root / folder).rglob("CMakeLists.txt")):
        for library in LIBRARY.findall(path.read_text()):
            for links in LINKS.findall(library):
                for target in re.findall(r"minikvm_\w+", links):
                    linked = folder_of(target, ours)
                    if linked != folder and linked not in allowed:
                        errors.append(
                            f"{path.relative_to(root)}: {folder} may not link {target}; "
                            f"it may use: {', '.join(sorted(allowed))}"
                        )
    return errors


def folder_of(target: str, ours: set[str]) -> str:
    """minikvm_v4l2_bridge -> v4l2-bridge; minikvm_sim_serial -> sim; minikvm_ctl -> clients."""
    name = target.removeprefix("minikvm_")
    if name == "ctl":
        return "clients"
    dashed = name.replace("_", "-")
    return dashed if dashed in ours else name.split("_")[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--table", type=Path, help="default: ROOT/docs/architecture.md")
    arguments = parser.parse_args()
    document = arguments.table or arguments.root / "docs" / "architecture.md"
    table = expand(read_table(document))
    if not table:
        print(f"{document}: no table with the columns Folder and May include", file=sys.stderr)
        return 1
    ours = set(table)
    errors: list[str] = []
    for folder, allowed in table.items():
        errors += include_errors(arguments.root, folder, allowed, ours)
        errors += link_errors(arguments.root, folder, allowed, ours)
    for error in errors:
        print(error)
    print(f"layers: {len(table)} folders, {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
