#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev test: builds, then runs the tests of all kinds on all releases."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from testbed import (
    builds, guest_tests, image, main_wrapper, native_tests, product, qemu, releases
)
from testbed.releases import Release
from testbed.results import Results

KINDS = ("unit", "os", "guest")


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev test", description=__doc__)
    parser.add_argument("kind", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)} (all)")
    releases.add_option(parser, "all")
    parser.add_argument("-k", dest="word", default="", metavar="WORD",
                        help="only tests with this in their name")
    parser.add_argument("--long", action="store_true",
                        help="also the tests that take minutes, such as 10,000 random schedules and the packages")
    parser.add_argument("--preset", choices=product.PRESETS, default="release")
    parser.add_argument("--jobs", type=int, default=1, help="guests at the same time")
    parser.add_argument("--no-build", action="store_true", help="use the last builds as they are")
    options = parser.parse_args()
    for kind in options.kind:
        if kind not in KINDS:
            parser.error(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    options.kind = options.kind or list(KINDS)
    return options


def prepare_images(wanted: list[Release]) -> None:
    for release in wanted:
        image.initrd(release)
    if wanted:
        qemu.prepare()


def main() -> int:
    options = options_of()
    wanted = releases.chosen(options.release)
    results = Results()
    with ThreadPoolExecutor(1) as aside:
        # Images are unpacked by one processor while the other compiles.
        images = aside.submit(prepare_images, wanted if "guest" in options.kind else [])
        for release in wanted:
            if not options.no_build:
                product.build(release, options.preset)
            for kind in options.kind:
                if kind != "guest":
                    native_tests.run(kind, release, options.preset, options.word, results,
                                     long=options.long)
        images.result()
    if "guest" in options.kind:
        guest_tests.run(
            [builds.wanted(release, options.preset, options.no_build) for release in wanted],
            options.word, options.jobs, results, long=options.long,
        )
    return results.finish()


if __name__ == "__main__":
    main_wrapper.run(main)
