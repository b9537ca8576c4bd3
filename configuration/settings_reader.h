// SPDX-License-Identifier: MIT
// What is written in configuration files, as settings.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "configuration/settings.h"

namespace minikvm {

struct ConfigurationText {
    std::string path;  // for what is said about it
    std::string toml;
};

/// Something in a file that is not as it should be, and what is done instead.
struct Complaint {
    std::string place;  // "/etc/minikvm/minikvm.toml:12", or a path
    std::string text;   // what was wrong, and what would be right

    std::string message() const { return place + ": " + text; }
};

struct ReadSettings {
    Settings settings;
    std::vector<Complaint> complaints;
};

/// Shape:   later files win over earlier ones, key by key. What is wrong is left out, so that an
///          earlier file or the default holds; the rest is used.
/// Errors:  none are returned; complaints say what was left out.
/// Thread:  any thread.
ReadSettings read_settings(std::span<const ConfigurationText> files);

}  // namespace minikvm
