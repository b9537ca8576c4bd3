// SPDX-License-Identifier: MIT
// Error codes for what a chip did or a client asked, next to std::errc for what the kernel said.

#pragma once

#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace minikvm {

/// What a chip did instead of answering as it should.
enum class ProtocolError {
    BadReply = 1,  // the answer does not fit the question, or cannot be true
    Refused,       // the chip says that it did not do it
    NoReply,       // no answer in time
};

/// Why a client did not get what it asked for.
enum class ControlError {
    NoSuchAttribute = 1,
    ReadOnly,    // a set of what can only be read
    WriteOnly,   // a get of what can only be set
    BadValue,    // the attribute does not take this value
    Busy,        // not now
    NoDevice,    // the stick, or the half of it that this needs, is not there
    BadRequest,  // the line is not a request
    NotAllowed,  // not for this client
    Failed,      // the stick was asked, and did not do it
};

const std::error_category& protocol_category() noexcept;
const std::error_category& control_category() noexcept;

std::error_code make_error_code(ProtocolError error) noexcept;
std::error_code make_error_code(ControlError error) noexcept;

/// The word that stands for an error on the control socket: "no-such-attribute".
std::string_view control_error_name(ControlError error);

/// The error that a word stands for; nothing for a word that is not one of ours.
std::optional<ControlError> control_error_from_name(std::string_view name);

/// What a client is to be told for any error: itself when it is a ControlError, else the nearest
/// (std::errc::no_such_device and NoReply are NoDevice), else Failed.
ControlError control_error_for(const std::error_code& code);

}  // namespace minikvm

template <>
struct std::is_error_code_enum<minikvm::ProtocolError> : std::true_type {};
template <>
struct std::is_error_code_enum<minikvm::ControlError> : std::true_type {};
