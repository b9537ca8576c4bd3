// SPDX-License-Identifier: MIT
// Error codes: each has one name on the control socket, one meaning for a person.

#include "protocol/errors.h"

#include <cerrno>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

constexpr int kControlErrors = static_cast<int>(ControlError::Failed);

std::error_code from_errno(int number) {
    return {number, std::generic_category()};
}

// The words are public: scripts compare them.
TEST(ControlErrorName, NeverChanges) {
    EXPECT_EQ(control_error_name(ControlError::NoSuchAttribute), "no-such-attribute");
    EXPECT_EQ(control_error_name(ControlError::ReadOnly), "read-only");
    EXPECT_EQ(control_error_name(ControlError::WriteOnly), "write-only");
    EXPECT_EQ(control_error_name(ControlError::BadValue), "bad-value");
    EXPECT_EQ(control_error_name(ControlError::Busy), "busy");
    EXPECT_EQ(control_error_name(ControlError::NoDevice), "no-device");
    EXPECT_EQ(control_error_name(ControlError::BadRequest), "bad-request");
    EXPECT_EQ(control_error_name(ControlError::NotAllowed), "not-allowed");
    EXPECT_EQ(control_error_name(ControlError::Failed), "failed");
}

TEST(ControlErrorName, LeadsBackToItsError) {
    for (int value = 1; value <= kControlErrors; ++value) {
        const auto error = static_cast<ControlError>(value);
        EXPECT_EQ(control_error_from_name(control_error_name(error)), error);
    }
}

TEST(ControlErrorName, IsNotAnyOtherWord) {
    for (const char* word : {"", "ok", "BUSY", "busy ", "no-such"}) {
        EXPECT_EQ(control_error_from_name(word), std::nullopt) << word;
    }
}

TEST(ErrorCode, HasAMessageOfItsOwn) {
    std::set<std::string> messages;
    for (int value = 1; value <= kControlErrors; ++value) {
        messages.insert(make_error_code(static_cast<ControlError>(value)).message());
    }
    for (const ProtocolError error :
         {ProtocolError::BadReply, ProtocolError::Refused, ProtocolError::NoReply}) {
        messages.insert(make_error_code(error).message());
    }

    EXPECT_EQ(messages.size(), static_cast<std::size_t>(kControlErrors) + 3);
}

TEST(ErrorCode, IsNotTheSameNumberOfAnotherCategory) {
    const std::error_code refused = ProtocolError::Refused;
    const std::error_code read_only = ControlError::ReadOnly;

    EXPECT_EQ(refused.value(), read_only.value());
    EXPECT_NE(refused, read_only);
}

TEST(ControlErrorFor, KeepsAControlError) {
    EXPECT_EQ(control_error_for(ControlError::ReadOnly), ControlError::ReadOnly);
}

TEST(ControlErrorFor, SaysThatTheStickIsNotThere) {
    EXPECT_EQ(control_error_for(ProtocolError::NoReply), ControlError::NoDevice);
    EXPECT_EQ(control_error_for(from_errno(ENODEV)), ControlError::NoDevice);
    EXPECT_EQ(control_error_for(from_errno(ENXIO)), ControlError::NoDevice);
}

TEST(ControlErrorFor, SaysWhatTheKernelRefused) {
    EXPECT_EQ(control_error_for(from_errno(EBUSY)), ControlError::Busy);
    EXPECT_EQ(control_error_for(from_errno(EACCES)), ControlError::NotAllowed);
    EXPECT_EQ(control_error_for(from_errno(EPERM)), ControlError::NotAllowed);
}

TEST(ControlErrorFor, SaysThatItFailedForTheRest) {
    EXPECT_EQ(control_error_for(ProtocolError::Refused), ControlError::Failed);
    EXPECT_EQ(control_error_for(from_errno(EIO)), ControlError::Failed);
}

}  // namespace
}  // namespace minikvm
