// SPDX-License-Identifier: MIT
// Moving the pointer of an idle target, and of no other.

#include "uinput-bridge/jiggler.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class AJiggler : public testing::Test {
protected:
    void SetUp() override { jiggler_.configure(10s); }

    /// Looks every second for so long; how it moved.
    std::vector<int> watch(std::chrono::seconds time, Jiggler::Held held = Jiggler::Held::Nothing) {
        std::vector<int> moved;
        for (const TimePoint end = now_ + time; now_ < end; now_ += Jiggler::kLook) {
            if (const auto step = jiggler_.look(now_, said_, held)) {
                moved.push_back(*step);
                ++said_.moves;
            }
        }
        return moved;
    }

    Jiggler jiggler_;
    TimePoint now_{1h};
    InputProgress said_;
};

TEST_F(AJiggler, MovesToAndFroWhileNobodyDoesAnything) {
    EXPECT_THAT(watch(31s), ElementsAre(1, -1, 1));
}

TEST_F(AJiggler, WaitsForItsTime) {
    EXPECT_THAT(watch(10s), IsEmpty());
    EXPECT_THAT(watch(1s), ElementsAre(1));
}

TEST_F(AJiggler, StartsAnewAfterRealInput) {
    watch(9s);
    ++said_.edges;

    EXPECT_THAT(watch(10s), IsEmpty());
    EXPECT_THAT(watch(1s), ElementsAre(1));
}

TEST_F(AJiggler, TakesAHeldKeyForInput) {
    EXPECT_THAT(watch(60s, Jiggler::Held::Something), IsEmpty());
}

TEST_F(AJiggler, DoesNothingWhenSwitchedOff) {
    jiggler_.configure(std::nullopt);

    EXPECT_THAT(watch(60s), IsEmpty());
}

}  // namespace
}  // namespace minikvm
