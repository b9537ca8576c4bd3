# SPDX-License-Identifier: MIT
"""The Debian packages: installed, used, upgraded, removed and purged as a user would."""

import sink
from testbed import debian_packages
from testbed.case import GuestCase

_PACKAGES = "/root/packages"
_INSTALL_S = 200
_DEVICE = "1d6b:0104"  # what a virtual stick's USB-A port holds
_PLUG = "/usr/lib/minikvm-guest/plug-sticks 1"
# What dpkg, systemd and the account tools write for any package, and what the sticks themselves leave.
_NOT_OURS = ("/dev /proc /run /sys /tmp /var/cache /var/lib/apt /var/lib/dpkg /var/log /var/lib/systemd "
             "/var/lib/alsa /var/mail /home /root /build /out /etc/passwd- /etc/shadow- /etc/group- "
             "/etc/gshadow- /etc/.pwd.lock /etc/subuid- /etc/subgid-")


class Package(GuestCase):
    plain = True
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

    def files(self) -> set[str]:
        leave = " -o ".join(f"-path {path}" for path in _NOT_OURS.split())
        return set(self.guest.out(f"find / -xdev \\( {leave} \\) -prune -o -print", 60).splitlines())

    def test_is_all_that_a_user_in_the_group_needs(self) -> None:
        self.install()
        self.guest.run("useradd -m -G minikvm inside")

        self.guest.run(_PLUG, 90)

        [stick] = self.guest.stick_ids()
        self.guest.run("runuser -u inside -- timeout 50 ffmpeg -loglevel error -f v4l2 "
                       f"-i {sink.node(stick, 'camera')} -frames:v 1 -f null -")
        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_A"), user="inside")
        sink.drain(self.guest, stick)
        self.assertIn([4], [entry.get("keys") for entry in sink.received(self.guest)])
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")

    def test_finds_a_stick_that_was_plugged_before_it(self) -> None:
        self.apt(f"install {_PACKAGES}/minikvm-sim_*.deb")
        self.guest.run("modprobe vhci-hcd && systemd-run --quiet --unit=minikvm-sim-0 "
                       "-p Type=notify minikvm-sim run --stick 0")

        self.apt(f"install {_PACKAGES}/minikvm_*.deb")

        self.guest.wait_until("minikvmctl list | grep -qw ready", 30)

    def test_goes_on_after_an_upgrade(self) -> None:
        self.install()
        self.guest.run(_PLUG, 90)
        # It was off for a moment when the serial port was opened.
        number = self.guest.wait_until(f"lsusb -d {_DEVICE}")
        process = self.guest.out("systemctl show -P MainPID 'minikvmd@*'")

        self.apt(f"install --reinstall {_PACKAGES}/minikvm_*.deb")

        self.guest.wait_until("minikvmctl list | grep -qw ready", 30)
        self.assertNotEqual(self.guest.out("systemctl show -P MainPID 'minikvmd@*'"), process)
        self.assertEqual(self.guest.out(f"lsusb -d {_DEVICE}"), number)
        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")

    def test_leaves_nothing_but_its_user_behind(self) -> None:
        before = self.files()
        self.install()
        self.guest.run("mkdir -p /etc/minikvm && echo 'video.rate_hz = 60' > /etc/minikvm/minikvm.toml")
        self.guest.run(_PLUG, 90)

        self.apt("purge minikvm minikvm-sim")

        self.assertEqual(sorted(self.files() - before), [])
        self.assertEqual(self.guest.run("pgrep -l minikvmd", check=False).out, "")
        self.assertEqual(self.guest.out("ls -d /run/minikvm* 2>/dev/null || true"), "/run/minikvm-sim")
        self.assertIn("nologin", self.guest.out("getent passwd minikvm"))
