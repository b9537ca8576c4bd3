// SPDX-License-Identifier: MIT
// Session: a plugged stick's two halves, with the simulator's input chip on a pseudo terminal.

#include "daemon/session.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/serial/pty_line.h"
#include "sim/serial/serial_half.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

StickNodes nodes_of(const std::string& capture, const std::string& hidraw = {}) {
    StickNodes nodes;
    nodes.id = "usb3";
    nodes.capture = capture;
    nodes.hidraw = hidraw;
    return nodes;
}

class ASession : public testing::Test {
protected:
    void SetUp() override {
        look_ = std::move(loop_->timer([this](TimePoint) { look(); }).value());
        session_ = std::move(
            Session::create({.loop = *loop_,
                             .open_serial = [this](const auto& node, UsbId) { return open(node); },
                             .serial_gone = [this] { ++serial_gone_; },
                             .reset_device = [this](const auto& n) { reset(n); },
                             .use_chip = [this](HidSink* sink) { use(sink); },
                             .use_capture = [this](const auto& n) { captures_.push_back(n); },
                             .use_registers = [this](const auto& n) { registers_.push_back(n); }},
                            [] {})
                .value());
    }

    Result<SerialPort> open(const std::string& node) {
        ++opens_;
        return refusal_ ? Result<SerialPort>(make_error(*refusal_, "open " + node))
                        : SerialPort::open(node);
    }

    // As the kernel does: the node goes, and comes back.
    void reset(const std::string& node) {
        resets_.push_back(node);
        session_->update(nodes_of(""));
        half_->plug();
        session_->update(nodes_);
    }

    void use(HidSink* sink) {
        sink_ = sink;
        used_chips_.push_back(sink != nullptr);
    }

    void plug_in_a_chip() {
        half_ = std::move(sim::SerialHalf::create(*loop_, {}).value());
        line_ = std::move(sim::PtyLine::create(*loop_, *half_).value());
        nodes_.tty = line_->node();
        session_->update(nodes_);
    }

    /// Then `step`, then runs until `until`, then the same with the next pair, as one run.
    struct Step {
        std::function<void()> act;
        std::function<bool()> until;
    };
    void run(std::vector<Step> steps, std::chrono::seconds limit = 10s) {
        steps_ = std::move(steps);
        end_ = Clock::now() + limit;
        steps_.front().act();
        look_.arm_after(0ms);
        ASSERT_TRUE(loop_->run());
        EXPECT_TRUE(steps_.empty()) << steps_.size() << " steps were not done in time";
    }

    void look() {
        if (steps_.front().until()) {
            steps_.erase(steps_.begin());
            if (!steps_.empty()) {
                steps_.front().act();
            }
        }
        if (steps_.empty() || Clock::now() > end_) {
            loop_->stop();
        } else {
            look_.arm_after(5ms);
        }
    }

    std::function<bool()> serial_is(SerialState state) {
        return [this, state] { return session_->serial_state() == state; };
    }

    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    std::unique_ptr<sim::SerialHalf> half_;
    std::unique_ptr<sim::PtyLine> line_;
    std::optional<std::error_code> refusal_;
    int opens_ = 0;
    int serial_gone_ = 0;
    std::vector<std::string> resets_;
    HidSink* sink_ = nullptr;
    std::vector<bool> used_chips_;  // handed over, or taken away
    std::vector<std::string> captures_;
    std::vector<std::string> registers_;
    std::vector<Step> steps_;
    TimePoint end_;
    Timer look_;
    StickNodes nodes_ = nodes_of("");
    std::unique_ptr<Session> session_;
};

TEST_F(ASession, HandsTheCaptureNodesOverAndTakesThemBack) {
    session_->update(nodes_of("/dev/video0", "/dev/hidraw0"));
    session_->update(nodes_of(""));

    EXPECT_THAT(captures_, ElementsAre("/dev/video0", ""));
    EXPECT_THAT(registers_, ElementsAre("/dev/hidraw0", ""));
}

TEST_F(ASession, HandsEachNodeOverOnce) {
    session_->update(nodes_of("/dev/video0"));
    session_->update(nodes_of("/dev/video0", "/dev/hidraw0"));

    EXPECT_THAT(captures_, ElementsAre("/dev/video0"));
}

TEST_F(ASession, TakesTheCaptureNodesBackWhenItEnds) {
    session_->update(nodes_of("/dev/video0", "/dev/hidraw0"));
    session_.reset();

    EXPECT_THAT(captures_, ElementsAre("/dev/video0", ""));
    EXPECT_THAT(registers_, ElementsAre("/dev/hidraw0", ""));
}

TEST_F(ASession, FindsTheChipOnItsLine) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)}});

    EXPECT_EQ(session_->problem(), "");
    EXPECT_EQ(session_->speed_bd(), 115200);
    EXPECT_THAT(used_chips_, ElementsAre(true));
}

TEST_F(ASession, LearnsWhatTheChipSaysOfTheTarget) {
    run({{[this] { plug_in_a_chip(); },
          [this] { return session_->chip()->information().has_value(); }}});

    EXPECT_TRUE(session_->chip()->information()->target_connected);
}

TEST_F(ASession, EndsTheSerialHalfWhenItsNodeGoes) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)}});

    session_->update(nodes_of("/dev/video0"));

    EXPECT_EQ(session_->serial_state(), SerialState::Gone);
    EXPECT_EQ(session_->chip(), nullptr);
    EXPECT_THAT(used_chips_, ElementsAre(true, false));
}

TEST_F(ASession, EndsTheSerialHalfWhenTheLineFails) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[this] { line_.reset(); }, serial_is(SerialState::Gone)}});

    EXPECT_NE(session_->problem(), "");
    EXPECT_THAT(used_chips_, ElementsAre(true, false));
}

TEST_F(ASession, SaysThatAPortIsGoneWhenItsNodeGoes) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)}});

    session_->update(nodes_of(""));

    EXPECT_EQ(serial_gone_, 1);
}

TEST_F(ASession, SaysThatAPortIsGoneWhenTheLineFails) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[this] { line_.reset(); }, serial_is(SerialState::Gone)}});

    EXPECT_EQ(serial_gone_, 1);
}

TEST_F(ASession, LeavesThePortToTheNextProcessWhenItEnds) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)}});

    session_.reset();

    EXPECT_EQ(serial_gone_, 0);
    EXPECT_THAT(used_chips_, ElementsAre(true, false));
}

TEST_F(ASession, StartsAgainWithAReplug) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[this] { session_->update(nodes_of("")); }, serial_is(SerialState::Gone)},
         {[this] { session_->update(nodes_); }, serial_is(SerialState::Working)}});

    EXPECT_THAT(used_chips_, ElementsAre(true, false, true));
}

TEST_F(ASession, KeepsTheCountersOfAChipThatWent) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[] {}, [this] { return sink_->ready(); }},
         {[this] { sink_->send(hid::KeyboardReport{}); },
          [this] { return session_->counters().reports == 1; }}});

    session_->update(nodes_of(""));

    EXPECT_EQ(session_->counters().reports, 1U);
}

TEST_F(ASession, OpensAPortAgainThatWasBusy) {
    refusal_ = std::make_error_code(std::errc::device_or_resource_busy);

    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Gone)},
         {[this] { refusal_.reset(); }, serial_is(SerialState::Working)}});

    EXPECT_EQ(opens_, 2);
}

TEST_F(ASession, WakesAChipThatObeysItsResetAlone) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[this] { half_->set_wedge(sim::Wedge::UntilReset); }, serial_is(SerialState::Looking)},
         {[] {}, serial_is(SerialState::Working)}},
        30s);

    EXPECT_EQ(session_->recoveries().chip_resets, 1U);
    EXPECT_EQ(opens_, 1);
    EXPECT_EQ(session_->problem(), "");
}

TEST_F(ASession, OpensThePortAnewAndResetsTheHalfOfAMuteBridge) {
    run({{[this] { plug_in_a_chip(); }, serial_is(SerialState::Working)},
         {[this] { half_->set_wedge(sim::Wedge::UntilUsbReset); }, serial_is(SerialState::Looking)},
         {[] {}, serial_is(SerialState::Working)}},
        60s);

    EXPECT_EQ(session_->recoveries().reopens, 1U);
    EXPECT_EQ(opens_, 3);
    EXPECT_EQ(serial_gone_, 2);
    EXPECT_THAT(resets_, ElementsAre(line_->node()));
    EXPECT_EQ(session_->problem(), "");
}

TEST_F(ASession, SaysWhyAPortCouldNotBeOpened) {
    refusal_ = std::make_error_code(std::errc::device_or_resource_busy);

    plug_in_a_chip();

    EXPECT_THAT(session_->problem(), testing::HasSubstr("busy"));
}

TEST_F(ASession, CannotSwitchTheUsbPowerWithoutALine) {
    const Result<void> switched = session_->set_usb_power(UsbPower::Off);

    EXPECT_EQ(switched.error().code, std::errc::no_such_device);
}

}  // namespace
}  // namespace minikvm
