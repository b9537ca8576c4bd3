# SPDX-License-Identifier: MIT
"""What decoding costs on this machine: our decoder beside TurboJPEG with nothing around it."""

from pathlib import Path

from testbed.progress import step
from testbed.releases import Release
from testbed.shell import Failed

from .record import FOLDER, Record, run_in_root

PICTURES = FOLDER / "pictures"
KINDS = ("text", "photo")
SIZES = ((1920, 1080), (1280, 720))
LIMIT, OURS = "turbojpeg and pack", "minikvm yuyv"


def make_pictures(programs: Path, release: Release) -> None:
    run = run_in_root(release, "pictures", {}, [str(programs / "bench_pictures"), str(PICTURES)])
    if not run.good:
        raise Failed(f"{run.command}: {run.said}")


def files(kind: str, height: int) -> list[Path]:
    return sorted((PICTURES / kind).glob(f"{height}-*.jpg"))


def measure(record: Record, programs: Path, release: Release, quick: bool) -> None:
    for kind in KINDS:
        for width, height in SIZES:
            with step(f"decoding {kind} {width}x{height}"):
                argv = [str(programs / "bench_decode"), "--width", str(width), "--height", str(height),
                        "--rounds", "10" if quick else "60", *map(str, files(kind, height))]
                case = {"picture": kind, "height": height, "place": "host"}
                record.add(run_in_root(release, "decoders", case, argv))
