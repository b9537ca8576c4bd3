// SPDX-License-Identifier: MIT
// Words for the control tree's values and answers.

#pragma once

#include <string>
#include <string_view>

namespace minikvm {

/// `text` as an answer repeats it: between double quotes, shortened after 64 bytes.
std::string in_quotes(std::string_view text);

/// Whether `word` is one of the words of `words`, which have one space between them.
bool has_word(std::string_view words, std::string_view word);

/// "yes" or "no".
std::string yes_or_no(bool value);

}  // namespace minikvm
