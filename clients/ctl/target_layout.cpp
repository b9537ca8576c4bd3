// SPDX-License-Identifier: MIT
// TargetLayout: an XKB keymap, read backwards.

#include "clients/ctl/target_layout.h"

#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "clients/ctl/dead_keys.h"
#include "clients/ctl/windows_layouts.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

struct ContextDeleter {
    void operator()(xkb_context* context) const { xkb_context_unref(context); }
};
struct KeymapDeleter {
    void operator()(xkb_keymap* keymap) const { xkb_keymap_unref(keymap); }
};
using ContextPtr = std::unique_ptr<xkb_context, ContextDeleter>;
using KeymapPtr = std::unique_ptr<xkb_keymap, KeymapDeleter>;

// XKB's keycodes are evdev's codes and 8 more.
constexpr xkb_keycode_t kFirstKeycode = 8;

// The keys that make characters. The keypad is left out: it needs Num Lock.
constexpr std::array kFurtherKeys = {KEY_102ND, KEY_RO, KEY_YEN};

bool makes_characters(unsigned code) {
    return (code >= KEY_1 && code <= KEY_EQUAL) || (code >= KEY_Q && code <= KEY_RIGHTBRACE) ||
           (code >= KEY_A && code <= KEY_GRAVE) || (code >= KEY_BACKSLASH && code <= KEY_SLASH) ||
           code == KEY_SPACE || std::ranges::find(kFurtherKeys, code) != kFurtherKeys.end();
}

std::size_t modifiers_of(const Spelling& spelling) {
    std::size_t count = 0;
    for (const Chord& chord : spelling.chords) {
        count += (chord.shift ? 1U : 0U) + (chord.alt_gr ? 1U : 0U);
    }
    return count;
}

bool is_better(const Spelling& one, const Spelling& other) {
    const auto rank = [](const Spelling& spelling) {
        return std::tuple(spelling.xkb_only, spelling.chords.size(), modifiers_of(spelling),
                          spelling.chords.front().code);
    };
    return rank(one) < rank(other);
}

}  // namespace

/// Goes through a keymap, key by key and level by level.
class LayoutReader final {
public:
    LayoutReader(xkb_keymap* keymap, const LayoutNames& names, TargetSystem system)
        : keymap_(keymap), names_(names), system_(system) {
        const xkb_keysym_t* symbols = nullptr;
        const int count =
            xkb_keymap_key_get_syms_by_level(keymap_, KEY_RIGHTALT + kFirstKeycode, 0, 0, &symbols);
        has_alt_gr_ = count == 1 && symbols[0] == XKB_KEY_ISO_Level3_Shift;
    }

    TargetLayout read() {
        add(U'\n', {{Chord{KEY_ENTER, false, false}}, false});
        add(U'\t', {{Chord{KEY_TAB, false, false}}, false});
        for (unsigned code = KEY_1; code <= KEY_YEN; ++code) {
            if (makes_characters(code)) {
                read_key(static_cast<std::uint16_t>(code));
            }
        }
        for (const auto& [keysym, spelling] : dead_keys_) {
            read_dead_key(keysym, spelling);
        }
        return std::move(layout_);
    }

private:
    void read_key(std::uint16_t code) {
        const xkb_keycode_t keycode = code + kFirstKeycode;
        const xkb_level_index_t levels = xkb_keymap_num_levels_for_key(keymap_, keycode, 0);
        for (xkb_level_index_t level = 0; level < levels; ++level) {
            const xkb_keysym_t* symbols = nullptr;
            const int count =
                xkb_keymap_key_get_syms_by_level(keymap_, keycode, 0, level, &symbols);
            const std::optional<Chord> chord = chord_for(code, level);
            if (count == 1 && chord) {
                take(symbols[0], *chord);
            }
        }
    }

    // With the fewest modifiers, of those that a keyboard has.
    std::optional<Chord> chord_for(std::uint16_t code, xkb_level_index_t level) const {
        constexpr std::size_t kMostMasks = 16;
        std::array<xkb_mod_mask_t, kMostMasks> masks{};
        const std::size_t count = xkb_keymap_key_get_mods_for_level(
            keymap_, code + kFirstKeycode, 0, level, masks.data(), masks.size());
        const xkb_mod_mask_t shift = mask_of(XKB_MOD_NAME_SHIFT);
        const xkb_mod_mask_t third = has_alt_gr_ ? mask_of("Mod5") : 0;  // LevelThree's real one
        for (const xkb_mod_mask_t wanted : {xkb_mod_mask_t{0}, shift, third, shift | third}) {
            const auto used = std::span(masks).first(std::min(count, masks.size()));
            if (std::ranges::find(used, wanted) != used.end()) {
                return Chord{code, (wanted & shift) != 0, (wanted & third) != 0};
            }
        }
        return std::nullopt;
    }

    xkb_mod_mask_t mask_of(const char* name) const {
        const xkb_mod_index_t index = xkb_keymap_mod_get_index(keymap_, name);
        return index == XKB_MOD_INVALID ? 0 : xkb_mod_mask_t{1} << index;
    }

    void take(xkb_keysym_t symbol, const Chord& chord) {
        const bool is_dead =
            std::ranges::find(kDeadKeys, symbol, &DeadKey::keysym) != kDeadKeys.end();
        if (is_dead) {
            const Spelling spelling{{chord}, system_ == TargetSystem::Windows && chord.alt_gr};
            if (const auto known = dead_keys_.find(symbol);
                known == dead_keys_.end() || is_better(spelling, known->second)) {
                dead_keys_[symbol] = spelling;
            }
        } else if (const char32_t character = xkb_keysym_to_utf32(symbol); character != 0) {
            add(character, {{chord}, !windows_too(character, chord)});
        }
    }

    bool windows_too(char32_t character, const Chord& chord) const {
        return system_ == TargetSystem::Linux || !chord.alt_gr ||
               (names_.variant.empty() && windows_has_with_alt_gr(names_.layout, character));
    }

    void read_dead_key(xkb_keysym_t symbol, const Spelling& dead) {
        const DeadKey& key = *std::ranges::find(kDeadKeys, symbol, &DeadKey::keysym);
        for (std::size_t index = 0; index + 1 < key.made.size(); index += 2) {
            add_behind(dead, key.made[index], key.made[index + 1]);
        }
        if (key.with_space != 0) {
            add_behind(dead, U' ', key.with_space);
        }
        if (key.alone != 0 && system_ == TargetSystem::Windows) {
            add_behind(dead, U' ', key.alone);
        } else if (key.alone != 0) {
            add(key.alone, {{dead.chords[0], dead.chords[0]}, dead.xkb_only});
        }
    }

    void add_behind(const Spelling& dead, char32_t letter, char32_t made) {
        const Spelling* const base = layout_.find(letter);
        if (base != nullptr && base->chords.size() == 1) {
            add(made, {{dead.chords[0], base->chords[0]}, dead.xkb_only || base->xkb_only});
        }
    }

    void add(char32_t character, const Spelling& spelling) {
        const auto [known, is_new] = layout_.spellings_.try_emplace(character, spelling);
        if (!is_new && is_better(spelling, known->second)) {
            known->second = spelling;
        }
    }

    xkb_keymap* keymap_;
    const LayoutNames& names_;
    TargetSystem system_;
    bool has_alt_gr_ = false;
    std::map<xkb_keysym_t, Spelling> dead_keys_;
    TargetLayout layout_;
};

Result<TargetLayout> TargetLayout::create(const LayoutNames& names, TargetSystem system) {
    const ContextPtr context(xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES));
    if (!context) {
        return make_error(ControlError::Failed,
                          "XKB's layouts cannot be read; is the package xkb-data installed?");
    }
    xkb_context_set_log_level(context.get(), XKB_LOG_LEVEL_CRITICAL);
    const xkb_rule_names wanted{.rules = "evdev",
                                .model = "pc105",
                                .layout = names.layout.c_str(),
                                .variant = names.variant.c_str(),
                                .options = names.options.c_str()};
    const KeymapPtr keymap(
        xkb_keymap_new_from_names(context.get(), &wanted, XKB_KEYMAP_COMPILE_NO_FLAGS));
    if (!keymap) {
        return make_error(ControlError::BadValue,
                          "XKB has no layout \"" + names.layout +
                              (names.variant.empty() ? "" : "\" with variant \"" + names.variant) +
                              "\"; /usr/share/X11/xkb/rules/evdev.lst lists them");
    }
    return LayoutReader(keymap.get(), names, system).read();
}

const Spelling* TargetLayout::find(char32_t character) const {
    const auto found = spellings_.find(character);
    return found == spellings_.end() ? nullptr : &found->second;
}

}  // namespace minikvm
