// SPDX-License-Identifier: MIT
// Colours by ECMA-48's SGR.

#include "clients/ctl/text_style.h"

#include <langinfo.h>
#include <stdlib.h>
#include <unistd.h>

#include <clocale>

#include <fmt/format.h>

namespace minikvm {
namespace {

std::string_view code_of(Tone tone) {
    switch (tone) {
        case Tone::Strong:
            return "1";
        case Tone::Faint:
            return "2";
        case Tone::Good:
            return "32";
        case Tone::Doubtful:
            return "33";
        case Tone::Bad:
            break;
    }
    return "31";
}

std::string_view environment(const char* name) {
    // No other thread runs.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* value = ::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

bool locale_is_utf8() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs
    static_cast<void>(std::setlocale(LC_CTYPE, ""));
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    return std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
}

}  // namespace

TextStyle TextStyle::for_output() {
    const bool colours = ::isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").empty() &&
                         environment("TERM") != "dumb";
    return {colours, locale_is_utf8()};
}

std::string TextStyle::in(Tone tone, std::string_view text) const {
    return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(tone), text) : std::string(text);
}

}  // namespace minikvm
