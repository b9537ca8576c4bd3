# SPDX-License-Identifier: MIT
"""Where everything is: the checkout's own folders, and the caches in build/."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGES = CHECKOUT / "tests/guest/packages"
IMAGE_FILES = CHECKOUT / "tests/guest/image"
IMAGES = CHECKOUT / "docs/images"

BUILD = CHECKOUT / "build"
BUILD_ROOTS = BUILD / "root"
CMAKE = BUILD / "cmake"
LOGS = BUILD / "log"
GUEST = BUILD / "guest"
QEMU = GUEST / "qemu"
RUNS = GUEST / "run"
OUT = GUEST / "out"
VIEWERS = BUILD / "viewers"  # pictures of what applications show
