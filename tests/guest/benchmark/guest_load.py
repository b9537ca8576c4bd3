#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In a guest: presses keys and moves the mouse at given moments; prints when, as JSON.

guest_load.py KEYBOARD MOUSE SECONDS KEY_INTERVAL_MS MOVE_INTERVAL_MS; an interval of 0 is none.
"""

import json
import os
import random
import struct
import sys
import time

EVENT = struct.Struct("llHHi")  # struct input_event, linux/input.h
EV_SYN, EV_KEY, EV_REL = 0, 1, 2
MOVE_X, MOVE_Y = 3, -2
# Codes of linux/input-event-codes.h beside usages of HID page 07: a to d, and e.
LETTERS = ((30, 4), (48, 5), (46, 6), (32, 7), (18, 8))


def packet(*events: tuple[int, int, int]) -> bytes:
    return b"".join(EVENT.pack(0, 0, *event) for event in (*events, (EV_SYN, 0, 0)))


def steps(seconds: float, key_s: float, move_s: float) -> list[tuple[float, int, int]]:
    """(moment, place among LETTERS or -1 for motion, value), in the order of time."""
    found: list[tuple[float, int, int]] = []
    spread = random.Random(1)
    for index in range(int(seconds / key_s) if key_s else 0):
        press = (index + spread.random() / 4) * key_s
        letter = index % len(LETTERS)
        found += [(press, letter, 1), (press + key_s / 2, letter, 0)]
    found += [(index * move_s, -1, 0) for index in range(int(seconds / move_s) if move_s else 0)]
    return sorted(found)


def main() -> None:
    keyboard, mouse = (os.open(node, os.O_WRONLY) for node in sys.argv[1:3])
    seconds, key_ms, move_ms = (float(word) for word in sys.argv[3:6])
    strokes = []
    moves = 0
    motion = packet((EV_REL, 0, MOVE_X), (EV_REL, 1, MOVE_Y))
    plan = steps(seconds, key_ms / 1000, move_ms / 1000)
    begin = time.monotonic()
    for moment, letter, value in plan:
        time.sleep(max(0.0, begin + moment - time.monotonic()))
        if letter < 0:
            os.write(mouse, motion)
            moves += 1
        else:
            code, usage = LETTERS[letter]
            strokes.append((time.monotonic(), usage if value else 0))
            os.write(keyboard, packet((EV_KEY, code, value)))
    print(json.dumps({"strokes": strokes, "moves": moves, "begin": begin, "end": time.monotonic()}))


if __name__ == "__main__":
    main()
