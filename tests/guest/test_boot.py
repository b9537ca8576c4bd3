# SPDX-License-Identifier: MIT
"""A host that boots in full, instead of being restored."""

import sink
from testbed.case import GuestCase


class Boot(GuestCase):
    boot = True

    def test_ends_with_a_stick_that_works(self) -> None:
        [stick] = self.guest.stick_ids()

        sink.drain(self.guest, stick)

        self.assertEqual(self.guest.out("systemctl --failed --no-legend"), "")
        self.guest.run(f"timeout 50 ffmpeg -loglevel error -f v4l2 -i {sink.node(stick, 'camera')} "
                       "-frames:v 1 -f null -")
