# SPDX-License-Identifier: MIT
"""What the rules make of a stick's nodes, of half a stick's, and of what we make ourselves."""

import json
from pathlib import Path

from testbed.case import GuestCase

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

        self.plug(second)
        self.assert_ours(early + self.nodes(_NODES[second]))
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

    def test_give_the_daemon_what_it_makes_nodes_with(self) -> None:
        self.assertEqual(self.guest.out("stat -c %U /dev/uinput"), "minikvm")


class VirtualStick(GuestCase):
    def test_never_suspends(self) -> None:
        delays = self.guest.out("cd /sys/devices/platform/vhci_hcd.0 && "
                                "cat usb*/[0-9]*-[0-9]/power/autosuspend_delay_ms").splitlines()

        self.assertEqual(delays, ["-1"] * 3)


class Files(GuestCase):
    sticks = 0

    def test_are_good_rules(self) -> None:
        if self.release.number == "12":
            self.guest.run("udevadm test --action=add /sys/class/misc/uinput 2>&1 | tee /run/said; "
                           "! grep -e '72-minikvm.*nvalid' -e '91-minikvm.*nvalid' /run/said")
        else:
            self.guest.run("udevadm verify /usr/lib/udev/rules.d/*-minikvm*.rules")

    def test_are_good_units(self) -> None:
        self.guest.run("systemd-analyze verify minikvmd@1-2.service minikvm-modules.service")

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
