// SPDX-License-Identifier: MIT
// The talk with the chip: our reading of its manual against the simulator's.

#include "device/ch9329_engine.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/model_line.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using sim::AnswerFault;
using sim::Ch9329Status;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Bytes = std::vector<std::uint8_t>;

// docs/hardware.md 5.3, golden vectors.
const Bytes kReleaseAll = {0x57, 0xAB, 0x00, 0x02, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0x0C};
const Bytes kKeyboardAnswer = {0x57, 0xAB, 0x00, 0x82, 0x01, 0x00, 0x85};
const Bytes kGetInfo = {0x57, 0xAB, 0x00, 0x01, 0x00, 0x03};

constexpr HidReport kLetterA = hid::KeyboardReport{0, {hid::HidUsage{0x04}}};
constexpr HidReport kCapsLock = hid::KeyboardReport{0, {hid::HidUsage{0x39}}};
constexpr HidReport kNothing = hid::KeyboardReport{};
constexpr HidReport kMotion = hid::RelativeMouseReport{.dx = 5};
constexpr HidReport kMute = hid::ConsumerReport{{0x04, 0, 0}};

struct RecordingListener final : HidSinkListener {
    void on_delivered(Delivery delivery) override { deliveries.push_back(delivery); }
    void on_ready() override { ++ready_calls; }
    void on_state_lost(Outage outage) override {
        ++lost_states;
        last_outage = outage;
    }

    std::vector<Delivery> deliveries;
    int ready_calls = 0;
    int lost_states = 0;
    Outage last_outage = Outage::Brief;
};

class Ch9329EngineTest : public testing::Test {
protected:
    void use(const sim::Ch9329Options& chip, const Ch9329Options& options = {}) {
        make(chip, options);
        line_->start();
    }
    void make(const sim::Ch9329Options& chip, const Ch9329Options& options = {}) {
        line_ = std::make_unique<ModelLine>(chip, options);
        line_->set_listener(&listener_);
    }
    // A chip that is found and has nothing to do.
    void find_chip() {
        use({});
        line_->run_for(200ms);
        ASSERT_TRUE(line_->ready());
        line_->target.clear();
        line_->written.clear();
        listener_ = {};
    }
    void fail(AnswerFault fault) { line_->chip().add_fault(fault); }
    void send(const HidReport& report) {
        line_->send(report);
        line_->run_for(1s);
    }
    std::size_t keyboard_reports() const { return line_->target.all<sim::KeyboardReport>().size(); }
    std::size_t questions() const {
        return static_cast<std::size_t>(std::ranges::count(line_->written, kGetInfo));
    }
    const ChipCounters& counters() const { return line_->engine().counters(); }

    RecordingListener listener_;
    std::unique_ptr<ModelLine> line_;
};

TEST_F(Ch9329EngineTest, SaysAllReleasedBeforeAnythingElse) {
    use({});
    line_->run_for(50ms);

    ASSERT_GE(line_->written.size(), 2U);
    EXPECT_EQ(line_->written[0], kReleaseAll);
    EXPECT_EQ(line_->written[1], kGetInfo);
}

TEST_F(Ch9329EngineTest, FindsAChipAsTheVendorsAppsLeaveIt) {
    use({});
    line_->run_for(50ms);

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
}

TEST_F(Ch9329EngineTest, FindsAChipAsTheFactoryMadeIt) {
    use({.initial = sim::InitialConfiguration::Factory});
    line_->run_for(1s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
    EXPECT_THAT(line_->losses, IsEmpty());
}

TEST_F(Ch9329EngineTest, TriesTheLastKnownSpeedFirst) {
    use({.initial = sim::InitialConfiguration::Factory}, {.last_speed_bd = 9600});
    line_->run_for(90ms);

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
}

TEST_F(Ch9329EngineTest, WaitsForAChipThatTheOpenReset) {
    make({});
    line_->chip().set_def(line_->now(), sim::DefLevel::Low);
    line_->run_for(60ms);
    line_->chip().set_def(line_->now(), sim::DefLevel::High);
    line_->start();
    line_->run_for(1500ms);

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
    EXPECT_THAT(line_->losses, IsEmpty());
}

TEST_F(Ch9329EngineTest, SaysOnceThatNobodyAnswers) {
    use({});
    line_->chip().set_power(line_->now(), sim::PowerSource::Host, sim::Power::Off);
    line_->chip().set_power(line_->now(), sim::PowerSource::Target, sim::Power::Off);
    line_->run_for(20s);

    ASSERT_THAT(line_->losses, SizeIs(1));
    EXPECT_EQ(line_->losses[0].code, ProtocolError::NoReply);
}

TEST_F(Ch9329EngineTest, TellsOfEachVainSearch) {
    use({});
    line_->chip().wedge();
    line_->run_for(20s);

    EXPECT_THAT(line_->losses, SizeIs(1));
    EXPECT_THAT(line_->silences, SizeIs(testing::AllOf(testing::Ge(4U), testing::Le(10U))));
}

TEST_F(Ch9329EngineTest, WakesAMuteChipByTellingItToReset) {
    find_chip();
    send(kLetterA);
    line_->chip().wedge();
    line_->resets_when_silent = true;
    line_->found_speeds.clear();
    line_->run_until_found();

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
    EXPECT_THAT(line_->silences, SizeIs(1));
}

TEST_F(Ch9329EngineTest, TellsAMuteChipToResetAtWhicheverSpeedItHas) {
    make(sim::Ch9329Options{.initial = sim::InitialConfiguration::Factory});
    line_->chip().wedge();
    line_->resets_when_silent = true;
    line_->start();
    line_->run_until_found();

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
}

TEST_F(Ch9329EngineTest, CallsAnOutageLongOnceItWasReported) {
    use({});
    line_->chip().set_power(line_->now(), sim::PowerSource::Host, sim::Power::Off);
    line_->chip().set_power(line_->now(), sim::PowerSource::Target, sim::Power::Off);
    line_->run_for(5s);
    line_->chip().set_power(line_->now(), sim::PowerSource::Target, sim::Power::On);
    line_->run_for(5s);

    EXPECT_EQ(listener_.lost_states, 1);
    EXPECT_EQ(listener_.last_outage, Outage::Long);
}

TEST_F(Ch9329EngineTest, FindsAChipThatGetsItsPowerLater) {
    use({});
    line_->chip().set_power(line_->now(), sim::PowerSource::Host, sim::Power::Off);
    line_->chip().set_power(line_->now(), sim::PowerSource::Target, sim::Power::Off);
    line_->run_for(5s);
    line_->chip().set_power(line_->now(), sim::PowerSource::Target, sim::Power::On);
    line_->run_until_found();

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
}

TEST_F(Ch9329EngineTest, AsksForTheStateOnceTheChipIsFound) {
    use({});
    line_->run_for(50ms);

    EXPECT_EQ(listener_.lost_states, 1);
    ASSERT_THAT(line_->information, SizeIs(1));
    EXPECT_TRUE(line_->information[0].target_connected);
}

TEST_F(Ch9329EngineTest, TellsAListenerOfNoLossBeforeItsTime) {
    line_ = std::make_unique<ModelLine>();
    line_->start();
    line_->run_for(200ms);
    line_->set_listener(&listener_);

    send(kLetterA);

    EXPECT_EQ(listener_.lost_states, 0);
}

TEST_F(Ch9329EngineTest, DeliversAReport) {
    find_chip();

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(keyboard_reports(), 1U);
}

TEST_F(Ch9329EngineTest, SendsStateAgainWhenItsAcknowledgementIsLost) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Lost, .command = 0x02});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(keyboard_reports(), 2U);
    EXPECT_EQ(counters().retries, 1U);
    EXPECT_EQ(counters().unconfirmed, 0U);
}

TEST_F(Ch9329EngineTest, NeverMovesTwiceWhenAnAcknowledgementIsLost) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Lost, .command = 0x05});

    send(kMotion);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Unconfirmed));
    EXPECT_THAT(line_->target.all<sim::RelativeMouseReport>(), SizeIs(1));
    EXPECT_EQ(counters().unconfirmed, 1U);
}

TEST_F(Ch9329EngineTest, SendsAMediaKeyOnceMoreWhenItsAcknowledgementIsLost) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Lost, .remaining = 5, .command = 0x03});

    send(kMute);

    EXPECT_THAT(line_->target.all<sim::ConsumerReport>(), SizeIs(2));
    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Refused));
}

TEST_F(Ch9329EngineTest, TakesALateAcknowledgementForWhatItIs) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Late, .command = 0x02, .delay = 150ms});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(keyboard_reports(), 1U);
}

TEST_F(Ch9329EngineTest, IsNotMisledByADoubledAcknowledgement) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Doubled, .command = 0x02});
    fail({.kind = AnswerFault::Kind::Lost, .command = 0x02});

    line_->send(kLetterA);
    while (listener_.deliveries.empty()) {
        line_->run_for(10us);
    }
    send(kNothing);

    // The second one's acknowledgement was lost: it must have been sent twice.
    EXPECT_EQ(keyboard_reports(), 3U);
}

TEST_F(Ch9329EngineTest, RepeatsWhatWasDamagedOnItsWay) {
    find_chip();
    fail(
        {.kind = AnswerFault::Kind::Refused, .command = 0x05, .status = Ch9329Status::BadChecksum});

    send(kMotion);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_THAT(line_->target.all<sim::RelativeMouseReport>(), SizeIs(1));
}

TEST_F(Ch9329EngineTest, DoesNotRepeatWhatTheChipCannotDo) {
    find_chip();
    fail({.kind = AnswerFault::Kind::Refused,
          .remaining = 9,
          .command = 0x02,
          .status = Ch9329Status::NotExecuted});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Refused));
    EXPECT_EQ(counters().errors, 1U);
}

TEST_F(Ch9329EngineTest, FindsTheAnswerBehindAFalseHead) {
    find_chip();
    line_->link().add_noise_to_bridge(line_->now(), Bytes{0x57, 0xAB, 0x00, 0x81, 0x40});

    send(kLetterA);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(keyboard_reports(), 1U);
    EXPECT_GE(counters().resyncs, 1U);
}

TEST_F(Ch9329EngineTest, AsksEveryThreeSeconds) {
    find_chip();

    line_->run_for(10s);

    EXPECT_EQ(questions(), 3U);
}

TEST_F(Ch9329EngineTest, AsksForTheLightsAfterALockKey) {
    find_chip();
    line_->send(kCapsLock);
    line_->run_for(100ms);
    EXPECT_EQ(questions(), 1U);
    line_->target.set_leds(0x02);
    line_->run_for(300ms);

    EXPECT_EQ(questions(), 2U);
    EXPECT_TRUE(line_->information.back().leds.caps);
}

TEST_F(Ch9329EngineTest, WantsTheStateAgainWhenTheTargetCameBack) {
    find_chip();
    line_->target.go_absent();
    line_->run_for(4s);
    EXPECT_EQ(listener_.lost_states, 0);
    line_->target.come_back();
    line_->run_for(4s);

    EXPECT_EQ(listener_.lost_states, 1);
}

TEST_F(Ch9329EngineTest, FindsAChipAgainThatWasResetInMidCommand) {
    find_chip();
    line_->chip().set_def(line_->now(), sim::DefLevel::Low);
    line_->run_for(60ms);
    line_->found_speeds.clear();
    line_->send(kLetterA);
    line_->run_until_found();
    line_->run_for(100ms);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Undelivered));
    EXPECT_EQ(listener_.lost_states, 1);
    EXPECT_EQ(listener_.last_outage, Outage::Brief);
}

TEST_F(Ch9329EngineTest, FindsAChipAgainThatForgotItsSpeed) {
    find_chip();
    // SET_DEFAULT_CFG, RESET (docs/hardware.md 5.3, golden vectors), from nobody we know.
    line_->link().send(line_->now(), Bytes{0x57, 0xAB, 0x00, 0x0C, 0x00, 0x0E});
    line_->run_for(10ms);
    line_->link().send(line_->now(), Bytes{0x57, 0xAB, 0x00, 0x0F, 0x00, 0x11});
    line_->run_for(1s);

    send(kLetterA);
    line_->run_for(1s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200, 9600));
}

constexpr sim::Ch9329Options kFactoryChip{.initial = sim::InitialConfiguration::Factory};

TEST_F(Ch9329EngineTest, RaisesTheSpeedOfAFactoryChipForGood) {
    use(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    line_->run_for(5s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600, 115200));
    EXPECT_THAT(line_->speed_changes, ElementsAre(SpeedChange::Raised));
    EXPECT_TRUE(line_->ready());
}

TEST_F(Ch9329EngineTest, LeavesTheSpeedAloneUnlessToldToRaiseIt) {
    use(kFactoryChip);
    line_->run_for(5s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
    EXPECT_TRUE(line_->ready());
}

TEST_F(Ch9329EngineTest, ChangesByteOneOnlyWhereTheChipRefusesTheOneItHas) {
    sim::Ch9329Options strict = kFactoryChip;
    strict.set_accepts_pin_serial_mode = false;
    use(strict, {.last_speed_bd = {}, .raise_speed = true});
    line_->run_for(5s);

    EXPECT_THAT(line_->speed_changes, ElementsAre(SpeedChange::Raised));
}

TEST_F(Ch9329EngineTest, UsesTheSpeedThereIsWhenItCannotBeRaised) {
    make(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    fail({.kind = AnswerFault::Kind::Refused,
          .remaining = 100,
          .command = std::uint8_t{0x09},
          .status = Ch9329Status::NotExecuted});
    line_->start();
    line_->run_for(5s);

    EXPECT_THAT(line_->speed_changes, ElementsAre(SpeedChange::NotRaised));
    EXPECT_TRUE(line_->ready());
    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
}

TEST_F(Ch9329EngineTest, RaisesTheSpeedThoughAnswersAreLost) {
    make(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    for (const std::uint8_t command : std::initializer_list<std::uint8_t>{0x08, 0x09, 0x0F}) {
        fail({.kind = AnswerFault::Kind::Lost, .remaining = 2, .command = command});
    }
    line_->start();
    line_->run_for(8s);

    EXPECT_THAT(line_->speed_changes, ElementsAre(SpeedChange::Raised));
}

TEST_F(Ch9329EngineTest, GoesBackToTheOldSpeedWhereTheLineProvesBad) {
    use(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    line_->run_for(5s);
    fail({.kind = AnswerFault::Kind::Lost, .remaining = 6, .command = 0x02});
    for (int press = 0; press < 2; ++press) {
        send(kLetterA);
    }
    line_->run_for(5s);

    EXPECT_THAT(line_->speed_changes, ElementsAre(SpeedChange::Raised, SpeedChange::Lowered));
    EXPECT_THAT(line_->found_speeds, ElementsAre(9600, 115200, 9600));
    EXPECT_TRUE(line_->ready());
}

TEST_F(Ch9329EngineTest, CountsWhatWasDamagedAsABadLine) {
    use(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    line_->run_for(5s);
    for (int press = 0; press < 6; ++press) {
        fail({.kind = AnswerFault::Kind::Refused,
              .command = std::uint8_t{0x02},
              .status = Ch9329Status::BadChecksum});
        line_->send(kLetterA);
        line_->run_for(50ms);
    }
    line_->run_for(5s);

    EXPECT_EQ(line_->speed_changes.back(), SpeedChange::Lowered);
}

TEST_F(Ch9329EngineTest, GoesBackOverALineThatDamagesTheOrderToo) {
    use(kFactoryChip, {.last_speed_bd = {}, .raise_speed = true});
    line_->run_for(5s);
    fail({.kind = AnswerFault::Kind::Lost, .remaining = 6, .command = 0x02});
    for (const std::uint8_t command : std::initializer_list<std::uint8_t>{0x08, 0x09, 0x0F}) {
        fail({.kind = AnswerFault::Kind::Refused,
              .remaining = 2,
              .command = command,
              .status = Ch9329Status::BadChecksum});
    }
    for (int press = 0; press < 2; ++press) {
        send(kLetterA);
    }
    line_->run_for(5s);

    EXPECT_EQ(line_->speed_changes.back(), SpeedChange::Lowered);
}

TEST_F(Ch9329EngineTest, DoesNotBelieveALateAnswerOfAnotherSpeed) {
    use({}, {.last_speed_bd = 9600});
    line_->run_for(50ms);
    line_->engine().receive(line_->now(), kKeyboardAnswer);
    line_->run_for(2s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
}

TEST_F(Ch9329EngineTest, SaysNothingMoreOnceStopped) {
    find_chip();
    line_->send(kLetterA);
    line_->written.clear();

    line_->engine().stop();
    line_->run_for(10s);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Undelivered));
    EXPECT_THAT(line_->written, IsEmpty());
}

}  // namespace
}  // namespace minikvm
