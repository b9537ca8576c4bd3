# SPDX-License-Identifier: MIT
"""Makes the Debian packages of this checkout, as dpkg-buildpackage makes them anywhere."""

import shutil
import subprocess
from pathlib import Path

from . import build_root, sources
from .cache import cached, key_of
from .paths import BUILD, CHECKOUT
from .progress import step
from .releases import Release
from .shell import Failed

_METAINFO = "docs/metainfo/*.metainfo.xml"
_CHECKS = (
    "lintian --fail-on warning --info ../*.changes && "
    f"appstreamcli validate --no-net {_METAINFO} && "
    "zsh -n clients/ctl/completions/_minikvmctl && "
    "fish --no-execute clients/ctl/completions/minikvmctl.fish && "
    "for page in docs/man/*.scd; do "
    "said=$(scdoc <$page 2>&1 >/dev/null); [ -z \"$said\" ] || { echo $page: $said; exit 1; }; done"
)


def folder(release: Release) -> Path:
    return BUILD / "package" / release.number


def make(release: Release) -> list[Path]:
    """The packages of the checkout as it is, made anew if one of its files has changed.

    Errors: Failed when they do not build, or when lintian or appstreamcli has a complaint.
    """
    # The tests are not compiled for a package, and a changed test is no other package.
    files = [path for path in sources.everything() if not path.is_relative_to(CHECKOUT / "tests")]
    key = key_of(str(build_root.prepare(release, build_root.PACKAGING)), *files)

    def build(target: Path) -> None:
        tree = target / "minikvm"
        for path in files:
            copy = tree / path.relative_to(CHECKOUT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        # Without symbols, which nobody here reads and whose making takes as long as the rest.
        _run(release, tree, "DEB_BUILD_OPTIONS='noautodbgsym parallel=2' "
             "dpkg-buildpackage --build=binary --no-sign", "Debian packages")
        _run(release, tree, _CHECKS, "lintian, appstreamcli, completions and manual pages")

    made = cached(folder(release), key, f"packages for {release}", build)
    return sorted(made.glob("*.deb"))


def _run(release: Release, tree: Path, commands: str, what: str) -> None:
    with step(f"{what} for {release}"):
        script = f"cd {tree} && {{ {commands}; }} 1>&2"
        argv = build_root.inside(release, ["/bin/sh", "-c", script], build_root.PACKAGING)
        if subprocess.run(argv, stdin=subprocess.DEVNULL).returncode != 0:
            raise Failed(f"{what} for {release}: failed; see above")
