# SPDX-License-Identifier: MIT
"""What the rules make of a stick's nodes, of half a stick's, and of what we make ourselves."""

import json
import re
from pathlib import Path

from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_SIM = "systemd-run --quiet --collect --unit=sim -p Type=notify minikvm-sim run --stick 0 "
_HUB = "$(basename /sys/devices/platform/vhci_hcd.0/usb*[0-9] | head -1)"
# Those that only a stick makes in a guest: capture and metadata, hidraw, hiddev, tty.
_CAPTURE_NODES = "find /sys/devices/platform/vhci_hcd.0 -name dev -path '*-1/*' -printf '%h\\n'"
_SERIAL_NODES = "find /sys/devices/platform/vhci_hcd.0 -name dev -path '*-2/*' -printf '%h\\n'"
# The chips themselves: a node goes before its device, and until that has gone the other is half a stick.
_BOTH_CHIPS = "/sys/devices/platform/vhci_hcd.0/usb*/*-[12]"
_NODES = {"capture": _CAPTURE_NODES, "serial": _SERIAL_NODES}
_NOT_SOUND = " | grep -v -e /sound/ -e 'usb[0-9]*/[0-9]-[0-9]$'"


class Rules(GuestCase):
    """A guest with this build installed, where no stick has been plugged yet."""

    sticks = 0

    def plug_empty_board(self, options: str = "") -> None:
        """The hub, with neither half on it."""
        self.guest.run("modprobe vhci-hcd && " + _SIM + "--unplugged " + options)
        for order in ("unplug capture", "unplug serial", "replug"):
            self.guest.sim(order)

    def plug(self, *halves: str) -> None:
        for half in halves:
            self.guest.sim(f"replug {half}")

    def id(self) -> str:
        return self.guest.out(f"echo {_HUB}")

    def nodes(self, find: str) -> list[str]:
        """The nodes of one half, once all of them are there."""
        self.guest.wait_until(f"{find} | grep -q -e hidraw/ -e tty/")
        self.guest.run("udevadm settle")
        paths = self.guest.out(find + _NOT_SOUND).splitlines()
        return [self.guest.out(f"udevadm info --query=name --path={path}") for path in paths]

    def properties(self, node: str) -> dict[str, str]:
        lines = self.guest.out(f"udevadm info --query=property /dev/{node}").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def owner(self, node: str) -> str:
        return self.guest.out(f"stat -c '%U %a' /dev/{node}")

    def assert_ours(self, nodes: list[str]) -> None:
        for node in nodes:
            self.guest.wait_until(f"udevadm info /dev/{node} | grep -q MINIKVM_ID={self.id()}")
            self.assertEqual(self.owner(node), "minikvm 600", node)
            tags = self.properties(node).get("CURRENT_TAGS", "").split(":")
            self.assertFalse({"seat", "uaccess"} & set(tags), node)

    def assert_not_ours(self, nodes: list[str]) -> None:
        for node in nodes:
            self.assertNotIn("MINIKVM_ID", self.properties(node))
            self.assertNotIn("minikvm", self.owner(node))


class TwoHalves(Rules):
    def see_them_become_ours(self, first: str, second: str) -> None:
        self.plug(first)
        early = self.nodes(_NODES[first])
        self.assert_not_ours(early)
        self.guest.run("! grep -q KVM /sys/class/sound/card*/id 2>/dev/null")

        self.plug(second)
        self.assert_ours(early + self.nodes(_NODES[second]))
        self.guest.wait_until(f"grep -qx KVM-{self.id()} /sys/class/sound/card*/id")
        card = self.guest.out("udevadm info --query=property /sys/class/sound/card0")
        self.assertIn(f"ID_MODEL_FROM_DATABASE=Mini-KVM {self.id()}", card.splitlines())
        self.guest.wait_until("minikvmctl list | grep -qw ready")

    def test_are_ours_with_the_capture_half_first(self) -> None:
        self.plug_empty_board()
        self.see_them_become_ours("capture", "serial")

    def test_are_ours_with_the_serial_half_first(self) -> None:
        self.plug_empty_board()
        self.see_them_become_ours("serial", "capture")

    def test_are_known_anew_after_they_were_unplugged(self) -> None:
        self.plug_empty_board()
        self.see_them_become_ours("capture", "serial")

        self.guest.sim("unplug capture")
        self.guest.sim("unplug serial")
        self.guest.wait_until(f"! ls -d {_BOTH_CHIPS} 2>/dev/null | grep -q .")
        self.guest.run("udevadm settle")

        self.see_them_become_ours("serial", "capture")

    def test_start_their_process(self) -> None:
        self.plug_empty_board()
        self.plug("capture", "serial")

        self.guest.wait_until(f"systemctl is-active minikvmd@{self.id()}.service")

    def test_lose_what_the_seats_user_was_given_before(self) -> None:
        self.plug_empty_board()
        self.plug("capture")
        [hidraw] = [node for node in self.nodes(_CAPTURE_NODES) if node.startswith("hidraw")]
        self.guest.run("useradd -m seated && python3 - <<'END'\n" + _GRANT.format(node=hidraw) + "END")
        self.guest.run(f"runuser -u seated -- head -c0 /dev/{hidraw}")

        self.plug("serial")

        self.assert_ours([hidraw])
        refused = self.guest.run(f"runuser -u seated -- head -c0 /dev/{hidraw}", check=False)
        self.assertIn("Permission denied", refused.err)

    def test_are_kept_from_modem_probes(self) -> None:
        self.plug_empty_board()
        self.plug("capture", "serial")
        [tty] = self.nodes(_SERIAL_NODES)
        self.assert_ours([tty])

        self.assertEqual(self.properties(tty).get("ID_MM_DEVICE_IGNORE"), "1")

    def test_are_given_back_when_the_service_is_stopped(self) -> None:
        self.plug_empty_board()
        self.plug("capture", "serial")
        nodes = self.nodes(_CAPTURE_NODES) + self.nodes(_SERIAL_NODES)
        self.assert_ours(nodes)
        unit = f"minikvmd@{self.id()}.service"
        self.guest.wait_until(f"systemctl is-active {unit}")

        self.guest.run(f"systemctl stop {unit}")
        self.guest.wait_until(f"test $(stat -c %U /dev/{nodes[-1]}) = root")
        self.guest.run("udevadm settle")
        self.assert_not_ours(nodes)

        self.guest.run(f"systemctl start {unit}")
        self.assert_ours(nodes)

    def test_name_the_port_that_a_device_is_plugged_into(self) -> None:
        self.plug_empty_board("--extension")
        self.guest.wait_until("test $(lsusb -d 1d6b:0104 | wc -l) = 2")

        self.plug("capture", "serial")

        for port, name in ((3, "usb-a"), (4, "extension")):
            device = f"/sys/bus/usb/devices/{self.id().removeprefix('usb')}-{port}"
            self.guest.wait_until(f"udevadm info {device} | grep -x 'E: MINIKVM_PORT={name}'")


class PluggedDevices(Rules):
    """What hangs on the stick's own ports is marked, with everything below it, and stays its owner's."""

    def assert_marked(self) -> None:
        self.guest.wait_until("test -e /dev/ttyACM0")
        for path in (f"/sys/bus/usb/devices/{self.id().removeprefix('usb')}-4", "/dev/ttyACM0"):
            for mark in (f"MINIKVM_ID={self.id()}", "MINIKVM_PORT=extension"):
                self.guest.wait_until(f"udevadm info {path} | grep -x 'E: {mark}'")
        self.assertEqual(self.owner("ttyACM0"), "root 660")

    def test_are_marked_when_they_come_after_the_stick(self) -> None:
        self.plug_empty_board("--serial-adapter")
        self.guest.sim("extension out")
        self.plug("capture", "serial")
        self.guest.wait_until("minikvmctl list | grep -qw ready")

        self.guest.sim("extension in")

        self.assert_marked()
        self.guest.wait_until("minikvmctl get extension/host/device | "
                              "grep -x '0525:a4a7 Virtual serial adapter'")
        self.guest.run("minikvmctl set extension/host/reset 1")
        self.guest.run(f"dmesg | grep 'usb {self.id().removeprefix('usb')}-4: reset .* device'")

    def test_are_marked_when_they_were_there_before_the_stick(self) -> None:
        self.plug_empty_board("--serial-adapter")
        self.guest.wait_until("udevadm info /dev/ttyACM0 | grep ID_BUS=usb")
        self.assertNotIn("MINIKVM_PORT", self.properties("ttyACM0"))

        self.plug("capture", "serial")

        self.assert_marked()

    def test_serve_a_rule_as_the_document_has_it(self) -> None:
        [rule] = re.findall(r'^ {4}(SUBSYSTEM=="tty".*)$',
                            (CHECKOUT / "docs/extension-pins.md").read_text(), re.M)
        self.guest.put("/etc/udev/rules.d/90-target-console.rules", f"{rule}\n".encode())
        self.guest.run("udevadm control --reload")
        self.plug_empty_board("--serial-adapter")

        self.plug("capture", "serial")

        self.guest.wait_until("test /dev/target-console -ef /dev/ttyACM0")


    def test_take_a_disk_to_the_target_and_back(self) -> None:
        self.guest.run("head -c 2M /dev/urandom >/run/content && cp /run/content /run/disk")
        self.plug_empty_board("--memory-stick /run/disk")
        self.guest.wait_until("test -b /dev/sda")
        self.guest.run("cmp /dev/sda /run/content")

        self.plug("capture", "serial")
        # It loses its power for a moment when the serial port is opened, and comes anew.
        self.guest.wait_until("minikvmctl list | grep -qw ready")
        for mark in (f"MINIKVM_ID={self.id()}", "MINIKVM_PORT=usb-a"):
            self.guest.wait_until(f"udevadm info /dev/sda | grep -x 'E: {mark}'")
        self.guest.wait_until("stat -c '%U %a' /dev/sda | grep -x 'root 660'")
        self.guest.run("head -c 1M /dev/zero | dd of=/dev/sda bs=64k conv=fsync status=none")
        self.guest.run("minikvmctl usb target --wait")
        self.guest.run("! test -e /dev/sda && head -c 1M /dev/zero | cmp -n 1M - /run/disk")

        self.guest.run("minikvmctl usb host --wait")
        self.guest.wait_until("test -b /dev/sda && cmp /dev/sda /run/disk")


class HalfAStick(Rules):
    def test_is_left_alone_when_it_is_a_capture_dongle(self) -> None:
        watcher = Path(__file__).with_name("open_watcher.py").read_bytes()
        self.guest.put("/run/open_watcher.py", watcher, 0o755)
        self.plug_empty_board()
        opens = self.guest.start("exec /run/open_watcher.py")
        opens.wait_for_output("ready")

        self.plug("capture")
        nodes = {node.rpartition("/")[2] for node in self.nodes(_CAPTURE_NODES)}
        self.guest.run("udevadm trigger --settle && udevadm settle")

        said = [json.loads(line) for line in opens.stop().out.splitlines()[1:]]
        on_nodes = {entry["program"] for entry in said if entry["node"] in nodes}
        self.assertTrue(on_nodes, "udev itself looks at cameras, and was not seen to")
        self.assertFalse({program for program in on_nodes if "minikvm" in program})

    def test_is_left_alone_when_it_is_a_serial_adapter(self) -> None:
        self.plug_empty_board()
        self.plug("serial")

        [tty] = self.nodes(_SERIAL_NODES)

        self.assert_not_ours([tty])
        self.assertNotIn("ID_MM_DEVICE_IGNORE", self.properties(tty))
        self.assertEqual(self.owner(tty), "root 660")

    def test_starts_no_process(self) -> None:
        self.plug_empty_board()
        self.plug("capture")
        self.nodes(_CAPTURE_NODES)

        self.assertEqual(self.guest.out("systemctl list-units --plain --no-legend 'minikvmd@*'"), "")


class OurOwnNodes(GuestCase):
    def sinks(self) -> list[str]:
        return self.guest.out("readlink -f /run/minikvm/*/keyboard /run/minikvm/*/mouse "
                              "/run/minikvm/*/tablet").splitlines()

    def test_hide_the_sinks_from_the_desktop(self) -> None:
        sinks = self.sinks()

        self.assertEqual(len(sinks), 3)
        for sink in sinks:
            info = self.guest.out(f"udevadm info --query=property {sink}")
            self.assertIn("LIBINPUT_IGNORE_DEVICE=1", info)
            tags = [line for line in info.splitlines() if line.startswith("CURRENT_TAGS=")]
            self.assertNotIn(":power-switch:", "".join(tags))
            self.assertEqual(self.guest.out(f"stat -c '%U %G %a' {sink}"), "root minikvm 660")

    def test_hide_the_sinks_from_logind(self) -> None:
        logind = self.guest.out("systemctl show -P MainPID systemd-logind")
        held = self.guest.out(f"readlink /proc/{logind}/fd/*")

        self.assertNotEqual(logind, "0")
        for sink in self.sinks():
            self.assertNotIn(sink, held.splitlines())

    def test_give_cameras_to_the_seat_as_well(self) -> None:
        camera = self.guest.out("readlink -f /run/minikvm/*/camera")
        tags = self.guest.out(f"udevadm info --query=property {camera} | grep CURRENT_TAGS")

        self.assertEqual(self.guest.out(f"stat -c '%U %G %a' {camera}"), "root minikvm 660")
        self.assertIn(":uaccess:", tags)

    def test_have_names_of_v4l2loopbacks_from_when_they_are_cameras(self) -> None:
        if self.guest.run("test -e /dev/v4l2loopback", check=False).status != 0:
            self.guest.run("! ls /dev/v4l/by-id | grep v4l2loopback")  # version 0.12 gives none
            return
        [stick] = self.guest.stick_ids()
        name, camera = f"/dev/v4l/by-id/v4l2loopback-Mini-KVM_{stick}-video", f"/run/minikvm/{stick}/camera"
        new = "/dev/v4l/by-id/v4l2loopback-Mini-KVM_new-video"

        self.guest.run("v4l2loopback-ctl add -x 1 -n 'Mini-KVM new' /dev/video60 && udevadm settle")
        self.guest.run(f"test -c /dev/video60 -a ! -e {new} -a {name} -ef {camera}")
        self.guest.run("udevadm trigger --action=change --settle /dev/video60")
        self.guest.run(f"test {new} -ef /dev/video60")
        self.guest.run("udevadm trigger --action=add --settle /sys/class/video4linux/video*")
        self.guest.run(f"test {new} -ef /dev/video60 -a {name} -ef {camera}")

    def test_give_the_daemon_what_it_makes_nodes_with(self) -> None:
        self.assertEqual(self.guest.out("stat -c %U /dev/uinput"), "minikvm")


class VirtualStick(GuestCase):
    def test_never_suspends(self) -> None:
        delays = self.guest.out("cd /sys/devices/platform/vhci_hcd.0 && "
                                "cat usb*/[0-9]*-[0-9]/power/autosuspend_delay_ms").splitlines()

        self.assertEqual(delays, ["-1"] * 3)


class ChipNames(GuestCase):
    either = True

    def test_are_known_to_udev(self) -> None:
        bus = self.guest.stick_ids()[0].removeprefix("usb")
        # What dpkg's trigger does when the package is installed.
        self.guest.run("systemd-hwdb update --strict", 300)
        self.guest.run(f"udevadm trigger --settle /sys/bus/usb/devices/{bus}-1")

        told = self.guest.out(f"udevadm info --query=property /sys/bus/usb/devices/{bus}-1")

        self.assertIn("ID_MODEL_FROM_DATABASE=MS2109 HDMI capture", told)
        for chip, name in (("v345Fp2109", "MS2109S"), ("v345Fp2132", "MS2130S"), ("v1A86pFE0C", "CH32V208")):
            self.assertIn(name, self.guest.out(f"systemd-hwdb query usb:{chip}d0100"))


class Files(GuestCase):
    sticks = 0

    def test_are_good_rules(self) -> None:
        if self.release.number == "12":
            self.guest.run("udevadm test --action=add /sys/class/misc/uinput 2>&1 | tee /run/said; "
                           "! grep -e '72-minikvm.*nvalid' -e '91-minikvm.*nvalid' /run/said")
        else:
            self.guest.run("udevadm verify /usr/lib/udev/rules.d/*-minikvm*.rules")

    def test_are_good_units(self) -> None:
        # A guest has no man(1) to look for the pages with; a unit test looks for them.
        self.guest.run("systemd-analyze verify --man=no minikvmd@1-2.service minikvm-modules.service")

    def test_are_shut_in_well(self) -> None:
        self.guest.run("systemd-analyze security --threshold=12 minikvmd@1-2.service")


# An entry for one user, as logind adds to the nodes that are tagged "uaccess".
_GRANT = """
import os, pwd, struct
user = pwd.getpwnam("seated").pw_uid
nobody = 0xFFFFFFFF
entries = [(1, 6, nobody), (2, 6, user), (4, 0, nobody), (16, 6, nobody), (32, 0, nobody)]
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
os.setxattr("/dev/{node}", "system.posix_acl_access", acl)
"""
