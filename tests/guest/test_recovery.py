# SPDX-License-Identifier: MIT
"""An input chip that falls silent is woken by what wakes it, and holds nothing afterwards."""

from typing import Any

import sink
import target_text
from testbed.case import GuestCase

# Silence is believed after some seconds; each remedy then has five to help.
_WAKE_S = 90


class RecoveryCase(GuestCase):
    either = True

    def wake(self, wedge: str) -> dict[str, Any]:
        """A chip that falls silent while a key is held; what the target is told first afterwards."""
        [stick] = self.guest.stick_ids()
        keyboard = sink.node(stick, "keyboard")
        self.guest.wait_until("minikvmctl get input/target | grep -qx connected")
        program = sink.hold(self.guest, keyboard, [sink.key("KEY_A", 1)])
        self.guest.wait_until("minikvm-sim ctl target | grep -q keys=4")

        self.guest.sim(f"chip wedge {wedge}")
        before = len(self.guest.recorded())
        program.stop(9)

        self.guest.wait_until("minikvmctl get input/problem | grep 'does not answer'", _WAKE_S)
        self.guest.wait_until("test -z \"$(minikvmctl get input/problem)\"", _WAKE_S)
        self.guest.wait_until("minikvm-sim ctl target | grep -q keys=0")
        return self.guest.recorded()[before]

    def count(self, name: str) -> int:
        return int(self.guest.out(f"minikvmctl get {name}"))

    def remedies(self) -> int:
        return int(self.guest.out(
            "journalctl -u 'minikvmd@*' | grep -c 'the input chip does not answer, ' || true"))

    def assert_types(self) -> None:
        before = len(self.guest.recorded())
        self.guest.run("minikvmctl type hello")
        self.assertEqual(target_text.typed(self.guest, "us", before), "hello")


class RecoveryByCommand(RecoveryCase):
    def test_a_mute_chip_is_told_to_reset_itself(self) -> None:
        first = self.wake("reset")

        self.assertEqual(first["event"], "chip-left")
        self.assertEqual(self.count("input/resets"), 1)
        self.assertEqual(self.count("serial/reopens"), 0)
        self.assertEqual(self.remedies(), 1)
        self.assert_types()


class RecoveryByUsbReset(RecoveryCase):
    long = True  # two remedies have to fail first

    def test_a_mute_line_is_reset_on_the_usb_bus(self) -> None:
        # A slow open of the port resets the chip, which would let go of the key as well.
        self.guest.sim("chip def-reset-ms 60000")

        first = self.wake("usb")

        self.assertEqual(first["keys"], [])
        self.assertEqual(self.count("serial/reopens"), 1)
        self.assertEqual(self.count("serial/resets"), 1)
        self.assertEqual(self.remedies(), 3)
        self.assert_types()
