# SPDX-License-Identifier: MIT
"""Programs of a guest that hold keys, by the input socket or by the sink, and are killed."""

from testbed.guest import Guest

# In the guest. Each prints "held" once the keys are down, and then waits to be killed.
_BY_SOCKET = """
import socket, struct, sys, time
stick = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
stick.connect(sys.argv[1])
stick.send(b"H\\x01\\x00\\x00")
for number, code in enumerate((42, 30), 1):
    stick.send(struct.pack("<BxxxIHHiHHi", 69, number, 1, code, 1, 0, 0, 0))
while True:
    answer = stick.recv(1024)
    if answer[:1] == b"S" and answer[4] == 2:
        print("held", flush=True)
"""
_BY_SINK = """
import sys, time
from evdev import InputDevice
device = InputDevice(sys.argv[1])
for code in (42, 30):
    device.write(1, code, 1)
    device.write(0, 0, 0)
print("held", flush=True)
time.sleep(1000)
"""

# Starts a holder, and kills it once the target has what it holds. Prints when that was.
_KILLER = """
import json, signal, subprocess, sys, time
holder = subprocess.Popen(["/usr/bin/python3", "-c", sys.argv[1], sys.argv[2]],
                          stdout=subprocess.PIPE)
holder.stdout.readline()
def last_keyboard():
    for line in reversed(open("/run/minikvm-sim/0.jsonl").readlines()):
        entry = json.loads(line)
        if entry.get("report") == "keyboard":
            return entry
limit = time.monotonic() + 10
while last_keyboard()["hex"] != "0200040000000000" and time.monotonic() < limit:
    time.sleep(0.02)
time.sleep(0.15)
killed = time.monotonic()
holder.send_signal(signal.SIGKILL)
while last_keyboard()["hex"] != "0000000000000000" and time.monotonic() < limit:
    time.sleep(0.02)
print(json.dumps([killed, last_keyboard()]))
"""


def killer(by: str, path: str) -> str:
    """A shell line that holds Shift+A through `path`, dies, and prints [when, last report]."""
    holder = {"socket": _BY_SOCKET, "sink": _BY_SINK}[by]
    return f"/usr/bin/python3 - '{holder}' {path}"


def kill(guest: Guest, by: str, path: str) -> str:
    running = guest.start(killer(by, path), _KILLER.encode())
    outcome = running.wait()
    assert outcome.status == 0, outcome.err
    return outcome.out
