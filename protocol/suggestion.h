// SPDX-License-Identifier: MIT
// "Did you mean": the nearest of the words that would have been right.

#pragma once

#include <span>
#include <string_view>

namespace minikvm {

/// The word that `wrong` was most likely meant to be; empty when none is near: more than a third of
/// its letters, but two at least, would have to change. The first of several that are equally near.
/// Limits:  words above 64 bytes are never near.
/// Thread:  any thread.
std::string_view closest_word(std::string_view wrong, std::span<const std::string_view> words);

}  // namespace minikvm
