// SPDX-License-Identifier: MIT
// Names of keys that can be sent.

#include "clients/ctl/key_names.h"

#include <algorithm>
#include <string>

#include "configuration/key_names.h"
#include "protocol/errors.h"
#include "protocol/hid_keymap.h"

namespace minikvm {
namespace {

bool can_be_sent(std::uint16_t code) {
    const hid::HidKeyKind kind = hid::find_key(hid::KeyCode{code}).kind;
    return kind != hid::HidKeyKind::None && kind != hid::HidKeyKind::Button;
}

}  // namespace

Result<std::vector<std::uint16_t>> parse_chord(std::string_view text) {
    const std::vector<std::uint16_t> codes = MINIKVM_TRY(parse_keys(text));
    for (const std::uint16_t code : codes) {
        const std::string_view name = text.substr(0, text.find('+'));
        if (!can_be_sent(code)) {
            return make_error(ControlError::BadValue,
                              "the input chip has no key \"" + std::string(name) + "\"");
        }
        text.remove_prefix(std::min(text.size(), name.size() + 1));
    }
    return codes;
}

}  // namespace minikvm
