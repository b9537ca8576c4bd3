#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev guest: runs a command in a guest with this build installed and virtual sticks plugged."""

import argparse
import sys

from testbed import builds, main_wrapper, product, progress, releases, session
from testbed.accelerator import Clock


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev guest", description=__doc__)
    parser.add_argument("--release", choices=releases.RELEASES, default=releases.DEFAULT.number)
    parser.add_argument("--sticks", type=int, default=1, choices=range(0, 9), metavar="N")
    parser.add_argument("--plain", action="store_true", help="nothing installed, nothing plugged; "
                        "the build's files are in /build")
    parser.add_argument("--boot", action="store_true", help="boot instead of restoring")
    parser.add_argument("--preset", choices=product.PRESETS, default="release")
    parser.add_argument("--no-build", action="store_true", help="use the last build as it is")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS",
                        help="after which a command that has not ended is an error (600)")
    parser.add_argument("--verbose", action="store_true", help="say how long starting took")
    parser.add_argument("command", nargs="+", help="what root's shell runs in the guest")
    return parser.parse_args(arguments)


def main() -> int:
    options = options_of(sys.argv[1:])
    release = releases.RELEASES[options.release]
    build = builds.wanted(release, options.preset, options.no_build)
    # A whole boot is work enough: it ends soonest where nothing is counted.
    clock = Clock.OURS if options.boot else Clock.FASTEST
    wanted = session.Wanted(options.sticks, options.plain, options.boot, clock)
    guest = session.start(build, wanted)
    if options.verbose:
        progress.say("COMMAND starts")
    keep = True
    try:
        status = session.run(guest, " ".join(options.command), options.limit)
        session.fetch_out(guest)
        keep = False
    finally:
        guest.close(keep)
    return status


if __name__ == "__main__":
    main_wrapper.run(main)
