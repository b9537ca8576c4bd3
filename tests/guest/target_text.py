# SPDX-License-Identifier: MIT
"""What a target makes of the keys that it receives: libxkbcommon in the guest, none of our code."""

import json

from testbed.guest import Guest

# In the guest: the recorder's file, a layout, the first line to read, whether Caps Lock is on then.
_DECODER = """
import ctypes, json, sys, unicodedata
path, layout, first, caps = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "caps"
xkb = ctypes.CDLL("libxkbcommon.so.0")
pointer = ctypes.c_void_p
class Names(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p)
                for name in ("rules", "model", "layout", "variant", "options")]
for name in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
    getattr(xkb, name).restype = pointer
xkb.xkb_keymap_new_from_names.argtypes = [pointer, ctypes.POINTER(Names), ctypes.c_int]
xkb.xkb_state_new.argtypes = [pointer]
xkb.xkb_state_update_key.argtypes = [pointer, ctypes.c_uint32, ctypes.c_int]
xkb.xkb_state_key_get_one_sym.argtypes = [pointer, ctypes.c_uint32]
xkb.xkb_state_key_get_one_sym.restype = ctypes.c_uint32
xkb.xkb_keysym_to_utf32.argtypes = [ctypes.c_uint32]
xkb.xkb_keysym_to_utf32.restype = ctypes.c_uint32
keymap = xkb.xkb_keymap_new_from_names(
    xkb.xkb_context_new(0), Names(b"evdev", b"pc105", layout.encode(), b"", b""), 0)
state = xkb.xkb_state_new(keymap)
CAPS = 58
# HID usage tables, page 07, beside the kernel's codes for the keys of a PC keyboard.
LETTERS = [30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47,
           17, 45, 21, 44]
CODES = {4 + index: code for index, code in enumerate(LETTERS)}
CODES.update({0x1E + index: 2 + index for index in range(10)})
CODES.update({0x28: 28, 0x2B: 15, 0x2C: 57, 0x2D: 12, 0x2E: 13, 0x2F: 26, 0x30: 27, 0x31: 43,
              0x33: 39, 0x34: 40, 0x35: 41, 0x36: 51, 0x37: 52, 0x38: 53, 0x39: CAPS, 0x64: 86})
MODIFIERS = [29, 42, 56, 125, 97, 54, 100, 126]
DEAD = {0xFE50: "\\u0300", 0xFE51: "\\u0301", 0xFE52: "\\u0302", 0xFE53: "\\u0303",
        0xFE57: "\\u0308"}
ALONE = {"\\u0300": "`", "\\u0301": "\\u00b4", "\\u0302": "^", "\\u0303": "~", "\\u0308": "\\u00a8"}
text, accent, held = "", "", set()
def strike(code, down):
    global text, accent
    if down:
        symbol = xkb.xkb_state_key_get_one_sym(state, code + 8)
        character = chr(xkb.xkb_keysym_to_utf32(symbol) or 0)
        if symbol in DEAD:
            accent = DEAD[symbol]
        elif character != "\\0":
            made = ALONE[accent] if accent and character == " " else character + accent
            text += unicodedata.normalize("NFC", made)
            accent = ""
    xkb.xkb_state_update_key(state, code + 8, 1 if down else 0)
if caps:
    strike(CAPS, True)
    strike(CAPS, False)
for line in open(path).readlines()[first:]:
    entry = json.loads(line)
    if entry.get("report") != "keyboard":
        continue
    now = {CODES[usage] for usage in entry["keys"]}
    now |= {code for bit, code in enumerate(MODIFIERS) if entry["modifiers"] >> bit & 1}
    for code in held - now:
        strike(code, False)
    for code in sorted(now - held, key=lambda code: code not in MODIFIERS):
        strike(code, True)
    held = now
print(json.dumps([text.replace("\\r", "\\n"), sorted(held)]))
"""


def typed(guest: Guest, layout: str, first: int = 0, caps: bool = False) -> str:
    """The text from the recorder's line `first` on; fails when a key is left down."""
    words = f"/run/minikvm-sim/0.jsonl {layout} {first} {'caps' if caps else '-'}"
    running = guest.start(f"/usr/bin/python3 - {words}", _DECODER.encode())
    outcome = running.wait()
    assert outcome.status == 0, outcome.err
    text, held = json.loads(outcome.out)
    assert not held, f"left down: {held}"
    return str(text)
