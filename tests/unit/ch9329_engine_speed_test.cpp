// SPDX-License-Identifier: MIT
// When Ch9329Engine changes a chip's speed.

#include "tests/unit/ch9329_engine_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using sim::AnswerFault;
using sim::Ch9329Status;
using testing::ElementsAre;

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

}  // namespace
}  // namespace minikvm
