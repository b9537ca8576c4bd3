# SPDX-License-Identifier: MIT
"""Runs a command's main function, turning what went wrong into one message with an exit status."""

import sys
from collections.abc import Callable
from typing import NoReturn

from .progress import say
from .shell import Failed

INTERRUPTED = 130


def run(main: Callable[[], int]) -> NoReturn:
    try:
        status = main()
    except Failed as failure:
        say(f"error: {failure}")
        status = 1
    except KeyboardInterrupt:
        say("interrupted")
        status = INTERRUPTED
    sys.exit(status)
