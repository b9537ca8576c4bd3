// SPDX-License-Identifier: MIT
// The input benchmark's own reckoning: a benchmark that counts wrongly is worse than none.

#include "tests/bench/input_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using hid::HidUsage;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

const sim::TimePoint kBegin{1h};

std::vector<SentStroke> strokes(std::vector<std::uint8_t> usages) {
    std::vector<SentStroke> sent;
    for (const std::uint8_t usage : usages) {
        sent.push_back({kBegin + 10ms * sent.size(), HidUsage{usage}});
    }
    return sent;
}

Arrival key(std::chrono::milliseconds at, std::uint8_t usage) {
    sim::KeyboardReport report;
    report.usages[0] = usage;
    return {kBegin + at, report};
}

auto milliseconds(double value) {
    return DoubleNear(value, 1e-6);
}

TEST(InputLoad, TimesEachStrokeToItsReport) {
    const std::vector<Arrival> came = {key(2ms, 4), key(13ms, 0)};

    const Latencies latencies = latencies_of(strokes({4, 0}), came, kBegin + 1s);

    EXPECT_THAT(latencies.milliseconds, ElementsAre(milliseconds(2), milliseconds(3)));
    EXPECT_EQ(latencies.lost + latencies.unfinished, 0U);
}

TEST(InputLoad, CountsAStrokeAsLostWhenALaterOneCame) {
    const std::vector<Arrival> came = {key(2ms, 4), key(22ms, 5), key(33ms, 0)};

    const Latencies latencies = latencies_of(strokes({4, 0, 5, 0}), came, kBegin + 1s);

    EXPECT_EQ(latencies.lost, 1U);
    EXPECT_THAT(latencies.milliseconds,
                ElementsAre(milliseconds(2), milliseconds(2), milliseconds(3)));
}

TEST(InputLoad, TakesAReportThatWasSentAgainForTheFirst) {
    const std::vector<Arrival> came = {key(32ms, 4), key(34ms, 4), key(36ms, 0), key(38ms, 4)};

    const Latencies latencies = latencies_of(strokes({4, 0, 4}), came, kBegin + 1s);

    EXPECT_EQ(latencies.milliseconds.size(), 3U);
    EXPECT_EQ(latencies.lost + latencies.unfinished, 0U);
}

TEST(InputLoad, CountsTheTimeUntilTheEndForAStrokeThatHasNotCome) {
    const std::vector<Arrival> came = {key(2ms, 4)};

    const Latencies latencies = latencies_of(strokes({4, 0}), came, kBegin + 1s);

    EXPECT_EQ(latencies.unfinished, 1U);
    EXPECT_THAT(latencies.milliseconds, ElementsAre(milliseconds(2), milliseconds(990)));
}

TEST(InputLoad, SeesEachPressOnce) {
    const std::vector<Arrival> came = {key(1ms, 4), key(2ms, 4), key(3ms, 0), key(4ms, 4)};

    EXPECT_THAT(pressed_usages(came), ElementsAre(4, 4));
    EXPECT_THAT(pressed_usages({}), IsEmpty());
}

TEST(InputLoad, CountsWhatIsMissingOrTooMuch) {
    const std::vector<std::uint8_t> wanted = {1, 2, 3, 4};

    EXPECT_EQ(differences(wanted, wanted), 0U);
    EXPECT_EQ(differences(wanted, std::vector<std::uint8_t>{1, 3, 4}), 1U);
    EXPECT_EQ(differences(wanted, std::vector<std::uint8_t>{1, 2, 2, 3, 4}), 1U);
    EXPECT_EQ(differences(wanted, std::vector<std::uint8_t>{}), 4U);
}

}  // namespace
}  // namespace minikvm
