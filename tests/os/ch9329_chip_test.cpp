// SPDX-License-Identifier: MIT
// Ch9329Chip on a pseudo-terminal, with the simulator's chip at its far end.

#include "device/ch9329_chip.h"

#include <functional>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/serial/pty_line.h"
#include "sim/serial/serial_half.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// Does once what the test wants when the chip is found, and ends the test at the delivery.
struct ScriptedListener final : HidSinkListener {
    explicit ScriptedListener(EventLoop& event_loop) : loop(event_loop) {}
    void on_delivered(Delivery delivery) override {
        deliveries.push_back(delivery);
        loop.stop();
    }
    void on_ready() override {}
    void on_state_lost(Outage /*outage*/) override { when_found(); }

    EventLoop& loop;
    std::function<void()> when_found;
    std::vector<Delivery> deliveries;
};

class Ch9329ChipTest : public testing::Test {
protected:
    void plug_in(const sim::SerialOptions& options) {
        half_ = std::move(sim::SerialHalf::create(loop(), options).value());
        line_ = std::move(sim::PtyLine::create(loop(), *half_).value());
        port_ = std::make_unique<SerialPort>(std::move(SerialPort::open(line_->node()).value()));
        chip_ = std::move(Ch9329Chip::create(loop(), *port_, {},
                                             {.on_found = {},
                                              .on_information = {},
                                              .on_lost =
                                                  [this](const Error& error) {
                                                      losses_.push_back(error);
                                                      loop().stop();
                                                  }})
                              .value());
        chip_->set_listener(&listener_);
    }
    void run() {
        Timer limit = std::move(loop()
                                    .timer([this](TimePoint) {
                                        ADD_FAILURE() << "nothing happened in time";
                                        loop().stop();
                                    })
                                    .value());
        limit.arm_after(10s);
        ASSERT_TRUE(loop().run());
    }
    EventLoop& loop() { return *loop_; }

    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    std::unique_ptr<sim::SerialHalf> half_;
    std::unique_ptr<sim::PtyLine> line_;
    std::unique_ptr<SerialPort> port_;
    ScriptedListener listener_{*loop_};
    std::vector<Error> losses_;
    std::unique_ptr<Ch9329Chip> chip_;
};

TEST_F(Ch9329ChipTest, FindsAChipAtTheFactorysSpeed) {
    plug_in({.chip = {.initial = sim::InitialConfiguration::Factory}, .recorder_path = {}});
    listener_.when_found = [this] { loop().stop(); };

    run();

    EXPECT_EQ(port_->speed_bd(), 9600);
    ASSERT_TRUE(chip_->information());
    EXPECT_TRUE(chip_->information()->target_connected);
}

TEST_F(Ch9329ChipTest, HoldsAKeyAtTheTarget) {
    plug_in({});
    listener_.when_found = [this] {
        ASSERT_TRUE(chip_->ready());
        chip_->send(hid::KeyboardReport{0, {hid::HidUsage{0x04}}});
    };

    run();

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Acknowledged));
    EXPECT_EQ(half_->target().held_keys().usages[0], 0x04);
}

TEST_F(Ch9329ChipTest, EndsOnceTheStickIsPulled) {
    plug_in({});
    listener_.when_found = [this] { line_.reset(); };

    run();

    ASSERT_EQ(losses_.size(), 1U);
    EXPECT_FALSE(chip_->ready());
}

TEST_F(Ch9329ChipTest, GivesBackAReportThatThePullCaught) {
    plug_in({});
    listener_.when_found = [this] {
        chip_->send(hid::KeyboardReport{});
        line_.reset();
    };

    run();

    EXPECT_THAT(listener_.deliveries, ElementsAre(Delivery::Undelivered));
}

}  // namespace
}  // namespace minikvm
