# SPDX-License-Identifier: MIT
"""The control socket is as docs/control-socket.md says: its examples are run, line by line."""

import re

from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_DOCUMENT = CHECKOUT / "docs" / "control-socket.md"


# Watches, asks for more than anybody keeps, and reads only when it is told to.
_SLOW_READER = """
import os, re, socket, sys, time
stick = socket.socket(socket.AF_UNIX)
stick.connect(sys.argv[1])
stick.send(b"watch usb/follow_slide\\n")
stick.setblocking(False)
deadline = time.monotonic() + 40
quiet = time.monotonic() + 1
while time.monotonic() < quiet:  # until a second has passed in which nothing more was taken
    try:
        stick.send(b"ls\\n")
        quiet = time.monotonic() + 1
        assert time.monotonic() < deadline, "it takes whatever comes"
    except BlockingIOError:
        time.sleep(0.01)
print("full", flush=True)
while not os.path.exists("/tmp/read-now"):
    time.sleep(0.05)
stick.settimeout(30)
text = b""
told = None
while told is None:
    got = stick.recv(65536)
    assert got, "the daemon has ended it"
    text += got
    told = re.search(rb"\\nmissed (\\d+)\\nusb/follow_slide no\\n", text)
print("missed", told[1].decode())
"""


def examples() -> list[tuple[str, str]]:
    """Each command of the document with what it says comes back."""
    blocks = re.findall(r"```console\n(.*?)```", _DOCUMENT.read_text(), re.S)
    return [(command, answer) for block in blocks
            for command, answer in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", block, re.M)]


def pattern(answer: str) -> str:
    """`...` on a line of its own stands for any lines, and elsewhere for any words."""
    return re.escape(answer).replace(re.escape("...\n"), r"(?:.*\n)*").replace(
        re.escape("..."), ".*")


class Document(GuestCase):
    either = True

    def test_says_what_the_socket_answers(self) -> None:
        [stick] = self.guest.stick_ids()
        self.assertGreater(len(examples()), 8)

        for command, answer in examples():
            # socat waits half a second for an answer, which a busy machine may not keep.
            patient = command.replace("1-2", stick).replace("socat -", "socat -t 3 -")
            said = self.guest.run(patient).out
            self.assertRegex(said.replace(f"id {stick}", "id 1-2"), rf"\A{pattern(answer)}\Z", command)


class SlowReader(GuestCase):
    either = True

    def test_holds_up_nobody_and_gets_the_newest(self) -> None:
        [stick] = self.guest.stick_ids()
        socket = f"/run/minikvm/{stick}/control"
        self.guest.put("/tmp/slow.py", _SLOW_READER.encode())
        reader = self.guest.start(f"python3 /tmp/slow.py {socket}")
        reader.wait_for_output("full")

        for side in ("no", "yes") * 5:
            self.guest.run(f"minikvmctl set usb/follow_slide {side}")
        self.guest.run("minikvmctl set usb/follow_slide no && touch /tmp/read-now")

        outcome = reader.wait()
        self.assertEqual(outcome.status, 0, outcome.err)
        missed = re.search(r"^missed (\d+)$", outcome.out, re.M)
        self.assertTrue(missed and int(missed[1]) >= 9, outcome.out)
