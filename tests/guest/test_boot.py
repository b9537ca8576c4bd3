# SPDX-License-Identifier: MIT
"""Whichever comes first, the stick or the host's boot, with modules loaded or not: the same stick."""

import sink
from testbed.case import GuestCase

_PLUG = "modprobe vhci-hcd && systemd-run --quiet --unit=minikvm-sim-0 -p Type=notify minikvm-sim run --stick 0"
_UDEV = "systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket"
# Ours, and those that the kernel asks for when a stick comes.
_OURS = "v4l2loopback uinput cdc_acm"
_STICKS = "uvcvideo snd_usb_audio ch341 usbserial usbhid"


class Stick(GuestCase):
    def assert_that_it_works(self) -> None:
        self.guest.wait_until("minikvmctl list | grep -qw ready", 60)
        [stick] = self.guest.stick_ids()
        sink.drain(self.guest, stick)
        self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {sink.node(stick, 'camera')} "
                       "-frames:v 1 -f null -")
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")


class Boot(Stick):
    boot = True

    def test_ends_with_a_stick_that_works(self) -> None:
        self.assert_that_it_works()


class FirstPlug(Stick):
    """A host that runs, with everything installed, which no stick was plugged into yet."""

    sticks = 0
    long = True

    def unload_everything(self) -> None:
        """As it is before minikvm-modules.service runs."""
        self.guest.run("systemctl stop minikvm-modules.service")
        # Those that are in the kernel, or were never loaded, cannot be.
        self.guest.run(f"for module in {_OURS} {_STICKS}; do modprobe -qr $module; done", check=False)
        self.guest.run(f"! lsmod | grep -E '^({'|'.join((_OURS + ' ' + _STICKS).split())}) '")

    def load_everything(self) -> None:
        self.guest.run(f"systemctl start minikvm-modules.service && modprobe -a {_STICKS}")

    def plug_before_udev(self) -> None:
        """Its devices are there when udev begins, which is told of them as at a boot."""
        self.guest.run(f"systemctl stop {_UDEV} && {_PLUG}")
        self.guest.run(f"systemctl start {_UDEV} && systemctl restart systemd-udev-trigger.service")

    def test_before_the_boot_finds_nothing_loaded(self) -> None:
        self.unload_everything()
        self.plug_before_udev()
        self.assert_that_it_works()

    def test_before_the_boot_finds_everything_loaded(self) -> None:
        self.load_everything()
        self.plug_before_udev()
        self.assert_that_it_works()

    def test_after_the_boot_finds_nothing_loaded(self) -> None:
        self.unload_everything()
        self.guest.run(_PLUG)
        self.assert_that_it_works()

    def test_after_the_boot_finds_everything_loaded(self) -> None:
        self.load_everything()
        self.guest.run(_PLUG)
        self.assert_that_it_works()
