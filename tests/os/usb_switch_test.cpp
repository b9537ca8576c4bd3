// SPDX-License-Identifier: MIT
// That UsbSwitch carries out what its sequence says, with real timers.

#include "device/usb_switch.h"

#include <vector>

#include <gtest/gtest.h>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using std::chrono_literals::operator""ms;

class UsbSwitchTest : public testing::Test {
protected:
    void SetUp() override {
        loop_ = std::move(EventLoop::create().value());
        deadline_ = loop_
                        ->timer([this](TimePoint) {
                            ADD_FAILURE() << "the power did not come back in time";
                            loop_->stop();
                        })
                        .value();
        deadline_.arm_after(std::chrono::seconds(10));
        usb_switch_ = std::move(UsbSwitch::create(*loop_, parts(), [](Verified) {}).value());
    }

    UsbSwitchParts parts() {
        return {[this](SwitchPosition position, const RegisterThread::SwitchCallback& done) {
                    done(cell_error_ ? Result<SwitchChange>(make_error(*cell_error_, "the cell"))
                                     : SwitchChange{SwitchPosition::Host, position});
                },
                [this](UsbPower power) { return set_power(power); }};
    }

    Result<void> set_power(UsbPower power) {
        if (power_error_) {
            return make_error(std::make_error_code(*power_error_), "the power");
        }
        power_ = power;
        if (power == UsbPower::Off) {
            cut_at_ = Clock::now();
        } else {
            back_at_ = Clock::now();
            loop_->stop();
        }
        return {};
    }

    // The error that a select ends in, or none.
    std::error_code select_target() {
        std::error_code code;
        usb_switch_->select(SwitchPosition::Target, [&](const Result<SwitchPosition>& position) {
            code = position ? std::error_code() : position.error().code;
        });
        return code;
    }

    std::unique_ptr<EventLoop> loop_;
    Timer deadline_;
    std::optional<std::error_code> cell_error_;
    std::optional<std::errc> power_error_;
    UsbPower power_ = UsbPower::On;
    TimePoint cut_at_;
    TimePoint back_at_;
    std::unique_ptr<UsbSwitch> usb_switch_;
};

TEST_F(UsbSwitchTest, CutsThePowerUntilTheTimerSaysOtherwise) {
    EXPECT_EQ(select_target(), std::error_code());
    EXPECT_EQ(power_, UsbPower::Off);

    ASSERT_TRUE(loop_->run());

    EXPECT_EQ(power_, UsbPower::On);
    EXPECT_GE(back_at_ - cut_at_, 499ms);
    EXPECT_LE(back_at_ - cut_at_, 1'500ms);
}

TEST_F(UsbSwitchTest, PassesOnThatTheCellRefused) {
    cell_error_ = ProtocolError::Refused;

    EXPECT_EQ(select_target(), ProtocolError::Refused);
    EXPECT_EQ(usb_switch_->verified(), Verified::No);
    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbSwitchTest, KnowsNoMoreThanBeforeWithoutACell) {
    cell_error_ = std::make_error_code(std::errc::not_supported);

    EXPECT_EQ(select_target(), std::errc::not_supported);
    EXPECT_EQ(usb_switch_->verified(), Verified::Unknown);
}

TEST_F(UsbSwitchTest, WatchesAtOnceWithoutASerialPort) {
    power_error_ = std::errc::no_such_device;
    usb_switch_->device_changed("1d6b:0104 Product");
    ASSERT_EQ(select_target(), std::error_code());

    usb_switch_->device_changed("");
    EXPECT_EQ(usb_switch_->verified(), Verified::Pending);
    usb_switch_->device_changed("1d6b:0104 Product");

    EXPECT_EQ(usb_switch_->verified(), Verified::No);
}

TEST_F(UsbSwitchTest, RestoresThePowerWhenTheStickGoes) {
    ASSERT_EQ(select_target(), std::error_code());

    usb_switch_->stick_gone();

    EXPECT_EQ(power_, UsbPower::On);
    EXPECT_EQ(usb_switch_->verified(), Verified::Unknown);
}

TEST_F(UsbSwitchTest, RestoresThePowerAtItsEnd) {
    ASSERT_EQ(select_target(), std::error_code());

    usb_switch_.reset();

    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbSwitchTest, TakesTheSameDeviceToldTwiceForOne) {
    usb_switch_->device_changed("1d6b:0104 Product");
    ASSERT_EQ(select_target(), std::error_code());
    ASSERT_TRUE(loop_->run());

    usb_switch_->device_changed("1d6b:0104 Product");

    EXPECT_EQ(usb_switch_->verified(), Verified::Pending);
}

TEST_F(UsbSwitchTest, KeepsThePowerOffUntilItIsToBeOn) {
    ASSERT_TRUE(usb_switch_->set_power(UsbPower::Off));
    EXPECT_EQ(power_, UsbPower::Off);

    ASSERT_TRUE(usb_switch_->set_power(UsbPower::On));

    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbSwitchTest, GivesThePowerBackWhenItEnds) {
    ASSERT_TRUE(usb_switch_->set_power(UsbPower::Off));

    usb_switch_.reset();

    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbSwitchTest, IsAsItWasWhenThePowerCannotBeCut) {
    power_error_ = std::errc::no_such_device;

    EXPECT_FALSE(usb_switch_->set_power(UsbPower::Off));

    EXPECT_FALSE(usb_switch_->is_kept_off());
}

}  // namespace
}  // namespace minikvm
