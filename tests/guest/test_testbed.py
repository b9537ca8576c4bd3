# SPDX-License-Identifier: MIT
"""The guests themselves: what every other guest test relies on, with the gates that must be able to fail."""

import time
import unittest

from testbed import kernel_log
from testbed.case import GuestCase


class PlainGuest(GuestCase):
    plain = True

    def test_has_the_kernel_module_of_its_release(self) -> None:
        version = {"12": "0.12.7", "13": "0.15.0"}[self.release.number]

        self.assertRegex(self.guest.out("dkms status -k $(uname -r)"),
                         rf"v4l2loopback/{version}.*: installed")
        self.guest.run("modprobe v4l2loopback")

    def test_knows_the_time(self) -> None:
        now = float(self.guest.out("date +%s", limit_s=20))

        self.assertLess(abs(time.time() - now), 5)

    def test_passes_on_output_and_status(self) -> None:
        outcome = self.guest.run("echo one; echo two >&2; exit 7", check=False)

        self.assertEqual((outcome.status, outcome.out, outcome.err), (7, "one\n", "two\n"))

    def test_ends_a_command_that_left_a_daemon_behind(self) -> None:
        self.guest.run("sleep 300 & echo started", limit_s=20)

    def test_carries_files_both_ways(self) -> None:
        content = bytes(range(256)) * 4096

        self.guest.put("/tmp/file", content)

        self.assertEqual(self.guest.get("/tmp/file"), content)

    def test_stops_what_does_not_end(self) -> None:
        running = self.guest.start("echo ready; sleep 300")
        running.wait_for_output("ready")

        self.assertEqual(running.stop().status, 128 + 15)

    def test_says_which_command_did_not_end(self) -> None:
        with self.assertRaisesRegex(AssertionError, "sleep 300: no end after 1 s"):
            self.guest.run("sleep 300", limit_s=1)


class KernelLogGate(GuestCase):
    plain = True

    def judge_kernel_log(self) -> None:
        """Not at the end: what this test plants is not to fail it."""

    def test_rejects_a_warning_that_nobody_explained(self) -> None:
        self.guest.run("echo '<4>planted warning' >/dev/kmsg")

        with self.assertRaisesRegex(AssertionError, "planted warning"):
            super().judge_kernel_log()


class Allowances(unittest.TestCase):
    def test_every_allowance_names_its_cause(self) -> None:
        self.assertTrue(kernel_log.read_allowed())
