# SPDX-License-Identifier: MIT
"""A restart or a crash of the daemon leaves the stick as it is."""

from testbed.case import GuestCase

_DEVICE = "1d6b:0104"  # what a virtual stick's USB-A port holds
_SET = {"video/format": "yuyv", "video/size": "1280x720", "video/rate_hz": "10",
        "usb/follow_slide": "no", "input/jiggler": "60"}
_TAKEN_OVER = "serial port taken over from the process before"


class RestartCase(GuestCase):
    def await_takeovers(self, count: int) -> None:
        self.guest.wait_until(
            f"test $(journalctl -b -o cat -u 'minikvmd@*' | grep -c '{_TAKEN_OVER}') -eq {count} && "
            "minikvmctl get state | grep -qx ready", 20)


class Restart(RestartCase):
    def device_number(self) -> str:
        """A device that was off for a moment comes back under another number."""
        return self.guest.out(f"lsusb -d {_DEVICE} | grep -o 'Device [0-9]*'")

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


class SetValues(RestartCase):
    either = True

    def test_hold_until_the_file_changes(self) -> None:
        for name, value in _SET.items():
            self.guest.run(f"minikvmctl set {name} {value}", 60)
        [camera] = self.guest.out("minikvmctl get video/cameras").split()

        self.guest.run("systemctl kill --signal=KILL --kill-whom=main 'minikvmd@*'")
        self.await_takeovers(1)
        self.assertEqual(self.values(), _SET)
        self.assertEqual(self.guest.out("minikvmctl get video/cameras"), camera)
        self.guest.run("systemctl restart 'minikvmd@*'")
        self.await_takeovers(2)
        self.assertEqual(self.values(), _SET)

        self.guest.run("mkdir -p /etc/minikvm && echo 'video.rate_hz = 20' >/etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")
        self.await_takeovers(3)
        self.assertEqual(self.values(), {**_SET, "video/rate_hz": "20"})
        self.guest.run("u=$(systemctl list-units --plain --no-legend 'minikvmd@*' | cut -d' ' -f1) && "
                       "systemctl stop $u && systemctl start $u")
        self.guest.wait_until("minikvmctl get state | grep -qx ready")
        self.assertEqual(self.guest.out("minikvmctl get usb/follow_slide"), "yes")

    def values(self) -> dict[str, str]:
        return {name: self.guest.out(f"minikvmctl get {name}") for name in _SET}
