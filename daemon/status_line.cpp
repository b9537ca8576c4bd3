// SPDX-License-Identifier: MIT
// One stick in one line.

#include "daemon/status_line.h"

#include <fmt/format.h>

namespace minikvm {
namespace {

// Empty when nothing is known.
std::string known(const AttributeTree& tree, std::string_view name) {
    const Result<std::string> value = tree.get(name);
    return value && *value != kUnknownValue ? *value : std::string();
}

std::string signal_of(const AttributeTree& tree) {
    const std::string connected = known(tree, "hdmi/connected");
    if (connected == "no") {
        return ", no signal from the target";
    }
    const std::string mode = known(tree, "hdmi/mode");
    return mode.empty() ? "" : ", target " + mode;
}

std::string viewers_of(const AttributeTree& tree) {
    const std::string viewers = known(tree, "video/viewers");
    if (viewers.empty() || viewers == "0") {
        return "";
    }
    return fmt::format(", {} viewer{}", viewers, viewers == "1" ? "" : "s");
}

std::string usb_of(const AttributeTree& tree) {
    const std::string side = known(tree, "usb/switch");
    return side.empty() ? "" : fmt::format(", USB-A port at the {}", side);
}

std::string problem_of(const AttributeTree& tree, std::string_view what, std::string_view name) {
    const std::string problem = known(tree, name);
    return problem.empty() ? "" : fmt::format("; {}: {}", what, problem);
}

}  // namespace

std::string status_line(const AttributeTree& tree) {
    const std::string state = known(tree, "state");
    if (state == "absent") {
        return "the stick is not plugged in";
    }
    return state + signal_of(tree) + viewers_of(tree) + usb_of(tree) +
           problem_of(tree, "no picture", "video/problem") +
           problem_of(tree, "no input", "input/problem");
}

}  // namespace minikvm
