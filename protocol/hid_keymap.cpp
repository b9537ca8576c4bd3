// SPDX-License-Identifier: MIT
// Which evdev key becomes what in a HID report.

#include "protocol/hid_keymap.h"

#include <linux/input-event-codes.h>

#include <array>
#include <cstddef>

namespace minikvm::hid {
namespace {

constexpr KeymapEntry usage(unsigned code, std::uint8_t value) {
    return {KeyCode{static_cast<std::uint16_t>(code)}, {HidKeyKind::Usage, value}};
}

constexpr KeymapEntry modifier(unsigned code, std::uint8_t bit) {
    return {KeyCode{static_cast<std::uint16_t>(code)}, {HidKeyKind::Modifier, bit}};
}

constexpr KeymapEntry consumer(unsigned code, unsigned byte, unsigned bit) {
    return {KeyCode{static_cast<std::uint16_t>(code)},
            {HidKeyKind::Consumer, static_cast<std::uint8_t>(8 * byte + bit)}};
}

constexpr KeymapEntry system(unsigned code, std::uint8_t bit) {
    return {KeyCode{static_cast<std::uint16_t>(code)}, {HidKeyKind::System, bit}};
}

constexpr KeymapEntry button(unsigned code, std::uint8_t bit) {
    return {KeyCode{static_cast<std::uint16_t>(code)}, {HidKeyKind::Button, bit}};
}

constexpr std::array kKeymap = {
    // Listed by WCH, safe on every unit (7 A).
    usage(KEY_A, 0x04),
    usage(KEY_B, 0x05),
    usage(KEY_C, 0x06),
    usage(KEY_D, 0x07),
    usage(KEY_E, 0x08),
    usage(KEY_F, 0x09),
    usage(KEY_G, 0x0A),
    usage(KEY_H, 0x0B),
    usage(KEY_I, 0x0C),
    usage(KEY_J, 0x0D),
    usage(KEY_K, 0x0E),
    usage(KEY_L, 0x0F),
    usage(KEY_M, 0x10),
    usage(KEY_N, 0x11),
    usage(KEY_O, 0x12),
    usage(KEY_P, 0x13),
    usage(KEY_Q, 0x14),
    usage(KEY_R, 0x15),
    usage(KEY_S, 0x16),
    usage(KEY_T, 0x17),
    usage(KEY_U, 0x18),
    usage(KEY_V, 0x19),
    usage(KEY_W, 0x1A),
    usage(KEY_X, 0x1B),
    usage(KEY_Y, 0x1C),
    usage(KEY_Z, 0x1D),
    usage(KEY_1, 0x1E),
    usage(KEY_2, 0x1F),
    usage(KEY_3, 0x20),
    usage(KEY_4, 0x21),
    usage(KEY_5, 0x22),
    usage(KEY_6, 0x23),
    usage(KEY_7, 0x24),
    usage(KEY_8, 0x25),
    usage(KEY_9, 0x26),
    usage(KEY_0, 0x27),
    usage(KEY_ENTER, 0x28),
    usage(KEY_ESC, 0x29),
    usage(KEY_BACKSPACE, 0x2A),
    usage(KEY_TAB, 0x2B),
    usage(KEY_SPACE, 0x2C),
    usage(KEY_MINUS, 0x2D),
    usage(KEY_EQUAL, 0x2E),
    usage(KEY_LEFTBRACE, 0x2F),
    usage(KEY_RIGHTBRACE, 0x30),
    usage(KEY_BACKSLASH, 0x31),
    usage(KEY_SEMICOLON, 0x33),
    usage(KEY_APOSTROPHE, 0x34),
    usage(KEY_GRAVE, 0x35),
    usage(KEY_COMMA, 0x36),
    usage(KEY_DOT, 0x37),
    usage(KEY_SLASH, 0x38),
    usage(KEY_CAPSLOCK, 0x39),
    usage(KEY_F1, 0x3A),
    usage(KEY_F2, 0x3B),
    usage(KEY_F3, 0x3C),
    usage(KEY_F4, 0x3D),
    usage(KEY_F5, 0x3E),
    usage(KEY_F6, 0x3F),
    usage(KEY_F7, 0x40),
    usage(KEY_F8, 0x41),
    usage(KEY_F9, 0x42),
    usage(KEY_F10, 0x43),
    usage(KEY_F11, 0x44),
    usage(KEY_F12, 0x45),
    usage(KEY_SYSRQ, 0x46),
    usage(KEY_SCROLLLOCK, 0x47),
    usage(KEY_PAUSE, 0x48),
    usage(KEY_INSERT, 0x49),
    usage(KEY_HOME, 0x4A),
    usage(KEY_PAGEUP, 0x4B),
    usage(KEY_DELETE, 0x4C),
    usage(KEY_END, 0x4D),
    usage(KEY_PAGEDOWN, 0x4E),
    usage(KEY_RIGHT, 0x4F),
    usage(KEY_LEFT, 0x50),
    usage(KEY_DOWN, 0x51),
    usage(KEY_UP, 0x52),
    usage(KEY_NUMLOCK, 0x53),
    usage(KEY_KPSLASH, 0x54),
    usage(KEY_KPASTERISK, 0x55),
    usage(KEY_KPMINUS, 0x56),
    usage(KEY_KPPLUS, 0x57),
    usage(KEY_KPENTER, 0x58),
    usage(KEY_KP1, 0x59),
    usage(KEY_KP2, 0x5A),
    usage(KEY_KP3, 0x5B),
    usage(KEY_KP4, 0x5C),
    usage(KEY_KP5, 0x5D),
    usage(KEY_KP6, 0x5E),
    usage(KEY_KP7, 0x5F),
    usage(KEY_KP8, 0x60),
    usage(KEY_KP9, 0x61),
    usage(KEY_KP0, 0x62),
    usage(KEY_KPDOT, 0x63),
    usage(KEY_102ND, 0x64),
    usage(KEY_COMPOSE, 0x65),
    usage(KEY_KPCOMMA, 0x85),
    usage(KEY_RO, 0x87),
    usage(KEY_KATAKANAHIRAGANA, 0x88),
    usage(KEY_YEN, 0x89),
    usage(KEY_HENKAN, 0x8A),
    usage(KEY_MUHENKAN, 0x8B),
    usage(KEY_HANGEUL, 0x90),
    usage(KEY_HANJA, 0x91),
    // Bits of the report's first byte, E0 to E7 in the usage table (7 B).
    modifier(KEY_LEFTCTRL, 0),
    modifier(KEY_LEFTSHIFT, 1),
    modifier(KEY_LEFTALT, 2),
    modifier(KEY_LEFTMETA, 3),
    modifier(KEY_RIGHTCTRL, 4),
    modifier(KEY_RIGHTSHIFT, 5),
    modifier(KEY_RIGHTALT, 6),
    modifier(KEY_RIGHTMETA, 7),
    // Not listed by WCH, within the range of the chip's descriptor (7 C).
    usage(KEY_KPEQUAL, 0x67),
    usage(KEY_F13, 0x68),
    usage(KEY_F14, 0x69),
    usage(KEY_F15, 0x6A),
    usage(KEY_F16, 0x6B),
    usage(KEY_F17, 0x6C),
    usage(KEY_F18, 0x6D),
    usage(KEY_F19, 0x6E),
    usage(KEY_F20, 0x6F),
    usage(KEY_F21, 0x70),
    usage(KEY_F22, 0x71),
    usage(KEY_F23, 0x72),
    usage(KEY_F24, 0x73),
    usage(KEY_OPEN, 0x74),
    usage(KEY_HELP, 0x75),
    usage(KEY_PROPS, 0x76),
    usage(KEY_FRONT, 0x77),
    usage(KEY_AGAIN, 0x79),
    usage(KEY_UNDO, 0x7A),
    usage(KEY_CUT, 0x7B),
    usage(KEY_COPY, 0x7C),
    usage(KEY_PASTE, 0x7D),
    usage(KEY_FIND, 0x7E),
    usage(KEY_KPJPCOMMA, 0x8C),
    usage(KEY_KATAKANA, 0x92),
    usage(KEY_HIRAGANA, 0x93),
    usage(KEY_ZENKAKUHANKAKU, 0x94),
    // Consumer keys: byte and bit as the manual of WCH counts them (7 D).
    consumer(KEY_VOLUMEUP, 0, 0),
    consumer(KEY_VOLUMEDOWN, 0, 1),
    consumer(KEY_MUTE, 0, 2),
    consumer(KEY_PLAYPAUSE, 0, 3),
    consumer(KEY_NEXTSONG, 0, 4),
    consumer(KEY_PREVIOUSSONG, 0, 5),
    consumer(KEY_STOPCD, 0, 6),
    consumer(KEY_EJECTCD, 0, 7),
    consumer(KEY_MAIL, 1, 0),
    consumer(KEY_SEARCH, 1, 1),
    consumer(KEY_BOOKMARKS, 1, 2),
    consumer(KEY_HOMEPAGE, 1, 3),
    consumer(KEY_BACK, 1, 4),
    consumer(KEY_FORWARD, 1, 5),
    consumer(KEY_STOP, 1, 6),
    consumer(KEY_REFRESH, 1, 7),
    consumer(KEY_CONFIG, 2, 0),
    consumer(KEY_MEDIA, 2, 0),
    consumer(KEY_WWW, 2, 1),
    consumer(KEY_CALC, 2, 2),
    consumer(KEY_SCREENLOCK, 2, 3),
    consumer(KEY_FILE, 2, 4),
    consumer(KEY_COMPUTER, 2, 4),
    consumer(KEY_RECORD, 2, 6),
    consumer(KEY_REWIND, 2, 7),
    // System keys (7 D).
    system(KEY_POWER, 0),
    system(KEY_SLEEP, 1),
    system(KEY_WAKEUP, 2),
    // Five buttons reach the target (5.3, 5.8). A Linux target names the fourth BTN_SIDE, the fifth
    // BTN_EXTRA (drivers/hid/hid-input.c, HID_UP_BUTTON).
    button(BTN_LEFT, 0),
    button(BTN_RIGHT, 1),
    button(BTN_MIDDLE, 2),
    button(BTN_SIDE, 3),
    button(BTN_EXTRA, 4),
};

// One more than the highest code in the table.
constexpr std::size_t kIndexSize = BTN_EXTRA + 1;

constexpr std::array<HidKey, kIndexSize> index_by_code() {
    std::array<HidKey, kIndexSize> index{};
    for (const KeymapEntry& entry : kKeymap) {
        index[static_cast<std::size_t>(entry.code)] = entry.key;
    }
    return index;
}

constexpr std::array<HidKey, kIndexSize> kByCode = index_by_code();

constexpr bool each_code_stands_once() {
    for (const KeymapEntry& entry : kKeymap) {
        if (kByCode[static_cast<std::size_t>(entry.code)] != entry.key) {
            return false;
        }
    }
    return true;
}
static_assert(each_code_stands_once());

}  // namespace

HidKey find_key(KeyCode code) {
    const auto position = static_cast<std::size_t>(code);
    return position < kByCode.size() ? kByCode[position] : HidKey{};
}

std::span<const KeymapEntry> keymap() {
    return kKeymap;
}

}  // namespace minikvm::hid
