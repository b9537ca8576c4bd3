# SPDX-License-Identifier: MIT
"""Who may use a stick: members of group minikvm; a read-only group may look, nobody else may."""

import sink
from testbed.case import GuestCase
from testbed.guest import Outcome


class Members(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest.run("useradd -m -G minikvm inside")

    def test_may_type(self) -> None:
        [stick] = self.guest.stick_ids()

        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_A"), user="inside")

        sink.drain(self.guest, stick)
        self.assertIn([4], [entry.get("keys") for entry in sink.received(self.guest)])

    def test_may_move_both_pointers(self) -> None:
        [stick] = self.guest.stick_ids()

        for name in ("mouse", "tablet"):
            self.guest.run(f"runuser -u inside -- test -w {sink.node(stick, name)}")

    def test_may_use_the_control_tree(self) -> None:
        self.assertEqual(
            self.guest.out("runuser -u inside -- minikvmctl set usb/switch target"), "target"
        )

    def test_may_see_the_picture(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")

        self.guest.run(f"runuser -u inside -- timeout 50 ffmpeg -loglevel error -f v4l2 "
                       f"-i {camera} -frames:v 1 -f null -")

    def test_may_not_open_the_sticks_own_nodes(self) -> None:
        nodes = self.guest.out("find /dev -name 'hidraw*' -o -name 'ttyUSB*'").splitlines()

        self.assertTrue(nodes)
        for node in nodes:
            refused = self.guest.run(f"runuser -u inside -- head -c0 {node}", check=False)
            self.assertIn("Permission denied", refused.err)


class Others(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest.run("useradd -m outside")

    def test_may_not_write_into_the_sinks(self) -> None:
        [stick] = self.guest.stick_ids()

        for name in ("keyboard", "mouse", "tablet"):
            self.guest.run(f"! runuser -u outside -- test -w {sink.node(stick, name)}")
            self.guest.run(f"! runuser -u outside -- test -r {sink.node(stick, name)}")

    def test_are_refused_by_the_control_socket(self) -> None:
        refused = self.guest.run("runuser -u outside -- minikvmctl get usb/switch", check=False)

        self.assertEqual(refused.status, 4)
        self.assertIn("ermission denied", refused.err)

    def test_may_not_watch_the_target(self) -> None:
        camera = sink.node(self.guest.stick_ids()[0], "camera")

        self.guest.run(f"! runuser -u outside -- test -r {camera}")


class Observers(GuestCase):
    """Three fresh users: one of group minikvm, one of the read-only group, one of neither."""

    either = True

    def setUp(self) -> None:
        super().setUp()
        self.guest.run("groupadd observers && useradd -m -G minikvm inside && "
                       "useradd -m -G observers observer && useradd -m outside && "
                       "mkdir -p /etc/minikvm && "
                       "echo 'control.read_only_group = \"observers\"' >/etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get usb/switch | grep -qx host")

    def as_user(self, user: str, command: str) -> Outcome:
        return self.guest.run(f"runuser -u {user} -- {command}", check=False)

    def test_may_get_and_watch_but_not_set(self) -> None:
        self.assertEqual(self.as_user("observer", "minikvmctl get usb/switch").out, "host\n")
        self.assertIn("usb/switch rw", self.as_user("observer", "minikvmctl ls").out)
        watcher = self.guest.start("runuser -u observer -- minikvmctl watch usb/follow_slide")
        watcher.wait_for_output("usb/follow_slide yes")

        refused = self.as_user("observer", "minikvmctl set usb/follow_slide no")

        self.assertEqual(refused.status, 4)
        self.assertIn("usb/follow_slide: you may read and watch; only members of group minikvm "
                      "may set", refused.err)
        self.assertEqual(self.as_user("inside", "minikvmctl set usb/follow_slide no").out, "no\n")
        watcher.wait_for_output("usb/follow_slide no")

    def test_may_not_type_or_see_the_picture(self) -> None:
        [stick] = self.guest.stick_ids()

        self.assertEqual(self.as_user("observer", "minikvmctl key a").status, 4)
        for name in ("keyboard", "mouse", "tablet", "camera"):
            self.assertNotEqual(self.as_user("observer", f"test -r {sink.node(stick, name)}").status, 0)

    def test_are_not_everybody(self) -> None:
        refused = self.as_user("outside", "minikvmctl get usb/switch")

        self.assertEqual(refused.status, 4)
        self.assertEqual(refused.out, "")
        self.assertIn("ermission denied", refused.err)

    def test_are_told_apart_when_the_sockets_mode_is_not(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run(f"chmod 0666 /run/minikvm/{stick}/control")

        refused = self.as_user("outside", "minikvmctl get usb/switch")

        self.assertEqual((refused.status, refused.out), (4, ""))


class NoObservers(GuestCase):
    either = True

    def test_are_made_by_a_group_that_there_is_not(self) -> None:
        self.guest.run("mkdir -p /etc/minikvm && "
                       "echo 'control.read_only_group = \"nobodys\"' >/etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")

        self.guest.wait_until("journalctl -b -o cat -u 'minikvmd@*' | "
                              "grep 'read_only_group = \"nobodys\": there is no such group'")
        self.guest.wait_until("minikvmctl get usb/switch | grep -qx host")
