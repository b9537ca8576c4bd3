# SPDX-License-Identifier: MIT
"""The disk of a guest: a small Debian with its kernel, made from packages, never written to."""

import os
import subprocess
from pathlib import Path

from . import cpio
from .cache import cached, files_below, key_of
from .debian import list_files, make_tree, package_list, sources
from .paths import GUEST, IMAGE_FILES, LOGS
from .progress import step
from .releases import Release
from .shell import as_root, remove_tree, run_logged

_FINISH = IMAGE_FILES / "finish.sh"
# Nothing boots from the initramfs of the distribution, and making it takes longer than the rest.
_NO_INITRAMFS = (
    'chroot "$1" dpkg-divert --quiet --local --rename --add /usr/sbin/update-initramfs && '
    'ln -s /bin/true "$1/usr/sbin/update-initramfs"'
)

# What init calls.
_APPLETS = ("chroot", "cp", "grep", "insmod", "ln", "mkdir", "mount", "poweroff", "sh",
            "switch_root", "umount")


def prepare(release: Release) -> Path:
    """A folder with root.erofs, vmlinuz, busybox and modules/."""
    lists = ["image", f"image-{release.number}"]
    if release.extra:
        lists.append(f"image-{release.extra}")
    key = key_of(*sources(release), *list_files(*lists), _NO_INITRAMFS, _FINISH)
    what = f"guest {release.named('image')} of {release}"

    def make(folder: Path) -> None:
        packages = package_list(*lists)
        tree = folder / "tree"
        hooks = [f"--essential-hook={_NO_INITRAMFS}", f'--customize-hook={_FINISH} "$1"']
        with step(f"{what}: {len(packages)} packages with what they need"):
            make_tree(tree, release, "minbase", packages, what, more=hooks)
            _take_out(tree, folder)
            log = LOGS / f"erofs-{release.number}.log"
            run_logged(as_root(["mkfs.erofs", "-T0", f"{folder}/root.erofs", str(tree)]), log, what)
        remove_tree(tree)

    return cached(GUEST / release.number / release.named("image"), key, what, make)


def _take_out(tree: Path, folder: Path) -> None:
    boot = tree / "boot"
    (kernel,) = boot.glob("vmlinuz-*")
    argv = ["cp", "-r", str(boot / "modules"), str(tree / "bin/busybox"), str(folder)]
    subprocess.run(as_root(argv), check=True)
    subprocess.run(as_root(["cp", str(kernel), str(folder / "vmlinuz")]), check=True)
    owner = f"{os.getuid()}:{os.getgid()}"
    paths = [str(folder / name) for name in ("modules", "busybox", "vmlinuz")]
    subprocess.run(as_root(["chown", "-R", owner, *paths]), check=True)


def initrd(release: Release) -> Path:
    """The initrd that puts our files over that image, so that changing them is cheap."""
    image = prepare(release)
    init = IMAGE_FILES / "init"
    added = IMAGE_FILES / "files"
    names = [str(path.relative_to(added)) for path in files_below(added)]
    key = key_of((image / "key").read_text(), Path(cpio.__file__), init, *names, *files_below(added))

    def make(folder: Path) -> None:
        archive = cpio.Archive()
        archive.add_tree(image / "modules", "modules")
        archive.add_tree(added, "files")
        archive.add_file(init, "init", 0o755)
        archive.add_file(image / "busybox", "bin/busybox", 0o755)
        for name in ("changes", "dev", "image", "proc", "root", "sys"):
            archive.add_folder(name)
        for name in _APPLETS:
            archive.add_link(f"bin/{name}", "busybox")
        (folder / "initrd").write_bytes(archive.whole())

    folder = GUEST / release.number / release.named("initrd")
    return cached(folder, key, "initrd", make) / "initrd"
