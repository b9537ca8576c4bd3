// SPDX-License-Identifier: MIT
// What becomes of the report in flight.

#include "device/report_delivery.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sample_reports.h"

namespace minikvm {
namespace {

using testing::ElementsAre;

// docs/hardware.md 5.2: an acknowledgement is the command with bit 7 and a status, a complaint with
// bits 7 and 6; status E4 is a bad sum, E5 a parameter that the chip does not have.
constexpr ch9329::Frame answer(std::uint8_t command, std::uint8_t status) {
    ch9329::Frame frame;
    frame.command = command;
    frame.payload[0] = status;
    frame.payload_size = 1;
    return frame;
}

constexpr ch9329::Frame kKeyboardDone = answer(0x82, 0x00);
constexpr ch9329::Frame kMouseDone = answer(0x85, 0x00);
constexpr ch9329::Frame kDamaged = answer(0xC2, 0xE4);
constexpr ch9329::Frame kBadParameter = answer(0xC2, 0xE5);

struct Listener final : HidSinkListener {
    void on_delivered(Delivery delivery) override {
        heard.push_back("delivered " + std::to_string(static_cast<int>(delivery)));
    }
    void on_ready() override { heard.emplace_back("ready"); }
    void on_state_lost(Outage /*outage*/) override { heard.emplace_back("state lost"); }

    std::vector<std::string> heard;
};

class ReportDeliveryTest : public testing::Test {
protected:
    ReportDeliveryTest() { delivery_.set_listener(&listener_); }

    ChipCounters counters_;
    Listener listener_;
    ReportDelivery delivery_{counters_};
};

TEST_F(ReportDeliveryTest, SendsStateThreeTimesBeforeItIsGivenUp) {
    delivery_.begin(kLetterA);

    EXPECT_EQ(delivery_.settle(), std::nullopt);
    EXPECT_EQ(delivery_.settle(), std::nullopt);
    EXPECT_EQ(delivery_.settle(), Delivery::Refused);

    EXPECT_EQ(counters_.retries, 2U);
    EXPECT_EQ(counters_.unconfirmed, 0U);
}

TEST_F(ReportDeliveryTest, NeverSendsMotionAgain) {
    delivery_.begin(kMotion);

    EXPECT_EQ(delivery_.settle(), Delivery::Unconfirmed);

    EXPECT_EQ(counters_.retries, 0U);
    EXPECT_EQ(counters_.unconfirmed, 1U);
}

TEST_F(ReportDeliveryTest, KnowsAnAcknowledgementThatCameLate) {
    delivery_.begin(kMotion);

    delivery_.take_late(kMouseDone);

    EXPECT_EQ(delivery_.settle(), Delivery::Acknowledged);
    EXPECT_EQ(counters_.unconfirmed, 0U);
}

TEST_F(ReportDeliveryTest, IsNotAcknowledgedByTheAnswerToAnotherCommand) {
    delivery_.begin(kMotion);

    EXPECT_FALSE(delivery_.is_answered_by(kKeyboardDone));
    delivery_.take_late(kKeyboardDone);

    EXPECT_EQ(delivery_.settle(), Delivery::Unconfirmed);
}

TEST_F(ReportDeliveryTest, SendsWhatCameDamagedTenTimesMore) {
    delivery_.begin(kLetterA);

    for (int time = 0; time < 10; ++time) {
        EXPECT_EQ(delivery_.take_answer(kDamaged), std::nullopt);
    }
    EXPECT_EQ(delivery_.take_answer(kDamaged), Delivery::Refused);
}

TEST_F(ReportDeliveryTest, DoesNotSendAgainWhatTheChipCannotDo) {
    delivery_.begin(kLetterA);

    EXPECT_EQ(delivery_.take_answer(kBadParameter), Delivery::Refused);
}

TEST_F(ReportDeliveryTest, CountsHowReportsEnd) {
    for (const Delivery end : {Delivery::Acknowledged, Delivery::Refused, Delivery::Undelivered}) {
        delivery_.begin(kLetterA);
        delivery_.finish(end);
    }

    EXPECT_EQ(counters_.reports, 1U);
    EXPECT_EQ(counters_.errors, 1U);
}

TEST_F(ReportDeliveryTest, AsksForLightsOnlyWhenALockKeyGoesDown) {
    delivery_.begin(kCapsLock);
    EXPECT_TRUE(delivery_.finish(Delivery::Acknowledged));
    delivery_.begin(kCapsLock);
    EXPECT_FALSE(delivery_.finish(Delivery::Acknowledged));

    delivery_.all_released();
    delivery_.begin(kCapsLock);
    EXPECT_FALSE(delivery_.finish(Delivery::Refused));
}

TEST_F(ReportDeliveryTest, TellsOfALostStateOnceBeforeAnythingElse) {
    delivery_.state_is_lost(Outage::Brief);

    delivery_.tell(Delivery::Acknowledged);
    delivery_.tell(std::nullopt);

    EXPECT_THAT(listener_.heard, ElementsAre("state lost", "delivered 0", "ready"));
}

TEST_F(ReportDeliveryTest, SaysOfAMotionThatIsGivenUpThatNobodyKnows) {
    delivery_.begin(kMotion);

    delivery_.give_up();
    delivery_.give_up();

    EXPECT_THAT(listener_.heard, ElementsAre("delivered 3"));
    EXPECT_EQ(counters_.unconfirmed, 1U);
    EXPECT_FALSE(delivery_.in_flight());
}

}  // namespace
}  // namespace minikvm
