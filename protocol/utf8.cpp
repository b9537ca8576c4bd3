// SPDX-License-Identifier: MIT
// UTF-8 text.

#include "protocol/utf8.h"

#include <array>
#include <cassert>
#include <cstdint>

namespace minikvm {
namespace {

struct Form {
    std::uint8_t first_least, first_most;
    std::uint8_t second_least, second_most;
    std::size_t size;
};

// Well-formed byte sequences: Unicode 15, table 3-7. Third and fourth bytes are 80 to BF.
constexpr std::array kForms = {
    Form{0xC2, 0xDF, 0x80, 0xBF, 2}, Form{0xE0, 0xE0, 0xA0, 0xBF, 3},
    Form{0xE1, 0xEC, 0x80, 0xBF, 3}, Form{0xED, 0xED, 0x80, 0x9F, 3},
    Form{0xEE, 0xEF, 0x80, 0xBF, 3}, Form{0xF0, 0xF0, 0x90, 0xBF, 4},
    Form{0xF1, 0xF3, 0x80, 0xBF, 4}, Form{0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool between(char character, std::uint8_t least, std::uint8_t most) {
    const auto byte = static_cast<std::uint8_t>(character);
    return byte >= least && byte <= most;
}

bool has_form(std::string_view text, const Form& form) {
    if (text.size() < form.size || !between(text[0], form.first_least, form.first_most) ||
        !between(text[1], form.second_least, form.second_most)) {
        return false;
    }
    for (const char character : text.substr(2, form.size - 2)) {
        if (!between(character, 0x80, 0xBF)) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::size_t utf8_character_size(std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    if (between(text[0], 0x00, 0x7F)) {
        return 1;
    }
    for (const Form& form : kForms) {
        if (has_form(text, form)) {
            return form.size;
        }
    }
    return 0;
}

char32_t decode_utf8_character(std::string_view text) {
    const std::size_t size = utf8_character_size(text);
    assert(size > 0);
    // The first byte of two, three or four has that many ones in front of a zero.
    constexpr unsigned kFurtherBits = 6;
    const unsigned mask = size == 1 ? 0x7FU : 0xFFU >> (size + 1);
    char32_t character = static_cast<std::uint8_t>(text[0]) & mask;
    for (const char further : text.substr(1, size - 1)) {
        character = (character << kFurtherBits) | (static_cast<std::uint8_t>(further) & 0x3FU);
    }
    return character;
}

bool starts_with_control(std::string_view text) {
    if (text.empty()) {
        return false;
    }
    const bool c0 = between(text[0], 0x00, 0x1F) || text[0] == '\x7F';
    const bool c1 = text.size() >= 2 && text[0] == '\xC2' && between(text[1], 0x80, 0x9F);
    return c0 || c1;
}

}  // namespace minikvm
