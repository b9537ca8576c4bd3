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

    def test_a_command_waits_until_it_was_seen(self) -> None:
        for side, there in (("target", False), ("host", True), ("toggle", False)):
            self.guest.run(f"minikvmctl usb {side} --wait")
            self.assertEqual(self.on_host(), there, side)

    def test_a_command_says_what_it_saw_instead(self) -> None:
        self.guest.sim("fault ignore-switch on")

        answer = self.guest.run("timeout 10 minikvmctl usb target --wait", check=False)

        self.assertEqual(answer.status, 5)
        self.assertIn(f"{_DEVICE} ", answer.err)
        self.assertIn("is on this computer", answer.err)

    def test_the_device_is_reset_where_there_is_one(self) -> None:
        self.guest.run("minikvmctl set usb/reset 1")

        self.guest.run("dmesg | grep 'usb [0-9]*-3: reset .* device'")
        self.guest.sim("usb-a out")
        self.guest.wait_until('test -z "$(minikvmctl get usb/device)"')
        refused = self.guest.run("minikvmctl set usb/reset 1", check=False)
        self.assertNotEqual(refused.status, 0)
        self.assertIn("nothing is plugged in there", refused.err)

    def test_the_device_restarts_when_its_power_is_cycled(self) -> None:
        before = self.device_number()

        self.guest.run("minikvmctl usb cycle --wait")

        self.assertNotEqual(self.device_number(), before)

    def device_number(self) -> str:
        return self.guest.out(f"lsusb -d {_DEVICE}").split(":")[0]

    def test_the_device_is_gone_while_its_power_is_off(self) -> None:
        self.assertEqual(self.guest.out("minikvmctl set usb/power off"), "off")
        self.assertEqual(self.await_verdict(), "yes")
        self.assertFalse(self.on_host())

        self.guest.run("minikvmctl set usb/power on")
        self.assertEqual(self.await_verdict(), "yes")
        self.assertTrue(self.on_host())


class Slide(GuestCase):
    either = True

    def slide(self, side: str) -> None:
        self.guest.sim(f"slide {side}")
        self.guest.wait_until(f"test $(minikvmctl get usb/slide) = {side}", _VERIFY_S)

    def test_takes_the_port_along(self) -> None:
        self.slide("target")

        self.guest.wait_until("test $(minikvmctl get usb/switch) = target", _VERIFY_S)
        self.assertEqual(self.guest.out("minikvmctl get usb/moved_by"), "slide")

        self.guest.run("minikvmctl usb host --wait")
        self.assertEqual(self.guest.out("minikvmctl get usb/moved_by"), "client")

    def test_moves_nothing_where_it_is_not_followed(self) -> None:
        self.guest.run("minikvmctl set usb/follow_slide no")

        self.slide("target")

        self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "host")


class Policy(GuestCase):
    either = True

    def test_moves_the_port_as_the_stick_and_the_target_come_and_go(self) -> None:
        [stick] = self.guest.stick_ids()
        policy = "usb = { at_start = 'target', without_target = 'host', at_stop = 'target' }\n"
        self.guest.put("/run/minikvm.toml", policy.encode())
        self.guest.run("install -D -m 644 /run/minikvm.toml /etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get state | grep -qx ready", _VERIFY_S)
        self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "host", "a restart is no plug")

        self.guest.sim("unplug")
        self.guest.sim("replug")
        self.await_move("start", "target")
        self.guest.sim("target absent")
        self.await_move("without-target", "host")
        self.guest.wait_until(f"lsusb -d {_DEVICE}", _VERIFY_S)
        self.guest.run(f"systemctl stop minikvmd@{stick}")
        self.guest.wait_until(f"! lsusb -d {_DEVICE}", _VERIFY_S)

    def await_move(self, mover: str, side: str) -> None:
        self.guest.wait_until(f"test $(minikvmctl get usb/moved_by) = {mover} && "
                              f"test $(minikvmctl get usb/switch) = {side}", _VERIFY_S)


class CaptureChip(GuestCase):
    either = True

    def replug(self) -> None:
        self.guest.sim("unplug capture")
        self.guest.wait_until("test $(minikvmctl get state) = no-capture", _VERIFY_S)
        self.guest.sim("replug capture")
        self.guest.wait_until("minikvmctl get state | grep -E 'ready|no-camera'", _VERIFY_S)

    def test_with_firmware_of_others_has_no_switch(self) -> None:
        self.guest.sim("firmware factory")
        self.replug()
        self.guest.wait_until("minikvmctl get usb/problem | grep firmware", _VERIFY_S)

        refused = self.guest.run("minikvmctl usb target", check=False)

        self.assertEqual(refused.status, 1)
        self.assertIn("not available", refused.err)
        self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "unknown")
        self.assertEqual(self.guest.out("minikvmctl get hdmi/mode"), "unknown")

    def test_is_believed_only_where_its_answer_fits_the_question(self) -> None:
        for fault in ("late", "wrong-address"):
            self.guest.sim(f"fault registers {fault}")
            self.replug()

            self.guest.wait_until(
                "test $(minikvmctl get hdmi/mode) = 1920x1080@60.00", _VERIFY_S)
            self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "host")

    def test_never_shows_half_of_a_change_of_mode(self) -> None:
        self.guest.sim("fault registers torn")
        self.guest.run("minikvmctl watch hdmi/mode >/tmp/modes & echo $! >/tmp/watcher")

        for mode in ("1280x720@60", "1024x768@60", "1920x1080@60"):
            self.guest.sim(f"input {mode}")
            size = mode.split("@")[0]
            self.guest.wait_until(f"minikvmctl get hdmi/mode | grep {size}@", _VERIFY_S)

        seen = {line.split()[1].split("@")[0]
                for line in self.guest.out("kill $(cat /tmp/watcher); cat /tmp/modes").splitlines()}
        self.assertLessEqual(seen, {"1280x720", "1024x768", "1920x1080", "unknown"})
