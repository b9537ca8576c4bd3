// SPDX-License-Identifier: MIT
// What RegisterPoller knows of the capture chip after each step.

#include "device/register_poller.h"

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/fake_registers.h"

namespace minikvm {
namespace {

constexpr std::uint16_t kHdmi = 0xFA8C;
constexpr std::uint16_t kSlide = 0xDF00;
constexpr std::uint16_t kSwitchRegister = 0xDF01;

class RegisterPollerTest : public testing::Test {
protected:
    RegisterPollerTest()
        : poller_([this](const std::string&) -> Result<std::unique_ptr<FeatureReports>> {
              if (opens_with_) {
                  return make_error(std::make_error_code(*opens_with_), "open /dev/hidraw0");
              }
              return std::unique_ptr<FeatureReports>(new FakeRegisterReports(chip_));
          }) {}

    void attach() {
        poller_.attach("/dev/hidraw0");
        poller_.step();
    }
    void step(int times) {
        for (int time = 0; time < times; ++time) {
            poller_.step();
        }
    }
    const RegisterSnapshot& snapshot() const { return poller_.snapshot(); }

    FakeRegisters chip_ = FakeRegisters::mini_kvm();
    std::optional<std::errc> opens_with_;
    RegisterPoller poller_;
};

TEST_F(RegisterPollerTest, KnowsNothingBeforeItIsAttached) {
    step(1);

    EXPECT_EQ(snapshot(), RegisterSnapshot());
}

TEST_F(RegisterPollerTest, KnowsAllAfterTheFirstStep) {
    attach();

    EXPECT_EQ(snapshot().state, RegisterState::Answering);
    EXPECT_EQ(snapshot().firmware, "24081309");
    EXPECT_EQ(snapshot().mode, (ms2109::InputMode{1920, 1080, 6000, 148500}));
    EXPECT_EQ(snapshot().slide, SwitchPosition::Host);
    EXPECT_EQ(snapshot().usb_switch, SwitchPosition::Host);
}

TEST_F(RegisterPollerTest, ReadsLittleWithoutASignal) {
    chip_.cells[kHdmi] = 0;
    attach();
    chip_.reads = 0;

    step(800);

    EXPECT_EQ(chip_.reads, 900);
}

TEST_F(RegisterPollerTest, SeesTheSlideWithinTwoSteps) {
    attach();
    chip_.cells[kSlide] = 1;

    step(2);

    EXPECT_EQ(snapshot().slide, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, SeesTheSignalGoWithinTwoSteps) {
    attach();
    chip_.cells[kHdmi] = 0;

    step(2);

    EXPECT_EQ(snapshot().hdmi_connected, false);
    EXPECT_EQ(snapshot().mode, std::nullopt);
}

TEST_F(RegisterPollerTest, SeesTheSignalAndItsModeComeWithinTwoSteps) {
    chip_.cells[kHdmi] = 0;
    attach();
    chip_.cells[kHdmi] = 1;

    step(2);

    EXPECT_EQ(snapshot().mode->width_px, 1920);
}

TEST_F(RegisterPollerTest, SeesAnotherModeWithinFourSteps) {
    attach();
    chip_.set_pair(0xC6AF, 1280);

    step(4);

    EXPECT_EQ(snapshot().mode->width_px, 1280);
}

TEST_F(RegisterPollerTest, SeesTheSignalGoAtOnceWhenAskedToLook) {
    attach();
    poller_.rest(true);
    chip_.cells[kHdmi] = 0;

    poller_.look();

    EXPECT_EQ(snapshot().hdmi_connected, false);
}

TEST_F(RegisterPollerTest, ReadsTheSignalAloneWhenAskedToLook) {
    attach();
    chip_.reads = 0;

    poller_.look();

    EXPECT_EQ(chip_.reads, 1);
}

TEST_F(RegisterPollerTest, OpensAChipThatItIsAskedToLookAt) {
    poller_.attach("/dev/hidraw0");

    poller_.look();

    EXPECT_EQ(snapshot().hdmi_connected, true);
}

TEST_F(RegisterPollerTest, ReadsLittleWhileItRests) {
    attach();
    poller_.rest(true);
    chip_.reads = 0;

    step(64);

    EXPECT_EQ(chip_.reads, 64 + 1 + 8);
}

TEST_F(RegisterPollerTest, SeesAnotherModeAndSwitchAtTheFirstStepAfterARest) {
    attach();
    poller_.rest(true);
    step(20);
    chip_.set_pair(0xC6AF, 1280);
    chip_.cells[kSwitchRegister] = 1;
    poller_.rest(false);

    step(1);

    EXPECT_EQ(snapshot().mode->width_px, 1280);
    EXPECT_EQ(snapshot().usb_switch, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, SeesTheSlideMoveWhileClientsComeAndGo) {
    attach();
    chip_.cells[kSlide] = 1;

    for (int client = 0; client < 2; ++client) {
        poller_.rest(true);
        poller_.rest(false);
        step(1);
    }

    EXPECT_EQ(snapshot().slide, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, SeesASwitchThatSomeoneElseMovedWithinEightSteps) {
    attach();
    chip_.cells[kSwitchRegister] = 1;

    step(8);

    EXPECT_EQ(snapshot().usb_switch, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, KnowsTheSwitchItMovedAtOnce) {
    attach();

    ASSERT_TRUE(poller_.select(SwitchPosition::Target));

    EXPECT_EQ(snapshot().usb_switch, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, HasNoSwitchUnderFactoryFirmware) {
    chip_.cells[0xCBDC] = 0;
    attach();

    EXPECT_EQ(snapshot().state, RegisterState::Answering);
    EXPECT_EQ(snapshot().usb_switch, std::nullopt);
    EXPECT_EQ(snapshot().slide, std::nullopt);
    EXPECT_EQ(snapshot().mode, std::nullopt);
}

TEST_F(RegisterPollerTest, SaysWhyAChipDoesNotAnswer) {
    attach();
    chip_.fails_with = std::errc::timed_out;

    step(1);

    EXPECT_EQ(snapshot().state, RegisterState::NotAnswering);
    EXPECT_EQ(snapshot().trouble, "set a feature report: Connection timed out");
    EXPECT_EQ(snapshot().firmware, "24081309");
}

TEST_F(RegisterPollerTest, ReadsAllAgainOnceTheChipAnswersAgain) {
    attach();
    chip_.fails_with = std::errc::timed_out;
    step(1);
    chip_.fails_with.reset();
    chip_.cells[kSwitchRegister] = 1;

    step(1);

    EXPECT_EQ(snapshot().state, RegisterState::Answering);
    EXPECT_EQ(snapshot().trouble, "");
    EXPECT_EQ(snapshot().usb_switch, SwitchPosition::Target);
}

TEST_F(RegisterPollerTest, TriesAgainToOpenANodeThatItMayNotOpenYet) {
    opens_with_ = std::errc::permission_denied;
    attach();
    EXPECT_EQ(snapshot().trouble, "open /dev/hidraw0: Permission denied");

    opens_with_.reset();
    step(1);

    EXPECT_EQ(snapshot().state, RegisterState::Answering);
}

TEST_F(RegisterPollerTest, MovesNoSwitchOfAStickThatIsNotThere) {
    EXPECT_EQ(poller_.select(SwitchPosition::Target).error().code, std::errc::no_such_device);
}

TEST_F(RegisterPollerTest, ForgetsAllWhenDetached) {
    attach();

    poller_.detach();

    EXPECT_EQ(snapshot(), RegisterSnapshot());
    EXPECT_EQ(poller_.select(SwitchPosition::Target).error().code, std::errc::no_such_device);
}

}  // namespace
}  // namespace minikvm
