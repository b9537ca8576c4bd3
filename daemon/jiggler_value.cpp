// SPDX-License-Identifier: MIT
// "off" or seconds, either way.

#include "daemon/jiggler_value.h"

#include <charconv>

#include <fmt/format.h>

#include "protocol/errors.h"

namespace minikvm {

Result<std::optional<std::chrono::seconds>> parse_jiggler(std::string_view text) {
    if (text == "off") {
        return std::optional<std::chrono::seconds>();
    }
    int number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    const std::chrono::seconds seconds(number);
    if (error != std::errc() || end != text.end() || seconds < kShortestJiggler ||
        seconds > kLongestJiggler) {
        return make_error(ControlError::BadValue,
                          fmt::format("input/jiggler takes off, or {} to {} (seconds)",
                                      kShortestJiggler.count(), kLongestJiggler.count()));
    }
    return std::optional(seconds);
}

std::string jiggler_text(const std::optional<std::chrono::seconds>& idleness) {
    return idleness ? fmt::format("{}", idleness->count()) : "off";
}

}  // namespace minikvm
