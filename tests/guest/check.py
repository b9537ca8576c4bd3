#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev check: format, lint, layers, scripts and spelling, with the tools of Debian 12."""

import argparse
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from testbed import build_root, main_wrapper, releases, sources, tidy
from testbed.paths import BUILD, CHECKOUT
from testbed.progress import say, step

LARGE_BYTES = 512 * 1024
LICENCE = "SPDX-License-Identifier: MIT"
# What codespell would take for English: pages, and what the pinout says.
_OTHER_LANGUAGES = re.compile(r"\.(de|fr|ro)\.md$|/pinout_text\.cpp$")
WITH_LICENCE = (".h", ".cpp", ".py", ".sh", ".cmake", ".service", ".rules")


def tool(*argv: str) -> list[str]:
    """What a tool of the build root complains about; nothing if it ended well."""
    result = subprocess.run(
        build_root.inside(releases.CHECKS, argv), capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )
    said = (result.stdout + result.stderr).strip()
    return [] if result.returncode == 0 else [said or f"{argv[0]}: status {result.returncode}"]


def style() -> list[str]:
    files = sources.names(sources.with_suffix(sources.everything(), ".h", ".cpp"))
    return tool("clang-format", "--dry-run", "-Werror", *files)


def layers() -> list[str]:
    return tool("python3", "tests/check_layers.py")


def shell() -> list[str]:
    scripts = sources.for_interpreter(sources.everything(), "sh", "bash")
    return tool("shellcheck", *sources.names(scripts))


def python() -> list[str]:
    every = sources.everything()
    scripts = {*sources.with_suffix(every, ".py"), *sources.for_interpreter(every, "python3")}
    names = sorted(sources.names(list(scripts)))
    guest = [name.removeprefix("tests/guest/") for name in names if name.startswith("tests/guest/")]
    types = f"cd tests/guest && mypy --strict --cache-dir {BUILD}/check/mypy {' '.join(guest)}"
    return [*tool("pyflakes3", *names), *tool("/bin/sh", "-c", types)]


def spelling() -> list[str]:
    names = [name for name in sources.names(sources.text(sources.everything()))
             if not _OTHER_LANGUAGES.search(name)]
    allowed = "tests/data/words-allowed.txt"
    option = ["--ignore-words", allowed] if (CHECKOUT / allowed).exists() else []
    return tool("codespell", *option, *names)


def text() -> list[str]:
    """Slips that no tool above sees."""
    found = []
    for path in sources.everything():
        name = path.relative_to(CHECKOUT)
        data = path.read_bytes()
        if len(data) > LARGE_BYTES:
            found.append(f"{name}: larger than {LARGE_BYTES} bytes")
        # Captures of a device stay as they were captured.
        if b"\0" in data[:8192] or name.is_relative_to("tests/data"):
            continue
        found += [f"{name}: {slip}" for slip in slips(path, data.decode(errors="replace"))]
    return found


def slips(path: Path, content: str) -> list[str]:
    found = []
    if content and not content.endswith("\n"):
        found.append("no newline at the end")
    found += [f"{number}: white space at the end of the line"
              for number, line in enumerate(content.splitlines(), 1) if re.search(r"[ \t]$", line)]
    if path.suffix in WITH_LICENCE and content.count(LICENCE) < 1:
        found.append(f"no line {LICENCE}")
    return found


CHECKS: dict[str, Callable[[], list[str]]] = {
    "format": style,
    "layers": layers,
    "shell": shell,
    "python": python,
    "spelling": spelling,
    "text": text,
    "tidy": tidy.complaints,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev check", description=__doc__)
    parser.add_argument("check", nargs="*", choices=[*CHECKS, []], metavar="CHECK",
                        help=f"which: {' '.join(CHECKS)} (all)")
    options = parser.parse_args()
    failed = []
    for name in options.check or CHECKS:
        with step(f"check {name}"):
            said = CHECKS[name]()
        for line in said:
            print(line, flush=True)
        if said:
            failed.append(name)
    say(f"failed: {' '.join(failed)}" if failed else "all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    main_wrapper.run(main)
