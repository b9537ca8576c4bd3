// SPDX-License-Identifier: MIT
// What reaches the target, in which order.

#include "uinput-bridge/report_scheduler.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/recording_hid_sink.h"

namespace minikvm {
namespace {

using hid::AbsoluteMouseReport;
using hid::ConsumerReport;
using hid::HidUsage;
using hid::KeyboardReport;
using hid::RelativeMouseReport;
using hid::SystemReport;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::VariantWith;

constexpr std::uint8_t kUsageA = 0x04;  // docs/hardware.md 7: KEY_A = 04, and so on
constexpr TargetKey kShift{TargetKey::Kind::Modifier, 1};
constexpr TargetKey kMute{TargetKey::Kind::Consumer, 2};
constexpr TargetKey kPower{TargetKey::Kind::System, 0};
constexpr TargetKey kLeft{TargetKey::Kind::RelativeButton, 0};
constexpr TargetKey kTabletLeft{TargetKey::Kind::AbsoluteButton, 0};

TargetKey letter(int number) {
    return {TargetKey::Kind::Key, static_cast<std::uint8_t>(kUsageA + number)};
}

KeyboardReport keys(std::vector<int> letters, std::uint8_t modifiers = 0) {
    KeyboardReport report{modifiers, {}};
    for (std::size_t slot = 0; slot < letters.size(); ++slot) {
        report.keys.at(slot) = static_cast<HidUsage>(kUsageA + letters[slot]);
    }
    return report;
}

class ReportSchedulerTest : public testing::Test {
protected:
    void SetUp() override {
        scheduler_.attach(sink_);
        sink_.deliver_all();
        sink_.reports.clear();
    }
    void TearDown() override { scheduler_.detach(); }

    void press(TargetKey key) { scheduler_.stroke(key, Stroke::Press); }
    void release(TargetKey key) { scheduler_.stroke(key, Stroke::Release); }
    void tap(TargetKey key) {
        press(key);
        release(key);
    }
    const std::vector<HidReport>& delivered() {
        sink_.deliver_all();
        return sink_.reports;
    }

    RecordingHidSink sink_;
    ReportScheduler scheduler_;
};

TEST_F(ReportSchedulerTest, SendsAStrokeAtOnceOnAnIdleLine) {
    press(letter(0));

    EXPECT_THAT(sink_.reports, ElementsAre(HidReport(keys({0}))));
}

TEST_F(ReportSchedulerTest, HasOneReportInFlightAtMost) {
    press(letter(0));
    press(letter(1));

    EXPECT_EQ(sink_.reports.size(), 1U);
    sink_.deliver();
    EXPECT_EQ(sink_.reports.size(), 2U);
}

TEST_F(ReportSchedulerTest, NeverMergesStrokes) {
    tap(letter(0));
    tap(letter(0));

    EXPECT_THAT(delivered(), ElementsAre(keys({0}), keys({}), keys({0}), keys({})));
}

TEST_F(ReportSchedulerTest, PutsModifiersIntoTheirByte) {
    press(kShift);
    press(letter(0));

    EXPECT_THAT(delivered(), ElementsAre(keys({}, 0x02), keys({0}, 0x02)));
}

TEST_F(ReportSchedulerTest, GivesTheOldestKeysPlaceToASeventh) {
    for (int number = 0; number < 7; ++number) {
        press(letter(number));
    }

    EXPECT_EQ(delivered().back(), HidReport(keys({1, 2, 3, 4, 5, 6})));
}

TEST_F(ReportSchedulerTest, DoesNotTypeAKeyAgainThatHadToGiveWay) {
    for (int number = 0; number < 7; ++number) {
        press(letter(number));
    }
    release(letter(6));
    release(letter(0));

    EXPECT_EQ(delivered().back(), HidReport(keys({1, 2, 3, 4, 5})));
}

TEST_F(ReportSchedulerTest, SendsMediaKeysByTheirOwnReport) {
    tap(kMute);

    EXPECT_THAT(delivered(), ElementsAre(ConsumerReport{{0x04, 0, 0}}, ConsumerReport{}));
}

TEST_F(ReportSchedulerTest, SendsSystemKeysByTheirOwnReport) {
    tap(kPower);

    EXPECT_THAT(delivered(), ElementsAre(SystemReport{0x01}, SystemReport{}));
}

TEST_F(ReportSchedulerTest, SumsMotionWhileTheLineIsBusy) {
    press(letter(0));
    scheduler_.move_by(3, -4);
    scheduler_.move_by(2, 1);

    EXPECT_EQ(delivered().back(), HidReport(RelativeMouseReport{.dx = 5, .dy = -3}));
    EXPECT_EQ(scheduler_.merged_moves(), 1U);
}

TEST_F(ReportSchedulerTest, SplitsMotionThatOneReportCannotCarry) {
    scheduler_.move_by(200, -300);

    EXPECT_THAT(delivered(), ElementsAre(RelativeMouseReport{.dx = 127, .dy = -127},
                                         RelativeMouseReport{.dx = 73, .dy = -127},
                                         RelativeMouseReport{.dx = 0, .dy = -46}));
}

TEST_F(ReportSchedulerTest, ReplacesPlacesWhileTheLineIsBusy) {
    press(letter(0));
    scheduler_.move_to({10, 20});
    scheduler_.move_to({4095, 0});

    EXPECT_THAT(delivered(), ElementsAre(keys({0}), AbsoluteMouseReport{.x = 4095, .y = 0}));
}

TEST_F(ReportSchedulerTest, SendsAKeyBeforeMotionThatCanWait) {
    press(letter(0));
    scheduler_.move_by(100, 0);
    press(letter(1));

    EXPECT_THAT(delivered(), ElementsAre(keys({0}), keys({0, 1}), RelativeMouseReport{.dx = 100}));
}

TEST_F(ReportSchedulerTest, SendsMotionBeforeTheButtonThatCameAfterIt) {
    press(letter(0));
    scheduler_.move_by(5, 5);
    press(kLeft);
    scheduler_.move_by(1, 1);

    EXPECT_THAT(delivered(), ElementsAre(keys({0}), RelativeMouseReport{.dx = 5, .dy = 5},
                                         RelativeMouseReport{.buttons = 1},
                                         RelativeMouseReport{.buttons = 1, .dx = 1, .dy = 1}));
}

TEST_F(ReportSchedulerTest, PressesATabletButtonWhereThePointerWasThen) {
    scheduler_.move_to({100, 200});
    press(kTabletLeft);
    scheduler_.move_to({300, 400});
    release(kTabletLeft);

    EXPECT_THAT(delivered(), ElementsAre(AbsoluteMouseReport{.x = 100, .y = 200},
                                         AbsoluteMouseReport{.buttons = 1, .x = 100, .y = 200},
                                         AbsoluteMouseReport{.buttons = 0, .x = 300, .y = 400}));
}

TEST_F(ReportSchedulerTest, NeverJumpsToACornerForAButtonWithoutAPlace) {
    press(kTabletLeft);

    EXPECT_THAT(delivered(), ElementsAre(AbsoluteMouseReport{.buttons = 1, .x = 2048, .y = 2048}));
}

TEST_F(ReportSchedulerTest, TurnsTheWheelOneReportATurn) {
    scheduler_.turn_wheel(1);
    scheduler_.turn_wheel(1);
    scheduler_.turn_wheel(-200);

    EXPECT_THAT(delivered(),
                ElementsAre(RelativeMouseReport{.wheel = 1}, RelativeMouseReport{.wheel = 1},
                            RelativeMouseReport{.wheel = -127}, RelativeMouseReport{.wheel = -73}));
}

TEST_F(ReportSchedulerTest, HoldsButtonsDuringMotion) {
    press(kLeft);
    scheduler_.move_by(1, 0);

    EXPECT_EQ(delivered().back(), HidReport(RelativeMouseReport{.buttons = 1, .dx = 1}));
}

TEST_F(ReportSchedulerTest, ReleasesEverythingFirstWhenTheTargetCameBack) {
    press(letter(0));
    sink_.go_silent();
    sink_.reports.clear();

    sink_.come_back();

    EXPECT_THAT(delivered(), ElementsAre(keys({}), RelativeMouseReport{}, ConsumerReport{},
                                         SystemReport{}, keys({0})));
}

TEST_F(ReportSchedulerTest, DoesNotTypeOldKeysIntoATargetThatCameBack) {
    press(letter(0));
    tap(letter(1));
    sink_.go_silent();
    sink_.reports.clear();

    sink_.come_back();

    EXPECT_THAT(sink_.all<KeyboardReport>(), ElementsAre(keys({})));
    EXPECT_THAT(delivered().back(), VariantWith<KeyboardReport>(keys({0})));
}

TEST_F(ReportSchedulerTest, TypesWhatWaitsAfterABriefOutage) {
    press(letter(0));
    tap(letter(1));
    sink_.go_silent();
    sink_.reports.clear();

    sink_.come_back(Outage::Brief);
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<KeyboardReport>(),
                ElementsAre(keys({}), keys({0}), keys({0, 1}), keys({0})));
}

TEST_F(ReportSchedulerTest, ReleasesATabletButtonThatNeverHadAPlace) {
    press(kTabletLeft);
    sink_.deliver_all();
    sink_.reports.clear();

    scheduler_.release_all();
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<AbsoluteMouseReport>(),
                ElementsAre(AbsoluteMouseReport{.x = 2048, .y = 2048}));
}

TEST_F(ReportSchedulerTest, DoesNotPressThePowerKeyAgainByItself) {
    press(kPower);
    sink_.go_silent();
    sink_.reports.clear();
    sink_.come_back();
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<SystemReport>(), ElementsAre(SystemReport{}));
}

TEST_F(ReportSchedulerTest, KeepsThePlaceWhenItReleasesEverything) {
    scheduler_.move_to({7, 8});
    press(kTabletLeft);
    sink_.deliver_all();
    sink_.reports.clear();

    scheduler_.release_all();
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<AbsoluteMouseReport>(), ElementsAre(AbsoluteMouseReport{.x = 7, .y = 8}));
}

TEST_F(ReportSchedulerTest, ForgetsWhatWaitsWhenEverythingIsReleased) {
    press(letter(0));
    tap(letter(1));
    scheduler_.release_all();
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<KeyboardReport>(), ElementsAre(keys({0}), keys({})));
}

TEST_F(ReportSchedulerTest, SendsStrokesThatCameDuringAResetAfterIt) {
    scheduler_.release_all();
    press(letter(2));

    EXPECT_EQ(delivered().back(), HidReport(keys({2})));
}

TEST_F(ReportSchedulerTest, SendsARefusedStateAgainLater) {
    press(letter(0));
    sink_.deliver(Delivery::Refused);
    ASSERT_FALSE(sink_.busy());

    sink_.become_ready();

    EXPECT_THAT(delivered(), ElementsAre(keys({0}), keys({0})));
}

TEST_F(ReportSchedulerTest, TypesNothingLaterThatCameWhileDetached) {
    scheduler_.detach();
    tap(letter(0));
    press(letter(1));
    scheduler_.attach(sink_);
    sink_.deliver_all();

    EXPECT_THAT(sink_.all<KeyboardReport>(), ElementsAre(keys({}), keys({1})));
}

TEST_F(ReportSchedulerTest, IsIdleOnceEverythingIsAcknowledged) {
    tap(letter(0));
    EXPECT_FALSE(scheduler_.idle());

    sink_.deliver_all();

    EXPECT_TRUE(scheduler_.idle());
}

TEST_F(ReportSchedulerTest, ResetsTheTargetWhenTooManyStrokesWait) {
    press(kLeft);
    for (std::size_t count = 0; count <= EdgeQueue::kMaxEdges; count += 2) {
        tap(letter(0));
    }

    EXPECT_GT(scheduler_.overflowed(), 0U);
    EXPECT_LT(delivered().size(), 100U);
    EXPECT_EQ(sink_.all<KeyboardReport>().back(), keys({}));
}

TEST_F(ReportSchedulerTest, TurnsSidewaysWithShiftWhenToldTo) {
    scheduler_.configure(SidewaysWheel::ShiftAndWheel);

    EXPECT_TRUE(scheduler_.turn_wheel_sideways(1));

    EXPECT_THAT(delivered(),
                ElementsAre(HidReport(keys({}, 0x02)), HidReport(RelativeMouseReport{.wheel = -1}),
                            HidReport(keys({}))));
}

TEST_F(ReportSchedulerTest, LeavesAHeldShiftDownWhenItTurnsSideways) {
    scheduler_.configure(SidewaysWheel::ShiftAndWheel);
    press(kShift);

    EXPECT_TRUE(scheduler_.turn_wheel_sideways(-1));

    EXPECT_THAT(delivered(),
                ElementsAre(HidReport(keys({}, 0x02)), HidReport(RelativeMouseReport{.wheel = 1})));
}

TEST_F(ReportSchedulerTest, SaysThatItCannotTurnSideways) {
    EXPECT_FALSE(scheduler_.turn_wheel_sideways(1));
    EXPECT_THAT(delivered(), IsEmpty());
}

}  // namespace
}  // namespace minikvm
