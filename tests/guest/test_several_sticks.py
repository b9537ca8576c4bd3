# SPDX-License-Identifier: MIT
"""Three sticks on one host do not get in each other's way."""

import sink
from testbed.case import GuestCase


class ThreeSticks(GuestCase):
    sticks = 3

    def test_each_has_a_line_and_a_camera_of_its_own(self) -> None:
        lines = [line.split() for line in self.guest.out("minikvmctl list").splitlines()]

        self.assertEqual(len(lines), 3)
        self.assertEqual({line[2] for line in lines}, {"ready"})
        self.assertEqual(len({line[0] for line in lines}), 3)
        cameras = {self.guest.out(f"readlink -f {sink.node(line[0], 'camera')}") for line in lines}
        self.assertEqual(len(cameras), 3)

    def test_typing_into_one_reaches_its_own_target_only(self) -> None:
        ids = self.guest.stick_ids()
        before = [len(sink.received(self.guest, stick)) for stick in range(3)]

        sink.write(self.guest, sink.node(ids[1], "keyboard"), sink.press("KEY_A"))
        for stick, stick_id in enumerate(ids):
            sink.drain(self.guest, stick_id, stick)

        typed = [len(sink.received(self.guest, stick)) - before[stick] for stick in range(3)]
        self.assertEqual(typed, [0, 2, 0])

    def test_a_change_without_naming_the_stick_is_refused_with_a_list(self) -> None:
        refused = self.guest.run("minikvmctl set usb/switch target", check=False)

        self.assertEqual(refused.status, 2)
        for stick_id in self.guest.stick_ids():
            self.assertIn(stick_id, refused.err)
