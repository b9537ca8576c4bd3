#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev test: builds, then runs the tests of all kinds on all releases."""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from testbed import (
    builds, fuzz_tests, guest_tests, image, kernel, main_wrapper, native_tests, product, qemu, releases
)
from testbed.releases import Release
from testbed.results import Results

KINDS = ("unit", "os", "fuzz", "guest")
# Fuzzing finds what nobody thought of, so it takes as long as it is let: a minute in all where it is
# one kind of many, a minute a target where it is what was asked for.
_FUZZ_BRIEFLY_S = 24
_FUZZ_S = 60


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev test", description=__doc__)
    parser.add_argument("kind", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)} (default: all of these)")
    releases.add_option(parser, "all")
    parser.add_argument("-k", dest="words", action="append", default=[], metavar="WORD",
                        help="only tests with this in their name; once more: or with that")
    parser.add_argument("--long", action="store_true",
                        help="also the tests that take minutes, such as 10,000 random schedules and the packages; "
                             "on every release also those for which one will do")
    parser.add_argument("--slow", action="store_true",
                        help="also the tests with VLC, Chromium and the like, in a guest of their own")
    parser.add_argument("--fuzz-seconds", type=int,
                        help=f"for each fuzz target ({_FUZZ_S}, {_FUZZ_BRIEFLY_S} among all kinds)")
    parser.add_argument("--preset", choices=product.PRESETS, default="release")
    # A guest counts instructions for time, so that none is late for anything, however many run;
    # for a fifth of the time it waits.
    jobs = max(2, (os.cpu_count() or 1) * 3 // 2)
    parser.add_argument("--jobs", type=int, default=jobs, help=f"guests at the same time ({jobs})")
    parser.add_argument("--no-build", action="store_true", help="use the last builds as they are")
    options = parser.parse_args()
    for kind in options.kind:
        if kind not in KINDS:
            parser.error(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    if options.fuzz_seconds is None:
        options.fuzz_seconds = _FUZZ_S if options.kind or options.long else _FUZZ_BRIEFLY_S
    options.kind = options.kind or list(KINDS)
    return options


def prepare_images(wanted: list[Release], tests: guest_tests.Chosen) -> None:
    for release in wanted:
        for extra in guest_tests.images(tests):
            image.initrd(replace(release, extra=extra))
            kernel.prepare(replace(release, extra=extra))
    if wanted:
        qemu.prepare()


def main() -> int:
    options = options_of()
    wanted = releases.chosen(options.release)
    results = Results()
    tests = guest_tests.Chosen(tuple(options.words), options.long, options.slow)
    with ThreadPoolExecutor(1) as aside:
        # Images are unpacked by one processor while the other compiles.
        images = aside.submit(prepare_images, wanted if "guest" in options.kind else [], tests)
        native = [kind for kind in options.kind if kind in ("unit", "os")]
        for release in wanted:
            if native and not options.no_build:
                product.build(release, options.preset)
            for kind in native:
                native_tests.run(kind, release, options.preset, options.words, results,
                                 long=options.long)
        if "fuzz" in options.kind and fuzz_tests.RELEASE in wanted:
            fuzz_tests.run(options.words, options.fuzz_seconds, results)
        images.result()
    if "guest" in options.kind:
        built = [builds.wanted(release, options.preset, options.no_build) for release in wanted]
        guest_tests.run(built, tests, options.jobs, results)
        if not options.words:
            guest_tests.run_failed_again(built, results)
    return results.finish()


if __name__ == "__main__":
    main_wrapper.run(main)
