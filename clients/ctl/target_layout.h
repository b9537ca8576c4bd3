// SPDX-License-Identifier: MIT
// TargetLayout: which keys of the target's keyboard make a character.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/result.h"

namespace minikvm {

/// Names as XKB has them: "de", "nodeadkeys", "lv3:ralt_switch".
struct LayoutNames {
    std::string layout = "us";
    std::string variant;
    std::string options;
};

/// What interprets the keys at the target.
enum class TargetSystem { Linux, Windows };

/// One key, with what is held down for it.
struct Chord {
    std::uint16_t code = 0;  // linux/input-event-codes.h
    bool shift = false;
    bool alt_gr = false;

    bool operator==(const Chord&) const = default;
};

/// The chords that make a character, one after the other: a dead key and its letter are two.
struct Spelling {
    std::vector<Chord> chords;
    bool xkb_only = false;  // the layout of that name in Windows is not known to have it
};

/// Shape:   create(), then find() each character. Lock keys are taken to be off.
/// Units:   characters are Unicode code points; line feed is Enter, tab is Tab.
/// Errors:  create: ControlError::BadValue when XKB has no such layout, which is named.
/// Limits:  the first and second level, those with AltGr where the right Alt key is it, and dead
///          keys with the Latin letters that kDeadKeys has. What Windows has with AltGr is known
///          for the layouts of kWindowsAltGr, without a variant; of others it is taken to have
///          none.
/// Thread:  the thread that made it.
/// Source:  libxkbcommon, xkeyboard-config;
/// learn.microsoft.com/globalization/windows-keyboard-layouts.
class TargetLayout final {
public:
    static Result<TargetLayout> create(const LayoutNames& names, TargetSystem system);

    /// Null when the layout cannot make it.
    const Spelling* find(char32_t character) const;

private:
    friend class LayoutReader;
    TargetLayout() = default;

    std::map<char32_t, Spelling> spellings_;
};

}  // namespace minikvm
