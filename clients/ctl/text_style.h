// SPDX-License-Identifier: MIT
// TextStyle: colours and drawing characters, where the output can show them.

#pragma once

#include <string>
#include <string_view>

namespace minikvm {

enum class Tone { Strong, Faint, Good, Doubtful, Bad };

/// Shape:   for_output() once, then in() around each piece of text that has a meaning.
/// Limits:  colours are for terminals alone, and for nobody who has set NO_COLOR (no-color.org) or
///          has a TERM that is "dumb".
/// Thread:  main.
class TextStyle final {
public:
    /// What standard output can show.
    static TextStyle for_output();

    TextStyle(bool colours, bool line_drawing) : colours_(colours), line_drawing_(line_drawing) {}

    std::string in(Tone tone, std::string_view text) const;

    /// Whether the locale's characters include Unicode's lines and blocks.
    bool line_drawing() const { return line_drawing_; }

private:
    bool colours_;
    bool line_drawing_;
};

}  // namespace minikvm
