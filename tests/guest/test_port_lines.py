# SPDX-License-Identifier: MIT
"""DTR and RTS of the stick's serial port: the one cuts the USB-A port's power, the other resets the chip."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from testbed.case import GuestCase

# 50 ms of RTS reset the chip (docs/hardware.md 5.7).
_LONGEST_S = 0.020
_A_TURN_S = 15  # a stop and a start, in an emulated machine that shares its host
_READY = "minikvmctl get state | grep -qx ready"
# As ModemManager opens a port that it has never seen, and keeps it.
_OTHER = """
import os
os.open("/dev/ttyUSB0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
print("open", flush=True)
os.read(0, 1)
"""


@dataclass(frozen=True)
class Pulse:
    """One time that a line was up."""

    line: str
    seconds: float
    requests: int  # that came from when it rose until it fell, the last one included


class PortLines(GuestCase):
    OPENS = 3

    def pulses(self) -> Iterator[Pulse]:
        up = {}
        for text in self.guest.sim("trace").splitlines():
            edge = json.loads(text)
            if edge["level"] == "asserted":
                up[edge["line"]] = edge
            else:
                rise = up.pop(edge["line"])
                yield Pulse(edge["line"], edge["t"] - rise["t"], edge["request"] - rise["request"])
        self.assertEqual(up, {}, "still up")

    def assert_harmless(self, least: int) -> None:
        pulses = list(self.pulses())
        self.assertGreaterEqual(len(pulses), 2 * least)
        for pulse in pulses:
            self.assertLess(pulse.seconds, _LONGEST_S, pulse)
            self.assertEqual(pulse.requests, 1, pulse)
        resets = [entry for entry in self.guest.recorded() if entry.get("event") == "chip-left"]
        self.assertEqual(resets, [])

    def test_are_up_for_a_moment_each_time_that_the_port_is_opened(self) -> None:
        [stick] = self.guest.stick_ids()
        unit = f"minikvmd@{stick}"
        self.guest.run(f"for turn in $(seq {self.OPENS}); do systemctl stop {unit} && "
                       f"systemctl start {unit} || exit 1; done",
                       _A_TURN_S * self.OPENS)
        self.guest.wait_until(_READY)

        self.assert_harmless(self.OPENS)

    def test_are_taken_back_from_another_who_opens_the_port(self) -> None:
        before = len(list(self.pulses()))
        other = self.guest.start(f"exec /usr/bin/python3 -c '{_OTHER}'")
        other.wait_for_output("open")

        self.guest.wait_until("test $(minikvm-sim ctl --stick 0 trace | grep -c released) "
                              f"-gt {before}")
        self.assert_harmless(0)
        other.stop()


class ManyOpens(PortLines):
    OPENS = 100
    long = True
