# SPDX-License-Identifier: MIT
"""A restart or a crash of the daemon leaves the stick as it is."""

from testbed.case import GuestCase

_DEVICE = "1d6b:0104"  # what a virtual stick's USB-A port holds
_TAKEN_OVER = "serial port taken over from the process before"


class Restart(GuestCase):
    def device_number(self) -> str:
        """A device that was off for a moment comes back under another number."""
        return self.guest.out(f"lsusb -d {_DEVICE} | grep -o 'Device [0-9]*'")

    def await_takeovers(self, count: int) -> None:
        self.guest.wait_until(
            f"test $(journalctl -b -o cat -u 'minikvmd@*' | grep -c '{_TAKEN_OVER}') -eq {count} && "
            "minikvmctl get state | grep -qx ready", 20)

    def test_by_hand_does_not_switch_the_usb_port_off(self) -> None:
        number = self.device_number()

        self.guest.run("systemctl restart 'minikvmd@*'")

        self.await_takeovers(1)
        self.assertEqual(self.device_number(), number)

    def test_after_a_kill_does_not_switch_the_usb_port_off(self) -> None:
        number = self.device_number()

        for count in (1, 2):
            self.guest.run("systemctl kill --signal=KILL --kill-whom=main 'minikvmd@*'")
            self.await_takeovers(count)

        self.assertEqual(self.device_number(), number)

    def test_keeps_nothing_but_the_camera_of_a_stick_that_was_pulled(self) -> None:
        self.guest.run("systemctl restart 'minikvmd@*'")
        self.await_takeovers(1)

        # A reader of the tree, so that the process stays.
        self.guest.start("minikvmctl watch state")
        self.guest.sim("unplug")
        self.guest.wait_until("minikvmctl get state | grep -qx absent")
        kept = self.guest.out("systemctl show -P NFileDescriptorStore 'minikvmd@*'")
        self.guest.sim("replug")

        self.assertEqual(kept, "2", "the camera's node and its lock")
        self.guest.wait_until("minikvmctl get state | grep -qx ready", 30)
        self.assertEqual(self.guest.out("minikvmctl get serial/node"), "/dev/ttyUSB0")
