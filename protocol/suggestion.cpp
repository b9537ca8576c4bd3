// SPDX-License-Identifier: MIT
// "Did you mean".

#include "protocol/suggestion.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace minikvm {
namespace {

// A client may ask for a word as long as a whole request; nobody means a name by that.
constexpr std::size_t kLongestWord = 64;

// How many letters must be changed, added or left out to make one word of the other (Levenshtein,
// with one row of the table kept). Neither is longer than kLongestWord.
std::size_t letters_to_change(std::string_view from, std::string_view to) {
    std::array<std::size_t, kLongestWord + 1> row{};
    for (std::size_t column = 0; column <= to.size(); ++column) {
        row[column] = column;
    }
    for (std::size_t line = 1; line <= from.size(); ++line) {
        std::size_t above_left = row[0];
        row[0] = line;
        for (std::size_t column = 1; column <= to.size(); ++column) {
            const std::size_t changed = above_left + (from[line - 1] == to[column - 1] ? 0U : 1U);
            above_left = row[column];
            row[column] = std::min({changed, row[column] + 1, row[column - 1] + 1});
        }
    }
    return row[to.size()];
}

}  // namespace

std::string_view closest_word(std::string_view wrong, std::span<const std::string_view> words) {
    std::string_view closest;
    std::size_t fewest = std::max<std::size_t>(2, wrong.size() / 3) + 1;
    for (const std::string_view word : words) {
        if (wrong.size() > kLongestWord || word.size() > kLongestWord) {
            continue;
        }
        const std::size_t changes = letters_to_change(wrong, word);
        if (changes < fewest) {
            fewest = changes;
            closest = word;
        }
    }
    return closest;
}

}  // namespace minikvm
