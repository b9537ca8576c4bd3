// SPDX-License-Identifier: MIT
// A client of the input socket as a source: what arrives, what is acknowledged, what is released.

#include "uinput-bridge/input_connection.h"

#include <linux/input-event-codes.h>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/recording_hid_sink.h"
#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

class AnInputConnection : public testing::Test {
protected:
    void SetUp() override {
        scheduler_.on_settled([this](const Settlement& done) { client_.settled(done); });
        scheduler_.attach(sink_);
        sink_.deliver_all();
        sink_.reports.clear();
        ASSERT_TRUE(client_.receive(encode_input(InputHello{}).bytes()));
    }
    void TearDown() override { scheduler_.detach(); }

    Result<void> send(std::vector<InputEvent> events) {
        return client_.receive(encode_input(++sent_, events).bytes());
    }
    void key(std::uint16_t code, int value) { ASSERT_TRUE(send({{EV_KEY, code, value}})); }

    InputState state() const {
        InputState state;
        client_.fill(state);
        return state;
    }

    RecordingHidSink sink_;
    KeyLeases leases_;
    ReportScheduler scheduler_;
    InputConnection client_{leases_, scheduler_};
    std::uint32_t sent_ = 0;
};

TEST_F(AnInputConnection, PressesKeysAtTheTarget) {
    key(KEY_A, 1);

    EXPECT_EQ(sink_.all<hid::KeyboardReport>().back().keys[0], hid::HidUsage{0x04});
}

TEST_F(AnInputConnection, IsAcknowledgedWhenTheChipHasItAndNotBefore) {
    key(KEY_A, 1);
    EXPECT_EQ(state().acknowledged, 0U);

    sink_.deliver();

    EXPECT_EQ(state().acknowledged, 1U);
    EXPECT_EQ(state().unconfirmed, 0U);
}

TEST_F(AnInputConnection, AcknowledgesInOrderHoweverTheLineSends) {
    ASSERT_TRUE(send({{EV_REL, REL_X, 200}}));  // two reports, the second after the key
    key(KEY_A, 1);

    sink_.deliver();
    sink_.deliver();
    EXPECT_EQ(state().acknowledged, 0U);
    sink_.deliver();

    EXPECT_EQ(state().acknowledged, 2U);
}

TEST_F(AnInputConnection, AcknowledgesWhatHasNoEffectBehindWhatHas) {
    key(KEY_A, 1);
    key(KEY_A, 2);  // repeat
    EXPECT_EQ(state().acknowledged, 0U);

    sink_.deliver();

    EXPECT_EQ(state().acknowledged, 2U);
}

TEST_F(AnInputConnection, SaysWhichPacketMayBeLostOrDoubled) {
    key(KEY_A, 1);
    key(KEY_A, 0);
    key(KEY_B, 1);

    sink_.deliver();
    sink_.deliver(Delivery::Unconfirmed);
    sink_.deliver();

    EXPECT_EQ(state().acknowledged, 3U);
    EXPECT_EQ(state().unconfirmed, 1U);
    EXPECT_EQ(state().last_unconfirmed, 2U);
}

TEST_F(AnInputConnection, CountsALongMotionAsUnconfirmedIfAnyPartOfItIs) {
    ASSERT_TRUE(send({{EV_REL, REL_X, 200}}));

    sink_.deliver(Delivery::Unconfirmed);
    sink_.deliver();

    EXPECT_EQ(state().last_unconfirmed, 1U);
}

TEST_F(AnInputConnection, CountsWhatWasForgottenAsUnconfirmed) {
    key(KEY_A, 1);
    key(KEY_A, 0);

    sink_.go_silent();
    sink_.come_back(Outage::Long);

    EXPECT_EQ(state().acknowledged, 2U);
    EXPECT_EQ(state().unconfirmed, 2U);
}

TEST_F(AnInputConnection, CountsWhatNoStickTookAsUnconfirmed) {
    scheduler_.detach();

    key(KEY_A, 1);

    EXPECT_EQ(state().acknowledged, 1U);
    EXPECT_EQ(state().last_unconfirmed, 1U);
}

TEST_F(AnInputConnection, WantsNoMorePacketsThanItsWindow) {
    for (int count = 0; count < InputConnection::kWindow; ++count) {
        ASSERT_TRUE(client_.wants_packet());
        key(KEY_A, (count + 1) % 2);
    }
    EXPECT_FALSE(client_.wants_packet());

    sink_.deliver();

    EXPECT_TRUE(client_.wants_packet());
}

TEST_F(AnInputConnection, EndingReleasesWhatItHeld) {
    key(KEY_LEFTSHIFT, 1);
    key(KEY_A, 1);
    sink_.deliver_all();

    EXPECT_EQ(client_.end_lease(), 2U);
    sink_.deliver_all();

    EXPECT_EQ(sink_.all<hid::KeyboardReport>().back(), hid::KeyboardReport{});
    EXPECT_EQ(leases_.sources(), 0U);
}

TEST_F(AnInputConnection, EndingKeepsDownWhatAnotherHolds) {
    InputConnection other(leases_, scheduler_);
    ASSERT_TRUE(other.receive(encode_input(InputHello{}).bytes()));
    const InputEvent a_down{EV_KEY, KEY_A, 1};
    ASSERT_TRUE(other.receive(encode_input(1, std::span(&a_down, 1)).bytes()));
    key(KEY_A, 1);
    sink_.deliver_all();

    EXPECT_EQ(client_.end_lease(), 1U);
    sink_.deliver_all();

    EXPECT_EQ(sink_.all<hid::KeyboardReport>().back().keys[0], hid::HidUsage{0x04});
}

TEST_F(AnInputConnection, ClicksWithThePointerOfItsHello) {
    InputConnection other(leases_, scheduler_);
    ASSERT_TRUE(other.receive(encode_input(InputHello{1, InputPointer::Absolute}).bytes()));
    const std::vector<InputEvent> click = {
        {EV_ABS, ABS_X, 100}, {EV_ABS, ABS_Y, 200}, {EV_KEY, BTN_LEFT, 1}};

    ASSERT_TRUE(other.receive(encode_input(1, click).bytes()));

    EXPECT_EQ(sink_.all<hid::AbsoluteMouseReport>().back(),
              (hid::AbsoluteMouseReport{.buttons = 1, .x = 100, .y = 200}));
}

TEST_F(AnInputConnection, RefusesAPacketOutOfOrder) {
    sent_ = 4;

    const Result<void> refused = send({{EV_KEY, KEY_A, 1}});

    ASSERT_EQ(error_of(refused), ControlError::BadRequest);
    EXPECT_THAT(refused.error().context, HasSubstr("has to be 1, not 5"));
    EXPECT_TRUE(sink_.reports.empty());
}

TEST_F(AnInputConnection, DoesNothingOfAPacketWithOneBadEvent) {
    EXPECT_EQ(error_of(send({{EV_KEY, KEY_A, 1}, {EV_KEY, KEY_B, 7}})), ControlError::BadRequest);

    EXPECT_TRUE(sink_.reports.empty());
    EXPECT_EQ(leases_.held(), 0U);
}

}  // namespace
}  // namespace minikvm
