# SPDX-License-Identifier: MIT
"""A root per release with compilers and libraries, in which commands run without being installed."""

import os
from collections.abc import Sequence
from pathlib import Path

from .cache import cached, key_of
from .debian import list_files, make_tree, package_list, sources
from .paths import BUILD_ROOTS, CHECKOUT
from .progress import step
from .releases import Release
from .shell import as_root

# What a root is for, as the lists of packages that it has.
COMPILING = ("build",)
PACKAGING = ("build", "package")

_ENTER = Path(__file__).with_name("enter_root.sh")


def prepare(release: Release, purpose: Sequence[str] = COMPILING) -> Path:
    lists = [name for use in purpose for name in (use, f"{use}-{release.number}")]
    key = key_of(*sources(release), *list_files(*lists))
    name = "-".join([release.number, *purpose[1:]])
    what = f"build root {name}"

    def make(folder: Path) -> None:
        packages = package_list(*lists)
        with step(f"{what}: {len(packages)} packages with what they need"):
            make_tree(folder / "tree", release, "minbase", packages, what,
                      kept=("lintian", "doc") if "package" in purpose else ())

    return cached(BUILD_ROOTS / name, key, what, make) / "tree"


def inside(
    release: Release, argv: Sequence[str], purpose: Sequence[str] = COMPILING
) -> list[str]:
    """The command that runs argv in the build root, at the checkout, as who started this program.

    It has its own mount and process namespaces: nothing stays mounted, nothing stays running.
    """
    tree = prepare(release, purpose)
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private"]
    script = ["/bin/sh", str(_ENTER), str(tree), str(CHECKOUT), f"{os.getuid()}:{os.getgid()}"]
    return [*as_root([*namespaces, *script]), *argv]
