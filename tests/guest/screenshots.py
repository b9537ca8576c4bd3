#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev screenshots: has tests photograph applications, and puts the pictures in docs/images."""

import argparse
import shutil

from testbed import builds, guest_tests, main_wrapper, releases
from testbed.paths import IMAGES, VIEWERS
from testbed.progress import say
from testbed.results import Results

# The classes that keep a picture: see WindowCase.
_TESTS = guest_tests.Chosen((".Window.",), slow=True)
_JOBS = 2  # guests at the same time


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev screenshots", description=__doc__)
    parser.add_argument("--release", choices=releases.RELEASES, default=releases.DEFAULT.number)
    parser.add_argument("--no-build", action="store_true", help="use the last build as it is")
    options = parser.parse_args()
    release = releases.RELEASES[options.release]
    build = builds.wanted(release, "release", options.no_build)
    taken = VIEWERS / release.number
    shutil.rmtree(taken, ignore_errors=True)
    results = Results()
    guest_tests.run([build], _TESTS, _JOBS, results)
    # One that failed leaves its old picture in the documents.
    for picture in sorted(taken.glob("*.png")):
        shutil.copy(picture, IMAGES)
        say(f"{IMAGES / picture.name}: {picture.stat().st_size} bytes")
    return results.finish()


if __name__ == "__main__":
    main_wrapper.run(main)
