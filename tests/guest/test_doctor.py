# SPDX-License-Identifier: MIT
"""minikvmctl doctor: faults that were really made, each named with what mends it."""

import json
from typing import Any

from testbed.case import GuestCase

_EACH_S = 30


class Doctor(GuestCase):
    def examine(self, prefix: str = "") -> list[dict[str, Any]]:
        examined = self.guest.run(f"{prefix} minikvmctl --json doctor", check=False)
        report = json.loads(examined.out)
        self.assertEqual(examined.status, 0 if report["healthy"] else 1)
        findings: list[dict[str, Any]] = report["findings"]
        self.assertEqual(report["healthy"], not any(f["fault"] for f in findings))
        return findings

    def faults(self, prefix: str = "") -> dict[str, str]:
        """Fault -> what mends it."""
        return {f["fault"]: f["mend"] for f in self.examine(prefix) if f["fault"]}

    def await_fault(self, fault: str) -> None:
        """Until it is named; what the stick says takes a moment to reach its daemon."""
        self.guest.wait_until(f"minikvmctl doctor | grep -qF '({fault})'", _EACH_S)

    def await_health(self) -> None:
        self.guest.wait_until("minikvmctl doctor", _EACH_S)


class AHealthyGuest(Doctor):
    def test_gets_good_news_alone(self) -> None:
        self.await_health()

        self.assertEqual({f["verdict"] for f in self.examine()}, {"good"})
        opened = self.guest.run("strace -f -e trace=openat,open minikvmctl doctor 2>&1 >/dev/null | "
                                "grep -E '\"/dev/(ttyUSB|video|hidraw|input|bus)'", check=False)
        self.assertEqual(opened.out, "")

    def test_is_told_apart_from_what_a_user_cannot_see(self) -> None:
        self.guest.run("useradd -m -G minikvm inside")

        findings = self.examine("runuser -u inside --")

        doubts = {f["check"]: f["mend"] for f in findings if f["verdict"] != "good"}
        self.assertEqual(doubts["holders"], "sudo minikvmctl doctor")
        self.assertLessEqual(set(doubts), {"holders", "kernel-log"})


class WhatTheStickLacks(Doctor):
    either = True

    def test_is_named_one_by_one(self) -> None:
        self.guest.sim("signal off")
        self.await_fault("no-signal")
        self.guest.sim("signal on")
        self.guest.sim("target absent")
        self.await_fault("target-absent")
        self.guest.sim("target present")
        self.await_health()

        self.guest.sim("unplug serial")
        self.await_fault("lone-half")
        self.guest.sim("unplug capture")
        self.await_fault("no-stick")

    def test_is_told_apart_from_other_firmware(self) -> None:
        self.guest.sim("firmware factory")
        # It is read once, when the stick comes.
        self.guest.sim("unplug")
        self.guest.wait_until("! minikvmctl list | grep -qw ready")
        self.guest.sim("replug")

        self.await_fault("other-firmware")

    def test_includes_a_good_cable(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run(f"echo '<6>usb {stick.replace('usb', '')}-1: device descriptor read/64, error -71'"
                       " >/dev/kmsg")

        self.await_fault("bus-errors")


class WhatIsWrongWithTheSystem(Doctor):
    either = True

    def test_is_named_for_units(self) -> None:
        unit = f"minikvmd@{self.guest.stick_ids()[0]}.service"

        self.guest.run(f"systemctl stop {unit}")
        self.assertEqual(self.faults(), {"unit-stopped": f"sudo systemctl start {unit}"})
        self.guest.run(f"systemctl mask --runtime {unit}")
        self.assertIn(f"sudo systemctl unmask {unit}", self.faults()["unit-masked"])
        self.guest.run(f"systemctl unmask --runtime {unit} && systemctl start {unit}")
        self.await_health()

        self.guest.run("systemctl disable --quiet minikvm-modules.service")
        self.assertEqual(self.faults(), {"unit-disabled":
                         "sudo systemctl enable --now minikvm-modules.service"})

    def test_is_named_for_a_service_that_failed(self) -> None:
        unit = f"minikvmd@{self.guest.stick_ids()[0]}.service"
        folder = f"/run/systemd/system/{unit}.d"
        self.guest.run(f"mkdir -p {folder} && printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\n"
                       f"Restart=no\\n' >{folder}/fails.conf && systemctl daemon-reload && "
                       f"echo '# changed since' >>{folder}/fails.conf")
        self.assertIn("daemon-reload", self.faults()["unit-outdated"])

        self.guest.run(f"systemctl daemon-reload; systemctl restart {unit}", check=False)

        # udev asks for it again while it gives the nodes back.
        self.await_fault("unit-failed")
        self.assertIn(f"journalctl --catalog -b -u {unit}", self.faults()["unit-failed"])

    def test_is_named_for_a_sandbox_that_was_opened(self) -> None:
        unit = f"minikvmd@{self.guest.stick_ids()[0]}.service"
        opened = "/run/systemd/system/minikvmd@.service.d/opened.conf"
        self.guest.run(f"mkdir -p $(dirname {opened}) && printf '[Service]\\nProtectHome=no\\n' "
                       f">{opened} && systemctl daemon-reload")

        self.assertIn(opened, self.faults()["sandbox-changed"])

        self.guest.run(f"rm {opened} && systemctl daemon-reload && systemctl restart {unit}")
        self.await_health()

    def test_is_named_for_users(self) -> None:
        self.guest.run("useradd -m outside")
        self.assertIn("sudo usermod -aG minikvm outside,",
                      self.faults("runuser -u outside --")["not-in-group"])

        self.guest.run("usermod -aG minikvm outside")
        # A session of before: its groups are those of its beginning.
        faults = self.faults("setpriv --reuid outside --regid outside --clear-groups")
        self.assertIn("log out and in again", faults["not-logged-in-again"])
        self.assertEqual(self.faults("runuser -u outside --"), {})

    def test_is_named_for_somebody_else_at_a_node(self) -> None:
        [node] = self.guest.out("ls /dev/hidraw*").split()
        holder = self.guest.start(f"exec sleep 300 <{node}")

        self.await_fault("node-taken")

        self.assertIn("sudo kill ", self.faults()["node-taken"])
        holder.stop()
        self.assertEqual(self.faults(), {})

    def test_is_named_for_udevs_rules(self) -> None:
        self.guest.run("mkdir -p /etc/udev/rules.d && ln -s /dev/null /etc/udev/rules.d/72-minikvm.rules")
        self.assertIn("sudo rm /etc/udev/rules.d/72-minikvm.rules", self.faults()["rules-missing"])

        self.guest.run("udevadm control --reload && udevadm trigger --settle --action=change "
                       "--subsystem-match=usb && rm /etc/udev/rules.d/72-minikvm.rules")
        mend = self.faults()["rules-not-in-force"]
        self.guest.run(mend.replace("sudo ", ""))
        self.await_health()

    def test_is_named_for_the_configuration(self) -> None:
        self.guest.run("mkdir -p /etc/minikvm && echo 'video.rate_hz = 1000' >/etc/minikvm/minikvm.toml")

        self.assertIn("/etc/minikvm/minikvm.toml:1", self.faults()["configuration"])

    def test_is_named_for_programs_that_take_serial_chips(self) -> None:
        self.guest.run("mv /usr/lib/udev/rules.d/91-minikvm-brltty.rules /tmp && mkdir -p /etc/udev/rules.d "
                       "&& echo 'ENV{PRODUCT}==\"1a86/7523/*\", ENV{BRLTTY_BRAILLE_DRIVER}=\"bm\"' "
                       ">/etc/udev/rules.d/85-brltty.rules")

        self.assertIn("brltty-takes-chip", self.faults())


class WhatIsRarelyWrong(Doctor):
    """The faults that are left, each of them made and named."""

    long = True

    @property
    def unit(self) -> str:
        return f"minikvmd@{self.guest.stick_ids()[0]}.service"

    def test_is_named_for_the_sticks_nodes(self) -> None:
        [node] = self.guest.out("ls /dev/hidraw*").split()
        self.guest.run(f"chmod 666 {node}")
        mend, _, _ = self.faults()["wrong-owner"].partition(";")
        self.guest.run(mend.removeprefix("sudo "))
        self.await_health()

        self.guest.run("cd /sys/bus/usb/drivers/uvcvideo && for interface in *:1.0; do "
                       "echo $interface >unbind; done")
        self.assertIn("sudo modprobe uvcvideo", self.faults()["no-nodes"])

    def test_is_named_for_a_slow_link(self) -> None:
        # The simulator has no slower one: what sysfs says is put in its place.
        self.guest.run("speed=$(ls /sys/devices/platform/vhci_hcd.0/usb*/*-1/speed) && echo 12 >/run/speed && "
                       "mount --bind /run/speed $speed")

        self.assertIn("it wants 480 Mbit/s", self.faults()["slow-link"])

    def test_is_named_for_the_input_chip(self) -> None:
        self.guest.run("mkdir -p /etc/minikvm && echo 'serial.raise_baud = false' >/etc/minikvm/minikvm.toml")
        self.guest.run(f"systemctl restart {self.unit}")
        self.guest.sim("chip factory")
        self.await_fault("slow-serial")
        self.guest.run(f"echo 'serial.raise_baud = true' >/etc/minikvm/minikvm.toml; systemctl restart {self.unit}")
        self.await_health()

        self.guest.sim("chip wedge usb")
        self.await_fault("no-input")

    def test_is_named_for_the_capture_chip(self) -> None:
        self.guest.sim("fault registers stall")
        self.await_fault("registers-silent")
        self.guest.sim("fault registers none")
        self.await_health()

        [raw] = self.guest.out("ls /sys/devices/platform/vhci_hcd.0/usb*/*-1/*:1.0/video4linux | head -1").split()
        # After a crash nobody gives nodes back and takes them again.
        self.guest.run(f"chown root /dev/{raw} && systemctl kill --signal=KILL --kill-whom=main {self.unit}")
        self.await_fault("no-picture")

    def test_is_named_for_damaged_pictures(self) -> None:
        self.guest.start("exec timeout 100 ffmpeg -loglevel quiet -f v4l2 -i /run/minikvm/*/camera -c copy -f null -")
        self.guest.wait_until("test $(minikvmctl get video/frames) -gt 5")

        self.guest.sim("fault truncated-jpeg on")

        self.await_fault("broken-pictures")

    def test_is_named_for_applications(self) -> None:
        self.guest.run("touch /usr/bin/obs")
        if self.release.number == "12":
            self.assertEqual(self.faults(), {}, "the first node is OBS Studio's")
            self.guest.run("systemctl stop 'minikvmd@*'; modprobe -r v4l2loopback; modprobe v4l2loopback "
                           "devices=2 'card_label=OBS Virtual Camera,Mini-KVM camera 1'")
            self.assertIn("exclusive_caps=1", self.faults()["hidden-from-browsers"])
        else:
            mend, _, _ = self.faults()["obs-without-node"].partition(";")
            self.guest.run(mend.removeprefix("sudo "))
            self.assertEqual(self.faults(), {})

    def test_is_named_for_a_daemon_that_hangs(self) -> None:
        unit = self.unit
        self.guest.run("systemctl service-watchdogs no")

        self.guest.run(f"systemctl kill --signal=STOP {unit}")

        self.assertIn(f"sudo systemctl restart {unit}", self.faults()["no-answer"])

    def test_is_named_for_the_installation(self) -> None:
        self.guest.run(f"systemctl stop {self.unit} && mv /usr/lib/systemd/system/minikvmd@.service /root || "
                       "mv /lib/systemd/system/minikvmd@.service /root; systemctl daemon-reload")
        self.assertIn("apt install --reinstall minikvm", self.faults()["unit-missing"])

        self.guest.run("sed -i /^minikvm:/d /etc/group")
        self.assertIn("sudo systemd-sysusers", self.faults()["no-group"])

        self.guest.run("printf '\\nPackage: minikvm\\nStatus: install ok half-configured\\nVersion: 0.1.0\\n"
                       "Architecture: amd64\\nMaintainer: x <x@y.z>\\nDescription: x\\n' >>/var/lib/dpkg/status")
        self.assertIn("sudo dpkg --configure --pending", self.faults()["package-broken"])

    def test_is_named_for_a_modem_manager(self) -> None:
        self.guest.run("cp /usr/bin/sleep /run/ModemManager && mkdir -p /etc/udev/rules.d && echo "
                       "'ENV{ID_MM_DEVICE_IGNORE}=\"\"' >/etc/udev/rules.d/99-others.rules && "
                       "udevadm control --reload && udevadm trigger --settle --subsystem-match=usb")
        self.assertNotIn("modemmanager-probes", self.faults())

        self.guest.start("exec /run/ModemManager 300")

        self.assertIn("sudo systemctl mask --now ModemManager.service", self.faults()["modemmanager-probes"])


class WhatIsWrongWithTheModules(Doctor):
    long = True  # the module is unloaded and loaded again in each

    def stop_using_them(self) -> None:
        self.guest.run("systemctl stop 'minikvmd@*'; modprobe -r v4l2loopback")

    def module(self) -> str:
        return self.guest.out("modinfo -F filename v4l2loopback")

    def test_is_named_for_v4l2loopback(self) -> None:
        self.stop_using_them()
        self.assertEqual(self.faults()["module-not-loaded"],
                         "sudo systemctl restart minikvm-modules.service")

        kernel = self.guest.out("uname -r")
        self.guest.run(f"mv {self.module()} /root")
        self.assertIn("sudo dkms install v4l2loopback/", self.faults()["module-not-built"])
        self.guest.run(f"rm /lib/modules/{kernel}/build")
        self.assertIn(f"sudo apt install linux-headers-{kernel}", self.faults()["headers-missing"])
        self.guest.run("rm -r /usr/src/v4l2loopback-*")
        self.assertIn("sudo apt install v4l2loopback-dkms", self.faults()["module-missing"])

    def test_is_named_for_a_camera_that_never_came(self) -> None:
        [unit] = self.guest.out("systemctl list-units --plain --no-legend 'minikvmd@*' | "
                                "cut -d' ' -f1").splitlines()
        self.stop_using_them()

        self.guest.run(f"mv {self.module()} /root && systemctl start {unit}")

        self.await_fault("no-camera")

    def test_is_named_for_uinput(self) -> None:
        self.guest.run("systemctl stop 'minikvmd@*'; modprobe -r uinput")

        self.assertIn("sudo systemctl restart minikvm-modules.service", self.faults()["uinput-missing"])

    def test_is_named_for_a_locked_down_kernel(self) -> None:
        self.stop_using_them()
        self.guest.run("echo integrity >/sys/kernel/security/lockdown")

        self.guest.run("systemctl restart minikvm-modules.service")

        # DKMS signs nothing without openssl, which a guest has not.
        self.assertIn("sudo dkms install v4l2loopback/", self.faults()["module-unsigned"])
        self.assertIn("mokutil --import /var/lib/dkms/mok.pub", self.faults()["module-unsigned"])
        self.assertRegex(self.guest.out("dmesg"), "unsigned module loading is restricted")

    def test_is_named_for_somebody_elses_options(self) -> None:
        self.stop_using_them()

        self.guest.run("modprobe v4l2loopback devices=1 card_label='OBS Virtual Camera'")

        if self.release.number == "12":
            self.assertIn("/etc/modprobe.d", self.faults()["module-options"])
        else:
            # Later versions add nodes while they are loaded: nothing is wrong with it.
            self.assertNotIn("module-options", self.faults())
