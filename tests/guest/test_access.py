# SPDX-License-Identifier: MIT
"""Who may use a stick: members of group minikvm, nobody else."""

import sink
from testbed.case import GuestCase


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
