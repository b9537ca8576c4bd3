# SPDX-License-Identifier: MIT
"""This machine sleeps and wakes: nothing stays pressed, and the picture comes back."""

import sink
from testbed.case import GuestCase

# The kernel of an emulated machine would not come back by itself: all of logind's sleep but that.
_NO_SLEEP = """\
[Service]
ExecStart=
ExecStart=/bin/sh -c 'until test -e /run/wake-up; do sleep 0.1; done'
"""
_LIFTED = "grep '\"keys\"' /run/minikvm-sim/0.jsonl | tail -n 1 | grep -q '\"keys\":\\[\\]'"
_AWAKE_S = 5  # what a person may have to wait for the picture and the keyboard


class HostSleep(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest.run("mkdir -p /run/systemd/system/systemd-suspend.service.d")
        self.guest.put("/run/systemd/system/systemd-suspend.service.d/no-sleep.conf",
                       _NO_SLEEP.encode())
        self.guest.run("systemctl daemon-reload")

    def test_lifts_keys_and_stops_the_stream_until_it_is_over(self) -> None:
        [stick] = self.guest.stick_ids()
        viewer = self.guest.start(
            f"exec v4l2-ctl -d {sink.node(stick, 'camera')} --stream-mmap --stream-to /dev/null")
        self.guest.wait_until("minikvmctl get video/streaming | grep -qx yes")
        sink.hold(self.guest, sink.node(stick, "keyboard"), [sink.key("KEY_A", 1)])
        self.guest.wait_until("minikvmctl get input/held | grep -qx 1")
        # The kernel's own part never ends with success here, so nobody waits for the command.
        self.guest.start("systemctl suspend")

        self.guest.wait_until(_LIFTED)
        self.guest.wait_until("minikvmctl get video/streaming | grep -qx no")
        self.assertEqual(self.guest.out("minikvmctl get input/held"), "0")

        # What is written meanwhile does not reach the target.
        before = len(self.guest.recorded())
        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_B"))
        self.assertEqual(len(self.guest.recorded()), before)

        frames = self.guest.out("minikvmctl get video/frames")
        self.guest.run("touch /run/wake-up")
        self.guest.wait_until(f"test $(minikvmctl get video/frames) -gt {frames}", 4 * _AWAKE_S)
        sink.drain(self.guest, stick)
        self.guest.run("pgrep -x v4l2-ctl")
        viewer.stop()
