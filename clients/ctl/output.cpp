// SPDX-License-Identifier: MIT
// Lines on standard output and standard error.

#include "clients/ctl/output.h"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace minikvm {

std::string LinePrefix::text(std::string_view stick_id, std::string_view attribute) const {
    std::string text;
    if (stick) {
        text += fmt::format("{} ", stick_id);
    }
    if (name) {
        text += fmt::format("{} ", attribute);
    }
    return text;
}

void print_line(std::string_view line) {
    fmt::print(stdout, "{}\n", line);
    static_cast<void>(std::fflush(stdout));
}

void print_json(const nlohmann::ordered_json& value) {
    constexpr int kOneLine = -1;
    // Values are UTF-8 by the socket's grammar; a daemon that breaks it is no reason to fail.
    print_line(value.dump(kOneLine, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_error(std::string_view message) {
    fmt::print(stderr, "minikvmctl: {}\n", message);
}

}  // namespace minikvm
