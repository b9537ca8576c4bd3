# SPDX-License-Identifier: MIT
"""The Debian packages: installed, used, upgraded, removed and purged as a user would."""

import shlex

import sink
from testbed import debian_packages
from testbed.accelerator import Clock
from viewer_case import ViewerCase

_PACKAGES = "/root/packages"
_INSTALL_S = 200
_DEVICE = "1d6b:0104"  # what a virtual stick's USB-A port holds
_PLUG = "/usr/lib/minikvm-guest/plug-sticks 1"
_AFTER_PLUG_S = 5
# Waits for what the plug brings and reads a picture, as user "inside".
_USE = """
until test -w /run/minikvm/*/keyboard && test -r /run/minikvm/*/camera; do sleep 0.05; done
exec ffmpeg -loglevel error -f v4l2 -i /run/minikvm/*/camera -frames:v 1 -f null -
"""
# What dpkg, systemd and the account tools write for any package, and what the sticks themselves leave.
_NOT_OURS = ("/dev /proc /run /sys /tmp /var/cache /var/lib/apt /var/lib/dpkg /var/log /var/lib/systemd "
             "/var/lib/alsa /var/mail /home /root /build /out /etc/passwd- /etc/shadow- /etc/group- "
             "/etc/gshadow- /etc/.pwd.lock /etc/subuid- /etc/subgid-")


class PackageCase(ViewerCase):
    plain = True
    clock = Clock.FAST
    long = True

    def setUp(self) -> None:
        packages = debian_packages.make(self.build.release)
        super().setUp()
        self.guest.run(f"mkdir -p {_PACKAGES}")
        for package in packages:
            self.guest.put(f"{_PACKAGES}/{package.name}", package.read_bytes())

    def apt(self, words: str) -> None:
        # There is no network: what they need beyond what is there would fail.
        self.guest.run(f"DEBIAN_FRONTEND=noninteractive apt-get -y {words}", _INSTALL_S)

    def install(self) -> None:
        self.apt(f"install {_PACKAGES}/minikvm_*.deb {_PACKAGES}/minikvm-sim_*.deb")

    def plug(self) -> None:
        self.guest.run(_PLUG, 90)

    def files(self) -> set[str]:
        leave = " -o ".join(f"-path {path}" for path in _NOT_OURS.split())
        return set(self.guest.out(f"find / -xdev \\( {leave} \\) -prune -o -print", 60).splitlines())

    def assert_nothing_runs(self) -> None:
        self.assertEqual(self.guest.run("pgrep -l minikvmd", check=False).out, "")
        self.assertEqual(self.guest.out("ls -d /run/minikvm* 2>/dev/null || true"), "/run/minikvm-sim")
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")


class InstalledPackage(PackageCase):
    def test_is_all_that_a_user_in_the_group_needs(self) -> None:
        self.install()
        self.guest.run("useradd -m -G minikvm inside")
        self.plug()
        [stick] = self.guest.stick_ids()
        self.guest.sim("unplug")
        self.guest.wait_until(f"! test -e /run/minikvm/{stick}")

        started = self.guest.out("echo $EPOCHREALTIME && minikvm-sim ctl --stick 0 replug >&2 && "
                                 f"runuser -u inside -- bash -c {shlex.quote(_USE)} && echo $EPOCHREALTIME")
        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_A"), user="inside")
        sink.drain(self.guest, stick)

        plugged, seen = (float(line) for line in started.splitlines())
        self.remark(f"{seen - plugged:.1f} s from the plug to a picture")
        self.assertLess(seen - plugged, _AFTER_PLUG_S)
        self.assertIn([4], [entry.get("keys") for entry in sink.received(self.guest)])
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")

    def find_one_plugged_before(self, generation: str) -> None:
        self.apt(f"install {_PACKAGES}/minikvm-sim_*.deb")
        self.guest.run("modprobe vhci-hcd && systemd-run --quiet --unit=minikvm-sim-0 "
                       f"-p Type=notify minikvm-sim run --stick 0 --generation {generation}")

        self.apt(f"install {_PACKAGES}/minikvm_*.deb")

        self.guest.wait_until("minikvmctl list | grep -qw ready", 30)

    def test_finds_a_stick_that_was_plugged_before_it(self) -> None:
        self.find_one_plugged_before("mini-kvm-1.9")

    def test_finds_a_stick_with_a_ch32v208_that_was_plugged_before_it(self) -> None:
        self.find_one_plugged_before("mini-kvm-2")


class UpgradedPackage(PackageCase):
    def test_goes_on_under_whoever_watches(self) -> None:
        self.install()
        self.plug()
        # It was off for a moment when the serial port was opened.
        number = self.guest.wait_until(f"lsusb -d {_DEVICE}")
        process = self.guest.out("systemctl show -P MainPID 'minikvmd@*'")
        self.view("one")

        self.apt(f"install --reinstall {_PACKAGES}/minikvm_*.deb")

        self.guest.wait_until("minikvmctl list | grep -qw ready", 30)
        self.assertNotEqual(self.guest.out("systemctl show -P MainPID 'minikvmd@*'"), process)
        self.await_frames("one", self.seen("one")["frames"] + 5)
        self.assertEqual(self.seen("one")["error"], "")
        self.assertEqual(self.guest.out(f"lsusb -d {_DEVICE}"), number)
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")


class RemovedPackage(PackageCase):
    def test_leaves_its_configuration_and_gives_the_stick_back(self) -> None:
        self.install()
        self.guest.run("mkdir -p /etc/minikvm && echo 'video.rate_hz = 10' > /etc/minikvm/minikvm.toml")
        self.plug()
        self.view("one")

        self.apt("remove minikvm")

        self.assert_nothing_runs()
        self.guest.run("test -s /etc/minikvm/minikvm.toml")
        # A camera like any other, for whoever may open cameras.
        self.guest.wait_until("udevadm settle; stat -c '%U %G' $(grep -l -i openterface "
                              "/sys/class/video4linux/*/name | sed 's,/sys/class/video4linux,/dev,;s,/name,,') "
                              "| sort -u | grep -qx 'root video'")

        self.install()
        self.guest.wait_until("minikvmctl list | grep -qw ready", 30)
        self.assertEqual(self.guest.out("minikvmctl get video/rate_hz"), "10")

    def test_leaves_nothing_but_its_user_behind_when_purged(self) -> None:
        before = self.files()
        self.install()
        self.guest.run("mkdir -p /etc/minikvm && echo 'video.rate_hz = 10' > /etc/minikvm/minikvm.toml")
        self.plug()

        self.apt("purge minikvm minikvm-sim")

        self.assertEqual(sorted(self.files() - before), [])
        self.assert_nothing_runs()
        self.assertIn("nologin", self.guest.out("getent passwd minikvm"))
