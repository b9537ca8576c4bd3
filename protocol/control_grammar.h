// SPDX-License-Identifier: MIT
// The lines that a client of the control socket and the daemon say to each other.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "protocol/errors.h"

namespace minikvm {

/// Shape:   one request a line, one answer to each, in order. UTF-8; a line ends with LF.
///
///              get NAME                        ok VALUE
///              set NAME VALUE                  ok VALUE      what it is now; VALUE is the rest of
///                                                            the line, and may be empty
///              ls [NAME-OR-FOLDER]             NAME ACCESS   a line each: r, w or rw
///                                              ok
///              watch NAME-OR-FOLDER...         NAME VALUE    a line each, as it is now
///                                              ok
///                                              NAME VALUE    again each time that one changes
///                                              missed N      N changes went untold, since the
///                                                            client did not read; the newest
///                                                            values follow
///              screenshot [card]               ok jpeg WIDTHxHEIGHT [CARD]
///                                                            the picture itself is a descriptor
///                                                            that comes with this line
///              anything that does not work     error CODE MESSAGE
///
/// Limits:  kMaxRequestBytes. No control characters, so a value never holds a line's end. No
///          attribute is called ok, error or missed.
/// Thread:  any thread.
inline constexpr std::size_t kMaxRequestBytes = 4096;  // without the LF
inline constexpr std::string_view kMissedItem = "missed";

enum class ControlVerb { Get, Set, List, Watch, Screenshot };

/// The word of a screenshot that may be a status card instead.
inline constexpr std::string_view kCardWord = "card";

struct ControlRequest {
    ControlVerb verb = ControlVerb::Get;
    std::vector<std::string> names;  // get, set: one; ls: none or one; watch: one or more;
                                     // screenshot: none or kCardWord
    std::string value;               // of a set

    bool operator==(const ControlRequest&) const = default;
};

enum class ControlLine {
    Ok,     // text is the value, which may be empty
    Error,  // name is the code, text the message
    Item,   // name is an attribute, text its access or value
};

struct ControlAnswer {
    ControlLine line = ControlLine::Ok;
    std::string name;
    std::string text;

    bool operator==(const ControlAnswer&) const = default;
};

/// Reads a request, without its LF.
/// Errors:  ControlError::BadRequest; the context is the whole sentence for the client, and names
///          what was wrong and what would be right.
Result<ControlRequest> parse_request(std::string_view line);

/// What parse_request() would read as this, with its LF.
/// Errors:  ControlError::BadRequest when no line says this: a line's end inside, or too long.
Result<std::string> format_request(const ControlRequest& request);

/// Reads an answer, without its LF.
/// Errors:  ProtocolError::BadReply when it is none.
Result<ControlAnswer> parse_answer(std::string_view line);

/// Answers, with their LF. Whatever could break the line (control characters, bytes that are no
/// UTF-8, which a USB device may have in its name) is replaced by '?'.
std::string format_ok(std::string_view value = {});
std::string format_item(std::string_view name, std::string_view text);
std::string format_error(ControlError error, std::string_view message);

/// Tells the client of any error by control_error_for(): the context alone when it is a
/// ControlError, whose context is the whole sentence, else with what the code says.
std::string format_error(const Error& error);

}  // namespace minikvm
