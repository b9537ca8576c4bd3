# SPDX-License-Identifier: MIT
"""The units as they are shipped: what they allow, what they say, and when they start again."""

from testbed.case import GuestCase

_MOST_EXPOSED = 1.2


class Units(GuestCase):
    def test_let_the_daemon_do_little_else_than_its_work(self) -> None:
        [stick] = self.guest.stick_ids()

        said = self.guest.out(f"systemd-analyze security --no-pager minikvmd@{stick}.service", 60)

        exposure = float(said.splitlines()[-1].split(":")[1].split()[0])
        self.assertLessEqual(exposure, _MOST_EXPOSED, said)

    def test_have_no_mistake_in_them(self) -> None:
        said = self.guest.run("systemd-analyze verify --man=no minikvmd@usb3.service "
                              "minikvm-modules.service minikvm-new-module.service", 60)

        self.assertNotIn("minikvm", said.out + said.err)

    def test_say_what_the_stick_does(self) -> None:
        status = "systemctl show -P StatusText 'minikvmd@*'"

        self.guest.wait_until(
            f"{status} | grep -q '^ready, target 1920x1080@60.00, USB-A port at the host'")
        self.guest.start("timeout 60 ffmpeg -loglevel quiet -f v4l2 -i /run/minikvm/*/camera -c copy -f null -")

        self.guest.wait_until(f"{status} | grep -q ', 1 viewer,'")

    def test_give_a_stick_its_camera_when_the_module_comes_later(self) -> None:
        self.guest.run("systemctl stop 'minikvmd@*'")
        [unit] = self.guest.out("systemctl list-units --all --plain --no-legend 'minikvmd@*' | "
                                "cut -d' ' -f1").splitlines() or ["minikvmd@usb1.service"]
        self.guest.run("modprobe -r v4l2loopback")
        self.guest.run(f"systemctl start {unit}")
        self.guest.wait_until("minikvmctl list | grep -qw no-camera", 20)

        self.guest.run("systemctl restart --no-block minikvm-modules.service")

        self.guest.wait_until("minikvmctl list | grep -qw ready", 60)
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")
