// SPDX-License-Identifier: MIT
// The talk with a CH32V208: our reading of its firmware against the simulator's.

#include "device/ch32v208_engine.h"

#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/modem_line.h"
#include "tests/fakes/recording_listener.h"
#include "tests/unit/sample_reports.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using sim::AnswerFault;
using sim::Ch9329Status;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Bytes = std::vector<std::uint8_t>;

// docs/hardware.md 5.3 and 4.4, golden vectors.
const Bytes kReleaseAll = {0x57, 0xAB, 0x00, 0x02, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0x0C};
const Bytes kGetInformation = {0x57, 0xAB, 0x00, 0x01, 0x00, 0x03};
const Bytes kToTarget = {0x57, 0xAB, 0x00, 0x17, 0x05, 0, 0, 0, 0, 0x01, 0x1F};
const Bytes kQuery = {0x57, 0xAB, 0x00, 0x17, 0x05, 0, 0, 0, 0, 0x03, 0x21};

class Ch32v208EngineTest : public testing::Test {
protected:
    void plug_in(const sim::Ch32v208Options& options = {}) {
        line_ = std::make_unique<ModemLine>(options);
        line_->set_listener(&listener_);
        line_->start();
        line_->run_for(100ms);
    }
    // A chip that is found and has nothing to do.
    void find_chip(const sim::Ch32v208Options& options = {}) {
        plug_in(options);
        line_->run_for(1s);
        ASSERT_TRUE(line_->ready());
        line_->written.clear();
        listener_ = {};
    }
    void send(const HidReport& report) {
        line_->send(report);
        line_->run_for(1s);
    }
    std::size_t count(const Bytes& frame) const {
        return static_cast<std::size_t>(std::ranges::count(line_->written, frame));
    }
    std::size_t keys() const { return line_->target.all<sim::KeyboardReport>().size(); }

    RecordingListener listener_;
    std::unique_ptr<ModemLine> line_;
};

TEST_F(Ch32v208EngineTest, SaysAllReleasedThenAsksForInformationAndPosition) {
    plug_in();

    ASSERT_GE(line_->written.size(), 3U);
    EXPECT_EQ(line_->written[0], kReleaseAll);
    EXPECT_EQ(line_->written[1], kGetInformation);
    EXPECT_EQ(line_->written[2], kQuery);
}

TEST_F(Ch32v208EngineTest, IsReadyOnceTheChipHasAnswered) {
    plug_in();

    EXPECT_TRUE(line_->ready());
    EXPECT_EQ(line_->found, 1);
    EXPECT_THAT(line_->positions, ElementsAre(SwitchPosition::Host));
    EXPECT_EQ(line_->information.at(0).version, 0x02);
}

TEST_F(Ch32v208EngineTest, DeliversReportsInTheirOrder) {
    find_chip();

    send(kLetterA);
    send(kLetterB);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged, Delivery::Acknowledged));
    EXPECT_EQ(line_->target.all<sim::KeyboardReport>().back().usages[0], 0x05);
}

TEST_F(Ch32v208EngineTest, AsksForTheLightsAfterALockKey) {
    find_chip();
    const std::size_t before = count(kGetInformation);

    line_->send(kCapsLock);
    line_->run_for(500ms);

    EXPECT_EQ(count(kGetInformation) - before, 2U);
}

TEST_F(Ch32v208EngineTest, MovesThePortAndLooksWhereItIs) {
    find_chip();

    line_->select(SwitchPosition::Target);
    line_->run_for(300ms);

    EXPECT_EQ(count(kToTarget), 1U);
    ASSERT_THAT(line_->moves, SizeIs(1));
    EXPECT_EQ(line_->moves[0].value(), SwitchPosition::Target);
    EXPECT_EQ(count(kQuery), 1U);
    EXPECT_EQ(line_->chip.selected(), sim::Side::Target);
}

TEST_F(Ch32v208EngineTest, SeesThatTheSlideUndidAMove) {
    find_chip({.slide_rules = true});

    line_->select(SwitchPosition::Target);
    line_->run_for(300ms);

    EXPECT_EQ(line_->moves.at(0).value(), SwitchPosition::Target);
    EXPECT_EQ(line_->engine().position(), SwitchPosition::Host);
}

TEST_F(Ch32v208EngineTest, SeesAMoveByTheButton) {
    find_chip();

    line_->chip.press_button();
    line_->run_for(4s);

    EXPECT_EQ(line_->engine().position(), SwitchPosition::Target);
}

TEST_F(Ch32v208EngineTest, LetsAReportThatIsInFlightEndBeforeAMove) {
    find_chip();

    line_->send(kLetterA);
    line_->select(SwitchPosition::Target);
    line_->run_for(300ms);

    EXPECT_EQ(keys(), 2U);
    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_THAT(line_->moves, SizeIs(1));
}

// Every way in which the chip can be wrong.

TEST_F(Ch32v208EngineTest, SendsAKeyAgainWhoseAnswerWasLost) {
    find_chip();
    line_->chip.add_fault({.kind = AnswerFault::Kind::Lost, .command = 0x02});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(line_->engine().counters().retries, 1U);
}

TEST_F(Ch32v208EngineTest, SendsMotionOnceWhateverBecomesOfIt) {
    find_chip();
    line_->chip.add_fault({.kind = AnswerFault::Kind::Lost, .command = 0x05});

    send(kMotion);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Unconfirmed));
    EXPECT_THAT(line_->target.all<sim::RelativeMouseReport>(), SizeIs(1));
}

TEST_F(Ch32v208EngineTest, TakesALateAnswerForWhatItIs) {
    find_chip();
    line_->chip.add_fault({.kind = AnswerFault::Kind::Late, .command = 0x05, .delay = 150ms});

    send(kMotion);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
}

TEST_F(Ch32v208EngineTest, TakesASecondAnswerForNoneOfTheNextCommand) {
    find_chip();
    line_->chip.add_fault({.kind = AnswerFault::Kind::Doubled, .command = 0x17});
    line_->chip.add_fault({.kind = AnswerFault::Kind::Refused, .command = 0x17});

    line_->select(SwitchPosition::Target);
    line_->run_for(300ms);

    EXPECT_EQ(line_->moves.at(0).value(), SwitchPosition::Target);
}

TEST_F(Ch32v208EngineTest, FindsAnAnswerBehindGarbage) {
    find_chip();
    line_->chip.add_noise(Bytes{0x57, 0xAB, 0x00, 0x81, 0x40});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_GE(line_->engine().counters().resyncs, 1U);
}

TEST_F(Ch32v208EngineTest, SaysOnceThatAPortIsSilent) {
    plug_in({.is_silent = true});
    line_->run_for(20s);

    ASSERT_THAT(line_->losses, SizeIs(1));
    EXPECT_EQ(line_->losses[0].code, ProtocolError::NoReply);
    EXPECT_FALSE(line_->ready());
}

TEST_F(Ch32v208EngineTest, FindsAPortAgainThatWasSilent) {
    plug_in({.is_silent = true});
    line_->run_for(5s);
    line_->chip.options().is_silent = false;
    line_->run_for(5s);

    EXPECT_TRUE(line_->ready());
    EXPECT_THAT(listener_.outages, ElementsAre(Outage::Long));
}

TEST_F(Ch32v208EngineTest, FailsAMoveThatNobodyAnswers) {
    find_chip();
    line_->chip.options().is_silent = true;

    line_->select(SwitchPosition::Target);
    line_->run_for(5s);

    ASSERT_THAT(line_->moves, SizeIs(1));
    EXPECT_EQ(line_->moves[0].error().code, ProtocolError::NoReply);
}

TEST_F(Ch32v208EngineTest, WorksWithFirmwareThatAnswersNoQuestion) {
    find_chip({.answers_information = false});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_THAT(line_->losses, IsEmpty());
    EXPECT_EQ(line_->engine().information(), std::nullopt);
}

TEST_F(Ch32v208EngineTest, RepeatsAKeyUnderFirmwareThatAnswersNoQuestion) {
    find_chip({.answers_information = false});
    line_->chip.add_fault({.kind = AnswerFault::Kind::Lost, .command = 0x02});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
}

TEST_F(Ch32v208EngineTest, StartsFromAllReleasedWhenTheTargetComesBack) {
    find_chip();
    line_->target.go_absent();
    line_->run_for(4s);
    listener_ = {};

    line_->target.come_back();
    line_->run_for(4s);

    EXPECT_THAT(listener_.outages, ElementsAre(Outage::Brief));
}

TEST_F(Ch32v208EngineTest, TellsThatNothingArrivedWhenTheLineGoes) {
    find_chip();
    line_->send(kLetterA);
    line_->select(SwitchPosition::Target);

    line_->engine().stop();

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Undelivered));
    EXPECT_THAT(line_->moves, SizeIs(1));
}

}  // namespace
}  // namespace minikvm
