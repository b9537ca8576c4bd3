# SPDX-License-Identifier: MIT
"""A person at a guest's own keyboard and mouse, and a witness of what that machine gets from them."""

from testbed.guest import Guest, Running

NAME = "Test Hands"
HOTKEY = ("KEY_LEFTCTRL", "KEY_RIGHTCTRL")
PANIC = ("KEY_BACKSPACE", "KEY_ESC", "KEY_ENTER")

_ORDERS = "/run/hands"
SEEN = "/run/hands.seen"
_NODES = "/run/hands.nodes"

# In the guest. Makes a keyboard, a mouse and an absolute one, then obeys lines: "KEY_A 1", "REL_X 5", one report each.
_HANDS = f"""
import os
from evdev import AbsInfo, UInput, ecodes
keys = [code for name, code in ecodes.ecodes.items() if name.startswith("KEY_") and code < 0x100]
keyboard = UInput({{ecodes.EV_KEY: keys, ecodes.EV_LED: [0, 1, 2]}}, name="{NAME} keyboard")
mouse = UInput({{ecodes.EV_KEY: [ecodes.BTN_LEFT, ecodes.BTN_RIGHT, ecodes.BTN_MIDDLE],
                ecodes.EV_REL: [ecodes.REL_X, ecodes.REL_Y, ecodes.REL_WHEEL]}}, name="{NAME} mouse")
axis = AbsInfo(value=0, min=0, max=1000, fuzz=0, flat=0, resolution=0)
places = UInput({{ecodes.EV_KEY: [ecodes.BTN_LEFT, ecodes.BTN_RIGHT],
                 ecodes.EV_ABS: [(ecodes.ABS_X, axis), (ecodes.ABS_Y, axis)]}}, name="{NAME} places")
devices = {{"KEY": keyboard, "REL": mouse, "BTN": mouse, "ABS": places}}
kinds = {{"KEY": ecodes.EV_KEY, "REL": ecodes.EV_REL, "BTN": ecodes.EV_KEY, "ABS": ecodes.EV_ABS}}
with open("{_NODES}", "w") as file:
    print(*[made.device.path for made in (keyboard, mouse, places)], file=file)
os.mkfifo("{_ORDERS}")
with os.fdopen(os.open("{_ORDERS}", os.O_RDWR)) as orders:
    for order in orders:
        name, value = order.split()
        devices[name[:3]].write(kinds[name[:3]], ecodes.ecodes[name], int(value))
        devices[name[:3]].syn()
"""
# In the guest. Writes down what a desktop, a console or any other reader of the nodes gets.
_WITNESS = f"""
import selectors
from evdev import InputDevice, ecodes
with open("{_NODES}") as file:
    devices = [InputDevice(node) for node in file.read().split()]
selector = selectors.DefaultSelector()
for device in devices:
    selector.register(device, selectors.EVENT_READ)
with open("{SEEN}", "w", buffering=1) as seen:
    while True:
        for key, _ in selector.select():
            for event in key.fileobj.read():
                names = {{1: ecodes.keys, 2: ecodes.REL}}.get(event.type)
                if names:
                    print(names[event.code], event.value, file=seen)
"""


def _say(names_and_values: list[tuple[str, int]]) -> str:
    lines = "\\n".join(f"{name} {value}" for name, value in names_and_values)
    return f"printf '{lines}\\n' >{_ORDERS}"


def pressing(*keys: str) -> str:
    """A shell line that presses these one after the other, and leaves them down."""
    return _say([(key, 1) for key in keys])


def tapping(*keys: str) -> str:
    """A shell line that presses these together, and lets them go."""
    return _say([(key, 1) for key in keys] + [(key, 0) for key in reversed(keys)])


class Hands:
    """Shape: made once for a guest; everything else through shell lines in it."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._running: list[Running] = [guest.start("/usr/bin/python3 -", _HANDS.encode())]
        nodes = guest.wait_until(f"test -p {_ORDERS} && cat {_NODES}").split()
        self.keyboard, self.mouse, _ = nodes
        for node in nodes:
            guest.wait_until(f"{attribute('devices')} | grep -qw {node}")
        self._running.append(guest.start("/usr/bin/python3 -", _WITNESS.encode()))
        guest.wait_until(f"test -e {SEEN}")
        self.tap("KEY_F11")
        self.wait_until_seen("KEY_F11", 2)

    def press(self, *keys: str) -> None:
        self._guest.run(pressing(*keys))

    def tap(self, *keys: str) -> None:
        self._guest.run(tapping(*keys))

    def move(self, right: int) -> None:
        self._guest.run(_say([("REL_X", right)]))

    def point(self, x: int, y: int) -> None:
        """In thousandths of the screen."""
        self._guest.run(_say([("ABS_X", x), ("ABS_Y", y)]))

    def unplug(self) -> None:
        self._running[0].stop(9)

    def count_seen(self, key: str) -> int:
        """How often this machine has seen that key change."""
        return int(self._guest.run(f"grep -cw {key} {SEEN}", check=False).out)

    def wait_until_seen(self, key: str, times: int) -> None:
        self._guest.wait_until(f"[ $(grep -cw {key} {SEEN}) -ge {times} ]")

    def seen(self) -> str:
        return self._guest.out(f"cat {SEEN}")

    def lights(self) -> str:
        """A shell line that prints those of the keyboard: '[]', '[1]' for Caps Lock."""
        return ("/usr/bin/python3 -c 'from evdev import InputDevice; "
                f"print(InputDevice(\"{self.keyboard}\").leds())'")


def attribute(name: str) -> str:
    """A shell line that prints what the forwarder says of this."""
    return (f"printf 'get {name}\\n' | socat -t 5 - UNIX-CONNECT:/run/minikvm/forward | "
            "sed -n 's/^ok //p'")
