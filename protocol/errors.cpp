// SPDX-License-Identifier: MIT
// Error codes for what a chip did or a client asked.

#include "protocol/errors.h"

#include <array>
#include <cstddef>
#include <string>

namespace minikvm {
namespace {

struct ControlErrorWords {
    ControlError error;
    std::string_view name;     // on the control socket
    std::string_view message;  // for a person
};

constexpr std::array kControlErrors = {
    ControlErrorWords{ControlError::NoSuchAttribute, "no-such-attribute", "no such attribute"},
    ControlErrorWords{ControlError::ReadOnly, "read-only", "can only be read"},
    ControlErrorWords{ControlError::WriteOnly, "write-only", "can only be set"},
    ControlErrorWords{ControlError::BadValue, "bad-value", "not a value that this takes"},
    ControlErrorWords{ControlError::Busy, "busy", "busy"},
    ControlErrorWords{ControlError::NoDevice, "no-device", "the stick is not there"},
    ControlErrorWords{ControlError::BadRequest, "bad-request", "not a request"},
    ControlErrorWords{ControlError::NotAllowed, "not-allowed", "not allowed"},
    ControlErrorWords{ControlError::Failed, "failed", "the stick did not do it"},
};

const ControlErrorWords* words_of(int value) {
    for (const ControlErrorWords& words : kControlErrors) {
        if (static_cast<int>(words.error) == value) {
            return &words;
        }
    }
    return nullptr;
}

class ProtocolCategory final : public std::error_category {
public:
    const char* name() const noexcept override { return "minikvm protocol"; }

    std::string message(int value) const override {
        switch (static_cast<ProtocolError>(value)) {
            case ProtocolError::BadReply:
                return "the chip's answer does not fit the question";
            case ProtocolError::Refused:
                return "the chip refused";
            case ProtocolError::NoReply:
                return "the chip did not answer";
        }
        return "unknown protocol error " + std::to_string(value);
    }
};

class ControlCategory final : public std::error_category {
public:
    const char* name() const noexcept override { return "minikvm control"; }

    std::string message(int value) const override {
        const ControlErrorWords* words = words_of(value);
        return words != nullptr ? std::string(words->message)
                                : "unknown control error " + std::to_string(value);
    }
};

}  // namespace

const std::error_category& protocol_category() noexcept {
    static const ProtocolCategory category;
    return category;
}

const std::error_category& control_category() noexcept {
    static const ControlCategory category;
    return category;
}

std::error_code make_error_code(ProtocolError error) noexcept {
    return {static_cast<int>(error), protocol_category()};
}

std::error_code make_error_code(ControlError error) noexcept {
    return {static_cast<int>(error), control_category()};
}

std::string_view control_error_name(ControlError error) {
    const ControlErrorWords* words = words_of(static_cast<int>(error));
    return words != nullptr ? words->name : control_error_name(ControlError::Failed);
}

std::optional<ControlError> control_error_from_name(std::string_view name) {
    for (const ControlErrorWords& words : kControlErrors) {
        if (words.name == name) {
            return words.error;
        }
    }
    return std::nullopt;
}

ControlError control_error_for(const std::error_code& code) {
    if (code.category() == control_category()) {
        return static_cast<ControlError>(code.value());
    }
    if (code == ProtocolError::NoReply || code == std::errc::no_such_device ||
        code == std::errc::no_such_device_or_address) {
        return ControlError::NoDevice;
    }
    if (code == std::errc::device_or_resource_busy) {
        return ControlError::Busy;
    }
    if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted) {
        return ControlError::NotAllowed;
    }
    return ControlError::Failed;
}

}  // namespace minikvm
