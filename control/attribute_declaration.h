// SPDX-License-Identifier: MIT
// What a control tree says of one attribute: name, access, values and meaning.

#pragma once

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

}  // namespace minikvm
