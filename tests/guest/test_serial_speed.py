# SPDX-License-Identifier: MIT
"""A chip at its factory's speed is used, moved to a higher one, and found again when it forgets."""

import target_text
from testbed.case import GuestCase

_FAST = "test \"$(minikvmctl get serial/baud_bd)\" = 115200"
# Asking at each speed and one reset of 0.7 s, on an emulated machine.
_RAISE_S = 30


class SerialSpeed(GuestCase):
    either = True

    def setUp(self) -> None:
        super().setUp()
        self.guest.wait_until(_FAST, _RAISE_S)

    def test_a_chip_of_the_factory_is_raised_for_good(self) -> None:
        self.guest.sim("chip factory")

        self.guest.wait_until("minikvm-sim ctl --stick 0 chip | grep -q speed=9600")
        self.guest.wait_until("minikvm-sim ctl --stick 0 chip | grep -q speed=115200", _RAISE_S)
        self.guest.wait_until(_FAST, _RAISE_S)

        self.guest.run("journalctl -u 'minikvmd@*' | grep -q 'keeps a higher speed from now on'")

    def test_a_chip_that_forgets_its_speed_while_typing_loses_nothing(self) -> None:
        text = "0123456789abcdefghijklmnopqrstuvwxyz" * 8
        before = len(self.guest.recorded())
        typing = self.guest.start(f"minikvmctl type --rate 20 {text}")

        self.guest.wait_until("test $(grep -c keyboard /run/minikvm-sim/0.jsonl) -gt 60")
        self.guest.sim("chip factory")
        typed = typing.wait(limit_s=120)

        # Between two commands nothing is lost; within one, type says which it was.
        arrived = target_text.typed(self.guest, "us", before)
        if typed.status == 0:
            self.assertEqual(arrived, text)
        else:
            self.assertIn("1 of 288 characters may be lost or doubled", typed.err)
            self.assertLessEqual(abs(len(arrived) - len(text)), 1)
