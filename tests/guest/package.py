#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev package: the Debian packages of one release or of all, checked by lintian."""

import argparse

from testbed import debian_packages, main_wrapper, releases


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev package", description=__doc__)
    releases.add_option(parser, releases.DEFAULT.number)
    options = parser.parse_args()
    for release in releases.chosen(options.release):
        for package in debian_packages.make(release):
            print(package)
    return 0


if __name__ == "__main__":
    main_wrapper.run(main)
