// SPDX-License-Identifier: MIT
// That nobody waits for the capture chip's registers but their own thread.

#include "device/register_thread.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/fake_registers.h"

namespace minikvm {
namespace {

class RegisterThreadTest : public testing::Test {
protected:
    void SetUp() override {
        loop_ = std::move(EventLoop::create().value());
        deadline_ = loop_
                        ->timer([this](TimePoint) {
                            ADD_FAILURE() << "nothing was told in time";
                            loop_->stop();
                        })
                        .value();
        deadline_.arm_after(std::chrono::seconds(10));
        registers_ = std::move(RegisterThread::create(
                                   *loop_, [this](const std::string&) { return open(); },
                                   [this](const RegisterSnapshot&) { on_snapshot_(); })
                                   .value());
    }

    // A chip whose wedge holds lets nobody through until it is released.
    Result<std::unique_ptr<FeatureReports>> open() {
        wedge_.wait();
        return std::unique_ptr<FeatureReports>(new FakeRegisterReports(chip_));
    }
    void release() { release_.set_value(); }

    void run() { ASSERT_TRUE(loop_->run()); }

    FakeRegisters chip_ = FakeRegisters::mini_kvm();
    std::promise<void> release_;
    std::shared_future<void> wedge_ = release_.get_future().share();
    std::unique_ptr<EventLoop> loop_;
    Timer deadline_;
    std::function<void()> on_snapshot_ = [this] { loop_->stop(); };
    std::unique_ptr<RegisterThread> registers_;
};

TEST_F(RegisterThreadTest, TellsWhatTheChipSays) {
    release();

    registers_->attach("/dev/hidraw0");
    run();

    EXPECT_EQ(registers_->snapshot().firmware, "24081309");
}

TEST_F(RegisterThreadTest, DoesOtherWorkWhereNobodyElseWaits) {
    release();
    std::thread::id worker;
    std::thread::id told;

    registers_->run(
        [&worker] {
            worker = std::this_thread::get_id();
            return Result<void>(make_error(std::make_error_code(std::errc::io_error), "try"));
        },
        [&](const Result<void>& done) {
            EXPECT_EQ(done.error().code, std::errc::io_error);
            told = std::this_thread::get_id();
            loop_->stop();
        });
    run();

    EXPECT_EQ(told, std::this_thread::get_id());
    EXPECT_NE(worker, told);
}

TEST_F(RegisterThreadTest, AnswersOnceTheSwitchHasMoved) {
    release();
    std::optional<SwitchPosition> moved;
    on_snapshot_ = [] {};

    registers_->attach("/dev/hidraw0");
    registers_->set_switch(SwitchPosition::Target, [&](const Result<SwitchChange>& change) {
        moved = change.value().now;
        loop_->stop();
    });
    run();

    EXPECT_EQ(moved, SwitchPosition::Target);
    EXPECT_EQ(registers_->snapshot().usb_switch, SwitchPosition::Target);
}

TEST_F(RegisterThreadTest, SaysThatNothingIsAttached) {
    std::error_code code;

    registers_->set_switch(SwitchPosition::Target, [&](const Result<SwitchChange>& change) {
        code = change.error().code;
        loop_->stop();
    });
    run();

    EXPECT_EQ(code, std::errc::no_such_device);
}

TEST_F(RegisterThreadTest, ReturnsAtOnceWhileTheChipIsWedged) {
    registers_->attach("/dev/hidraw0");
    registers_->set_switch(SwitchPosition::Target, [](const Result<SwitchChange>&) {});

    EXPECT_EQ(registers_->snapshot().state, RegisterState::Starting);
    registers_->detach();
    EXPECT_EQ(registers_->snapshot().state, RegisterState::Absent);

    release();
}

TEST_F(RegisterThreadTest, KeepsNewsOfAStickThatHasGoneToItself) {
    registers_->attach("/dev/hidraw0");
    registers_->detach();
    bool answered = false;
    registers_->set_switch(SwitchPosition::Host, [&](const Result<SwitchChange>&) {
        answered = true;  // so all that came before has been told
        loop_->stop();
    });
    release();

    run();

    EXPECT_TRUE(answered);
    EXPECT_EQ(registers_->snapshot(), RegisterSnapshot());
}

TEST_F(RegisterThreadTest, CallsNobodyBackAfterItsEnd) {
    bool called = false;
    release();
    registers_->set_switch(SwitchPosition::Host,
                           [&](const Result<SwitchChange>&) { called = true; });

    registers_.reset();
    loop_->stop();
    run();

    EXPECT_FALSE(called);
}

}  // namespace
}  // namespace minikvm
