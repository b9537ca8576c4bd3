// SPDX-License-Identifier: MIT
// What Result and MINIKVM_TRY promise.

#include "common/result.h"

#include <string>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

Result<int> fails() {
    return errno_error(-EBUSY, "take the node");
}

Result<std::string> makes(std::string value) {
    return value;
}

Result<void> does_nothing() {
    return {};
}

Result<std::string> joins_two_results() {
    return MINIKVM_TRY(makes("one")) + MINIKVM_TRY(makes("two"));
}

Result<void> stops_at_the_first_failure(bool& reached) {
    MINIKVM_TRY(does_nothing());
    MINIKVM_TRY(fails());
    reached = true;
    return {};
}

TEST(Result, CarriesTheCodeToBranchOn) {
    EXPECT_EQ(fails().error().code, std::errc::device_or_resource_busy);
}

TEST(Result, ReadsAsWhatWasAttemptedThenWhy) {
    EXPECT_EQ(fails().error().message(), "take the node: Device or resource busy");
}

TEST(MinikvmTry, MovesValuesOutOfResults) {
    EXPECT_EQ(joins_two_results().value(), "onetwo");
}

TEST(MinikvmTry, ReturnsTheFirstErrorAtOnce) {
    bool reached = false;

    const Result<void> result = stops_at_the_first_failure(reached);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, std::errc::device_or_resource_busy);
    EXPECT_FALSE(reached);
}

}  // namespace
}  // namespace minikvm
