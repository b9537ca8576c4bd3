// SPDX-License-Identifier: MIT
// UTF-8 text: which bytes are characters that a line of text may have.

#pragma once

#include <cstddef>
#include <string_view>

namespace minikvm {

/// How many bytes the character at the front of `text` has; 0 when it is none (Unicode 15, table
/// 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_character_size(std::string_view text);

/// The character at the front of `text`, which must be one.
char32_t decode_utf8_character(std::string_view text);

/// Whether the character at the front of `text` is a control character: U+0000 to U+001F, and
/// U+007F to U+009F, which some terminals obey too.
bool starts_with_control(std::string_view text);

}  // namespace minikvm
