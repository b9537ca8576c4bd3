// SPDX-License-Identifier: MIT
// Who moves the switchable USB port, and what the control tree then says.

#include "daemon/usb_port.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/attribute_list.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr SwitchPosition kHost = SwitchPosition::Host;
constexpr SwitchPosition kTarget = SwitchPosition::Target;

class UsbPortTest : public testing::Test {
protected:
    void SetUp() override { start(defaults()); }

    static UsbConfiguration defaults() {
        UsbConfiguration configuration;
        configuration.follow_slide = true;
        return configuration;
    }

    void start(const UsbConfiguration& configuration) {
        port_.reset();
        loop_ = std::move(EventLoop::create().value());
        port_ = std::move(UsbPort::create(*loop_, tree_, parts(), configuration).value());
    }

    UsbSwitchParts parts() {
        return {[this](SwitchPosition position, const RegisterThread::SwitchCallback& done) {
                    written_.push_back(position);
                    const SwitchPosition before = *registers_.usb_switch;
                    registers_.usb_switch = position;
                    done(SwitchChange{before, position});
                },
                [this](UsbPower power) {
                    power_ = power;
                    return Result<void>();
                }};
    }

    // The stick answers, with both the switch and the slide at the host.
    void plug_in() {
        registers_.state = RegisterState::Answering;
        registers_.firmware = "24081309";
        registers_.usb_switch = kHost;
        registers_.slide = kHost;
        port_->see(view_of(registers_));
        port_->set_lines_open(true);
    }

    void slide_to(SwitchPosition position) {
        registers_.slide = position;
        port_->see(view_of(registers_));
    }

    Result<std::string> set(const std::string& name, const std::string& value) {
        Result<std::string> answer = make_error(ControlError::Failed, "no answer");
        tree_.set(name, value,
                  [&answer](Result<std::string> result) { answer = std::move(result); });
        return answer;
    }

    std::string get(const std::string& name) const { return tree_.get(name).value(); }

    AttributeTree tree_{attribute_list()};
    RegisterSnapshot registers_;
    std::vector<SwitchPosition> written_;
    UsbPower power_ = UsbPower::On;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<UsbPort> port_;
};

TEST_F(UsbPortTest, GoesWhereAClientWantsIt) {
    plug_in();

    EXPECT_EQ(set("usb/switch", "target").value(), "target");

    EXPECT_THAT(written_, ElementsAre(kTarget));
    EXPECT_EQ(get("usb/moved_by"), "client");
}

TEST_F(UsbPortTest, FollowsTheSlideWhenItMoves) {
    plug_in();

    slide_to(kTarget);

    EXPECT_THAT(written_, ElementsAre(kTarget));
    EXPECT_EQ(get("usb/switch"), "target");
    EXPECT_EQ(get("usb/moved_by"), "slide");
}

TEST_F(UsbPortTest, DoesNotFollowASlideThatStandsWhereItStood) {
    plug_in();

    port_->see(view_of(registers_));

    EXPECT_THAT(written_, IsEmpty());
}

TEST_F(UsbPortTest, DoesNotFollowTheSlideOverAnUnplug) {
    plug_in();
    port_->stick_gone();

    slide_to(kTarget);

    EXPECT_THAT(written_, IsEmpty());
}

TEST_F(UsbPortTest, LeavesTheSlideAloneWhenToldTo) {
    plug_in();
    ASSERT_TRUE(set("usb/follow_slide", "no"));

    slide_to(kTarget);

    EXPECT_THAT(written_, IsEmpty());
    EXPECT_EQ(get("usb/follow_slide"), "no");
}

TEST_F(UsbPortTest, TakesTheFilesWordOverASetWhenItChanges) {
    ASSERT_TRUE(set("usb/follow_slide", "no"));

    port_->configure(defaults());
    EXPECT_EQ(get("usb/follow_slide"), "no");
    port_->configure(UsbConfiguration());
    port_->configure(defaults());

    EXPECT_EQ(get("usb/follow_slide"), "yes");
}

TEST_F(UsbPortTest, BelongsToItsLastMover) {
    plug_in();
    slide_to(kTarget);

    ASSERT_TRUE(set("usb/switch", "host"));
    port_->see(view_of(registers_));

    EXPECT_EQ(get("usb/switch"), "host");
    EXPECT_EQ(get("usb/moved_by"), "client");
}

TEST_F(UsbPortTest, StaysWhereItIsByDefault) {
    plug_in();

    port_->target_changed(true);
    port_->target_changed(false);
    bool left = false;
    port_->leave([&left] { left = true; });

    EXPECT_TRUE(left);
    EXPECT_THAT(written_, IsEmpty());
}

TEST_F(UsbPortTest, GoesWhereItIsToStart) {
    UsbConfiguration wanted = defaults();
    wanted.at_start = kTarget;
    start(wanted);

    plug_in();

    EXPECT_THAT(written_, ElementsAre(kTarget));
    EXPECT_EQ(get("usb/moved_by"), "start");
}

TEST_F(UsbPortTest, StaysWhereAnEarlierProcessLeftIt) {
    UsbConfiguration wanted = defaults();
    wanted.at_start = kTarget;
    start(wanted);

    port_->go_on();
    plug_in();
    EXPECT_THAT(written_, IsEmpty());

    port_->stick_gone();
    plug_in();
    EXPECT_THAT(written_, ElementsAre(kTarget));
}

TEST_F(UsbPortTest, GoesWhereItIsToBeWithoutATarget) {
    UsbConfiguration wanted = defaults();
    wanted.without_target = kHost;
    start(wanted);
    plug_in();
    ASSERT_TRUE(set("usb/switch", "target"));
    port_->see(view_of(registers_));

    port_->target_changed(true);
    port_->target_changed(false);

    EXPECT_THAT(written_, ElementsAre(kTarget, kHost));
    EXPECT_EQ(get("usb/moved_by"), "without-target");
}

TEST_F(UsbPortTest, IsLeftWhereItIsToStop) {
    UsbConfiguration wanted = defaults();
    wanted.at_stop = kTarget;
    start(wanted);
    plug_in();
    bool left = false;

    port_->leave([&] {
        left = true;
        loop_->stop();
    });
    ASSERT_TRUE(loop_->run());

    EXPECT_TRUE(left);
    EXPECT_THAT(written_, ElementsAre(kTarget));
    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbPortTest, LosesItsPowerUntilAskedForAgain) {
    plug_in();

    EXPECT_EQ(set("usb/power", "off").value(), "off");
    EXPECT_EQ(power_, UsbPower::Off);
    EXPECT_EQ(set("usb/power", "on").value(), "on");
    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbPortTest, HasPowerAgainAfterItsLinesWereLost) {
    plug_in();
    ASSERT_TRUE(set("usb/power", "off"));

    port_->set_lines_open(false);
    EXPECT_EQ(get("usb/power"), "unknown");
    port_->set_lines_open(true);

    EXPECT_EQ(get("usb/power"), "on");
}

TEST_F(UsbPortTest, GivesThePowerBackThatAKilledProcessCut) {
    power_ = UsbPower::Off;

    plug_in();

    EXPECT_EQ(power_, UsbPower::On);
}

TEST_F(UsbPortTest, GivesThePowerBackWhenTheStickIsLeft) {
    plug_in();
    ASSERT_TRUE(set("usb/power", "off"));

    port_->stick_gone();

    EXPECT_EQ(power_, UsbPower::On);
}

// Every way in which it cannot be moved.

TEST_F(UsbPortTest, IsNotMovedWithoutAStick) {
    EXPECT_EQ(set("usb/switch", "target").error().code, ControlError::NoDevice);
}

TEST_F(UsbPortTest, IsNotMovedUnderFirmwareOfOthers) {
    plug_in();
    registers_.firmware = "99887766";
    registers_.foreign_firmware = true;
    port_->see(view_of(registers_));

    const Result<std::string> answer = set("usb/switch", "target");

    EXPECT_THAT(answer.error().context, HasSubstr("not available"));
    EXPECT_THAT(get("usb/problem"), HasSubstr("99887766"));
    EXPECT_THAT(written_, IsEmpty());
}

TEST_F(UsbPortTest, IsNotToggledFromAnUnknownSide) {
    plug_in();
    registers_.usb_switch.reset();
    port_->see(view_of(registers_));

    EXPECT_EQ(set("usb/switch", "toggle").error().code, ControlError::NoDevice);
}

TEST_F(UsbPortTest, KeepsItsPowerWithoutTheSerialHalf) {
    plug_in();
    port_->set_lines_open(false);

    EXPECT_EQ(set("usb/power", "off").error().code, ControlError::NoDevice);
}

}  // namespace
}  // namespace minikvm
