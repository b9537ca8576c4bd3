// SPDX-License-Identifier: MIT
// How Ch9329Engine looks for a chip.

#include "protocol/errors.h"
#include "tests/unit/ch9329_engine_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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
    use(kFactoryChip);
    line_->run_for(1s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(9600));
    EXPECT_THAT(line_->losses, IsEmpty());
}

TEST_F(Ch9329EngineTest, TriesTheLastKnownSpeedFirst) {
    use(kFactoryChip, {.last_speed_bd = 9600});
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
    make(kFactoryChip);
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

    EXPECT_THAT(listener_.outages, ElementsAre(Outage::Long));
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

TEST_F(Ch9329EngineTest, FindsAChipAgainThatWasResetInMidCommand) {
    find_chip();
    line_->chip().set_def(line_->now(), sim::DefLevel::Low);
    line_->run_for(60ms);
    line_->found_speeds.clear();
    line_->send(kLetterA);
    line_->run_until_found();
    line_->run_for(100ms);

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Undelivered));
    EXPECT_THAT(listener_.outages, ElementsAre(Outage::Brief));
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

TEST_F(Ch9329EngineTest, DoesNotBelieveALateAnswerOfAnotherSpeed) {
    use({}, {.last_speed_bd = 9600});
    line_->run_for(50ms);
    line_->engine().receive(line_->now(), kKeyboardAnswer);
    line_->run_for(2s);

    EXPECT_THAT(line_->found_speeds, ElementsAre(115200));
}

}  // namespace
}  // namespace minikvm
