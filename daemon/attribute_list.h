// SPDX-License-Identifier: MIT
// The control tree's attributes: name, access, values and meaning, each declared once.

#pragma once

#include <span>
#include <string_view>

namespace minikvm {

enum class Access { Read, Write, ReadWrite };

struct AttributeDeclaration {
    std::string_view name;      // "usb/switch": lower-case words, '/' between the levels
    Access access;              //
    std::string_view values;    // what a get answers, for a reader; empty if it cannot be read
    std::string_view accepted;  // the good words of a set, with spaces; empty: the setter judges
    std::string_view summary;   // one sentence for the documentation
};

/// Every attribute that a stick can have, sorted by name. An attribute that has no value now reads
/// as "unknown". Thread: any thread.
std::span<const AttributeDeclaration> attribute_list();

}  // namespace minikvm
