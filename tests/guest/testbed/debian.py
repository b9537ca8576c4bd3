# SPDX-License-Identifier: MIT
"""Makes trees of Debian packages with mmdebstrap."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .paths import LOGS, PACKAGES
from .releases import Release
from .shell import as_root, run_logged

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Nobody reads manuals in these trees; leaving them out saves a quarter of the time. Debian's tools look
# for data of their own beside some of them.
_LEFT_OUT = ("doc", "info", "locale", "man", "lintian", "bug")


def package_list(*names: str) -> list[str]:
    """The packages named in packages/NAME.txt of each name; a list that does not exist is empty."""
    packages: list[str] = []
    for path in list_files(*names):
        lines = (line.strip() for line in path.read_text().splitlines())
        packages += [line for line in lines if line and not line.startswith("#")]
    return packages


def list_files(*names: str) -> list[Path]:
    paths = (PACKAGES / f"{name}.txt" for name in names)
    return [path for path in paths if path.exists()]


def sources(release: Release) -> list[str]:
    """What a default installation has: the release, its updates and its security fixes."""
    option = f"[signed-by={_KEYRING}]"
    return [
        f"deb {option} http://deb.debian.org/debian {release.codename} main",
        f"deb {option} http://deb.debian.org/debian {release.codename}-updates main",
        f"deb {option} http://deb.debian.org/debian-security {release.codename}-security main",
    ]


def make_tree(
    tree: Path, release: Release, variant: str, packages: Sequence[str], what: str, *,
    kept: Sequence[str] = (), more: Sequence[str] = (),
) -> None:
    """Folders of /usr/share that are left out otherwise can be kept; more are mmdebstrap's own options."""
    # What it mounts below the tree goes with it, also when it is killed.
    argv = ["unshare", "--mount", "mmdebstrap", "--mode=root", f"--variant={variant}", "--architectures=amd64"]
    argv += [f"--include={','.join(packages)}", "--dpkgopt=force-unsafe-io"]
    argv += [f"--extract-hook={_leave_out(kept)}"]
    argv += [f"--aptopt={option}" for option in _apt_options()]
    argv += [*more, release.codename, str(tree), *sources(release)]
    run_logged(as_root(argv), LOGS / f"mmdebstrap-{tree.parent.name}-{tree.name}.log", what)


def _leave_out(kept: Sequence[str]) -> str:
    """For dpkg alone: told by --dpkgopt, mmdebstrap sends each package that it extracts itself through a
    filter, which takes a second a package.
    """
    lines = " ".join(f"'path-exclude=/usr/share/{name}/*'" for name in _LEFT_OUT if name not in kept)
    return ('mkdir -p "$1/etc/dpkg/dpkg.cfg.d" && '
            f'printf "%s\\n" {lines} >"$1/etc/dpkg/dpkg.cfg.d/left-out"')


def _apt_options() -> list[str]:
    """Options of this machine's apt that say which mirror states are believed (a frozen mirror)."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True)
    wanted = ("Acquire::Check-Valid-Until ", "Acquire::Check-Date ")
    taken = [line.rstrip(";") for line in dump.stdout.splitlines() if line.startswith(wanted)]
    return ['APT::Install-Recommends "false"', 'Acquire::Languages "none"', *taken]
