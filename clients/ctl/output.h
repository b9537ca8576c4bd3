// SPDX-License-Identifier: MIT
// What minikvmctl writes, each line at once.

#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace minikvm {

/// What stands before a value, where it would not be clear otherwise whose it is.
struct LinePrefix {
    bool stick = false;
    bool name = false;

    std::string text(std::string_view stick_id, std::string_view attribute) const;
};

/// One line on standard output, at once, so that a reader of a pipe has it.
void print_line(std::string_view line);

/// `value` as one line of JSON.
void print_json(const nlohmann::ordered_json& value);

/// One line on standard error, with the program's name.
void print_error(std::string_view message);

}  // namespace minikvm
