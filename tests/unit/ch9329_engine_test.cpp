// SPDX-License-Identifier: MIT
// What Ch9329Engine makes of answers that come, or do not.

#include "tests/unit/ch9329_engine_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using sim::AnswerFault;
using sim::Ch9329Status;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(Ch9329EngineTest, AsksForTheStateOnceTheChipIsFound) {
    use({});
    line_->run_for(50ms);

    EXPECT_THAT(listener_.outages, SizeIs(1));
    ASSERT_THAT(line_->information, SizeIs(1));
    EXPECT_TRUE(line_->information[0].target_connected);
}

TEST_F(Ch9329EngineTest, TellsAListenerOfNoLossBeforeItsTime) {
    line_ = std::make_unique<ModelLine>();
    line_->start();
    line_->run_for(200ms);
    line_->set_listener(&listener_);

    send(kLetterA);

    EXPECT_THAT(listener_.outages, IsEmpty());
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

TEST_F(Ch9329EngineTest, AsksBehindAReportSoThatNoneWaits) {
    find_chip();

    // A press each 13 ms, in a minute at every distance to the moment at which a question is due.
    for (std::size_t sent = 1; sent <= 4600; ++sent) {
        line_->send(kLetterA);
        line_->run_for(5ms);
        ASSERT_THAT(listener_.deliveries, SizeIs(sent));
        line_->run_for(8ms);
    }

    EXPECT_GE(questions(), 20U);
    EXPECT_LE(questions(), 30U);
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
    EXPECT_THAT(listener_.outages, IsEmpty());
    line_->target.come_back();
    line_->run_for(4s);

    EXPECT_THAT(listener_.outages, SizeIs(1));
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
