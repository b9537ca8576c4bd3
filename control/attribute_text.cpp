// SPDX-License-Identifier: MIT
// Words for the control tree's values and answers.

#include "control/attribute_text.h"

#include <cstddef>

#include <fmt/format.h>

namespace minikvm {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kLongestQuote = 64;
    return fmt::format("\"{}\"{}", text.substr(0, kLongestQuote),
                       text.size() > kLongestQuote ? "..." : "");
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t space = words.find(' ');
        if (words.substr(0, space) == word) {
            return true;
        }
        words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
    }
    return false;
}

std::string yes_or_no(bool value) {
    return value ? "yes" : "no";
}

}  // namespace minikvm
