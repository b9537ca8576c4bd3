# SPDX-License-Identifier: MIT
"""What a guest test inherits: a fresh guest for each test, whose kernel log is judged at the end."""

import unittest
from typing import ClassVar

from . import session
from .accelerator import Clock
from .builds import Build
from .guest import Guest
from .releases import Release
from .shell import Failed

_JOURNAL = "journalctl -b -n 120 -o short-monotonic --no-pager -q"


class GuestCase(unittest.TestCase):
    """Tests of one subject.

    Shape:   class attributes say what guest is wanted; self.guest is there in every test.
    Limits:  a guest is restored from a saved state in a second, unless it is booted.
    """

    sticks: ClassVar[int] = 1
    clock: ClassVar[Clock] = Clock.SLOW  # a faster one where the machine is to keep up: takes longer
    plain: ClassVar[bool] = False  # nothing installed, nothing plugged; the build's files in /build
    boot: ClassVar[bool] = False
    long: ClassVar[bool] = False  # takes minutes to prepare: runs with ./dev test --long
    either: ClassVar[bool] = False  # of our code alone, the same in both releases: one of them will do
    slow: ClassVar[bool] = False  # applications in an image of theirs: runs with ./dev test --slow
    extra: ClassVar[str] = ""  # the guest has the packages of image-EXTRA.txt besides

    # Set by the runner, the same for every test of its process.
    build: ClassVar[Build]

    guest: Guest
    remarks: list[str]

    @property
    def release(self) -> Release:
        return self.build.release

    def setUp(self) -> None:
        self.remarks = []
        wanted = session.Wanted(self.sticks, self.plain, self.boot, self.clock)
        machine = session.start(self.build.for_guests_with(self.extra), wanted)
        self.addCleanup(machine.close)
        self.guest = Guest(machine)
        self.addCleanup(self.judge_kernel_log)

    def remark(self, text: str) -> None:
        """What the output shows of this test even when it passes."""
        self.remarks.append(text)

    def story(self) -> str:
        """What happened in the guest so far, for a person who wants to know why a test failed."""
        if not hasattr(self, "guest"):
            return "there was no guest"
        try:
            return "\n".join(["journal:", self.guest.out(_JOURNAL, limit_s=30),
                              "console:", self.guest.console(10)])
        except (AssertionError, Failed) as reason:
            return f"the guest says no more: {reason}\nconsole:\n{self.guest.console()}"

    def judge_kernel_log(self) -> None:
        complaints = self.guest.kernel_complaints()
        if complaints:
            self.fail("the kernel says what kernel-allowed.txt does not explain:\n"
                      + "\n".join(complaints))
