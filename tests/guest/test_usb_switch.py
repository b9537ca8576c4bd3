# SPDX-License-Identifier: MIT
"""The USB-A port changes sides, and says whether it was seen to."""

from testbed.case import GuestCase

# The device that a virtual stick's USB-A port holds.
_DEVICE = "1d6b:0104"
_VERIFY_S = 15


class UsbSwitch(GuestCase):
    def on_host(self) -> bool:
        return self.guest.run(f"lsusb -d {_DEVICE}", check=False).status == 0

    def await_verdict(self) -> str:
        return self.guest.wait_until(
            "verdict=$(minikvmctl get usb/verified) && test $verdict != pending && echo $verdict",
            _VERIFY_S,
        )

    def test_the_device_leaves_for_the_target(self) -> None:
        self.assertTrue(self.on_host())

        self.guest.run("minikvmctl set usb/switch target")

        self.assertEqual(self.await_verdict(), "yes")
        self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "target")
        self.assertFalse(self.on_host())

    def test_the_device_comes_back_to_the_host(self) -> None:
        self.guest.run("minikvmctl set usb/switch target")
        self.await_verdict()

        self.guest.run("minikvmctl set usb/switch host")

        self.assertEqual(self.await_verdict(), "yes")
        self.assertTrue(self.on_host())
        self.assertIn(_DEVICE, self.guest.out("minikvmctl get usb/device"))

    def test_a_switch_that_did_nothing_is_not_called_done(self) -> None:
        self.guest.sim("fault ignore-switch on")

        self.guest.run("minikvmctl set usb/switch target", check=False)

        self.assertEqual(self.await_verdict(), "no")

    def test_a_wrong_side_is_refused_with_the_good_ones(self) -> None:
        refused = self.guest.run("minikvmctl set usb/switch sideways", check=False)

        self.assertEqual(refused.status, 2)
        for word in ("sideways", "host", "target", "toggle"):
            self.assertIn(word, refused.err)
