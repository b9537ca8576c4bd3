# SPDX-License-Identifier: MIT
"""Capture registers that hang, 5 s a transfer, hold up nobody who wants something else."""

import json
from typing import Any

import sink
from viewer_case import ViewerCase

_PROBE_S = 7  # longer than a transfer that hangs
_LONGEST_S = 0.5  # a tenth of one
_GAP_S = 1.0

# In the guest: a key and a question to the control socket, again and again.
_PROBE = """
import json, socket, sys, time
from evdev import InputDevice
keyboard = InputDevice(sys.argv[1])
control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[2])
begin, sent, answered_s = time.monotonic(), [], []
while time.monotonic() - begin < float(sys.argv[3]):
    for value in (1, 0):
        sent.append(time.monotonic())
        keyboard.write(1, 30, value)
        keyboard.write(0, 0, 0)
        time.sleep(0.1)
    asked = time.monotonic()
    control.sendall(b"get video/frames\\n")
    assert control.recv(4096).endswith(b"\\n")
    answered_s.append(time.monotonic() - asked)
print(json.dumps({"sent": sent, "answered_s": answered_s}))
"""


class WedgedRegisters(ViewerCase):
    either = True

    def probe(self, stick: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.guest.out(
            f"/usr/bin/python3 -c '{_PROBE}' {sink.node(stick, 'keyboard')} "
            f"{sink.node(stick, 'control')} {_PROBE_S}"))
        return said

    def test_delay_no_key_no_frame_and_no_other_client(self) -> None:
        [stick] = self.guest.stick_ids()
        self.view("one")
        sink.drain(self.guest, stick)
        self.guest.sim("fault registers hang")
        self.guest.wait_until('test -n "$(minikvmctl get chip/video/problem)"')
        waiting = self.guest.start("minikvmctl set usb/switch target")
        self.guest.run("touch /run/one.forget")
        before = len(sink.received(self.guest))

        probed = self.probe(stick)

        gap_s = self.seen("one")["longest_gap_s"]
        sink.drain(self.guest, stick)
        arrived = [entry["t"] for entry in
                   sink.once_each(self.guest, sink.received(self.guest)[before:])]
        self.assertEqual(len(arrived), len(probed["sent"]))
        delays_s = [there - here for here, there in zip(probed["sent"], arrived, strict=True)]
        self.remark(f"longest: key {max(delays_s):.3f} s, answer {max(probed['answered_s']):.3f} s, "
                    f"between frames {gap_s:.3f} s")
        self.assertLess(max(delays_s), _LONGEST_S)
        self.assertLess(max(probed["answered_s"]), _LONGEST_S)
        self.assertLess(gap_s, _GAP_S)
        self.assertNotEqual(waiting.wait().status, 0, "who asks for the registers is told")
