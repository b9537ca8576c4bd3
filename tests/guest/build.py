#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev build: compiles in the build root of one release or of all."""

import argparse

from testbed import main_wrapper, product, releases


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev build", description=__doc__)
    releases.add_option(parser, releases.DEFAULT.number)
    parser.add_argument("--preset", choices=product.PRESETS, default="release")
    options = parser.parse_args()
    for release in releases.chosen(options.release):
        product.build(release, options.preset)
    return 0


if __name__ == "__main__":
    main_wrapper.run(main)
