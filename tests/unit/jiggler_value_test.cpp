// SPDX-License-Identifier: MIT
// What input/jiggler takes and shows.

#include "daemon/jiggler_value.h"

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

TEST(JigglerValue, IsOffOrSeconds) {
    EXPECT_EQ(parse_jiggler("off").value(), std::nullopt);
    EXPECT_EQ(parse_jiggler("5").value(), 5s);
    EXPECT_EQ(parse_jiggler("3600").value(), 3600s);
}

TEST(JigglerValue, IsShownAsItIsSet) {
    EXPECT_EQ(jiggler_text(std::nullopt), "off");
    EXPECT_EQ(jiggler_text(90s), "90");
}

TEST(JigglerValue, AnythingElseIsToldWhatWouldBeRight) {
    for (const char* const wrong : {"", "on", "4", "3601", "-5", "60s", "99999999999"}) {
        const auto refused = parse_jiggler(wrong);
        ASSERT_EQ(error_of(refused), ControlError::BadValue) << wrong;
        EXPECT_EQ(refused.error().context, "input/jiggler takes off, or 5 to 3600 (seconds)");
    }
}

}  // namespace
}  // namespace minikvm
