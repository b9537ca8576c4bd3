// SPDX-License-Identifier: MIT
// What EventLoop promises, with real descriptors.

#include "common/event_loop.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using namespace std::chrono_literals;

UniqueFd readable_fd() {
    return UniqueFd(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
}

UniqueFd silent_fd() {
    return UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

class EventLoopTest : public testing::Test {
protected:
    void SetUp() override {
        loop_ = std::move(EventLoop::create().value());
        deadline_ = loop_
                        ->timer([this](TimePoint) {
                            ADD_FAILURE() << "the loop was not stopped in time";
                            loop_->stop();
                        })
                        .value();
        deadline_.arm_after(10s);
    }
    EventLoop& loop() { return *loop_; }

private:
    std::unique_ptr<EventLoop> loop_;
    Timer deadline_;
};

TEST_F(EventLoopTest, CallsBackWhileADescriptorIsReadable) {
    const UniqueFd fd = readable_fd();
    int calls = 0;
    const Watch watch = loop()
                            .watch(fd.get(), EPOLLIN,
                                   [&](std::uint32_t) {
                                       if (++calls == 3) {
                                           loop().stop();
                                       }
                                   })
                            .value();

    ASSERT_TRUE(loop().run());

    EXPECT_GE(calls, 3);
}

TEST_F(EventLoopTest, LetsACallbackDestroyItsOwnWatch) {
    const UniqueFd fd = readable_fd();
    const std::string kept_alive(100, 'x');
    std::optional<Watch> watch;
    std::string seen_after;
    watch = loop()
                .watch(fd.get(), EPOLLIN,
                       [&, captured = kept_alive](std::uint32_t) {
                           watch.reset();
                           seen_after = captured;  // the closure still exists
                           loop().stop();
                       })
                .value();

    ASSERT_TRUE(loop().run());

    EXPECT_EQ(seen_after, kept_alive);
}

TEST_F(EventLoopTest, LetsACallbackDestroyAnotherWatch) {
    const UniqueFd first = readable_fd();
    const UniqueFd second = readable_fd();
    std::set<int> called;
    std::optional<Watch> one;
    std::optional<Watch> two;
    const auto destroy_other = [&](int self, std::optional<Watch>& other) {
        return [&, self](std::uint32_t) {
            called.insert(self);
            other.reset();
            loop().stop();
        };
    };
    one = loop().watch(first.get(), EPOLLIN, destroy_other(1, two)).value();
    two = loop().watch(second.get(), EPOLLIN, destroy_other(2, one)).value();

    ASSERT_TRUE(loop().run());

    EXPECT_EQ(called.size(), 1U);
}

TEST_F(EventLoopTest, DoesNotMistakeANewDescriptorWithAnOldNumber) {
    UniqueFd old_fd = readable_fd();
    const int number = old_fd.get();
    int stale_calls = 0;
    std::optional<Watch> old_watch =
        loop().watch(number, EPOLLIN, [&](std::uint32_t) { ++stale_calls; }).value();
    old_watch.reset();
    old_fd.reset();

    const UniqueFd new_fd = readable_fd();
    ASSERT_EQ(new_fd.get(), number);
    const Watch watch =
        loop().watch(new_fd.get(), EPOLLIN, [&](std::uint32_t) { loop().stop(); }).value();
    ASSERT_TRUE(loop().run());

    EXPECT_EQ(stale_calls, 0);
}

TEST_F(EventLoopTest, StaysQuietAboutAPausedWatch) {
    const UniqueFd fd = readable_fd();
    int calls = 0;
    Watch watch = loop().watch(fd.get(), EPOLLIN, [&](std::uint32_t) { ++calls; }).value();
    watch.set_events(0);
    loop().stop();

    ASSERT_TRUE(loop().run());

    EXPECT_EQ(calls, 0);
}

TEST_F(EventLoopTest, FiresATimerOnceEachTimeItIsArmed) {
    int fired = 0;
    Timer timer = loop().timer([&](TimePoint) { ++fired; }).value();
    Timer end = loop().timer([&](TimePoint) { loop().stop(); }).value();
    timer.arm_after(1ms);
    end.arm_after(20ms);

    ASSERT_TRUE(loop().run());

    EXPECT_EQ(fired, 1);
    EXPECT_FALSE(timer.armed());
}

TEST_F(EventLoopTest, LeavesADisarmedTimerSilent) {
    int fired = 0;
    Timer timer = loop().timer([&](TimePoint) { ++fired; }).value();
    Timer end = loop().timer([&](TimePoint) { loop().stop(); }).value();
    timer.arm_after(1ms);
    timer.disarm();
    end.arm_after(20ms);

    ASSERT_TRUE(loop().run());

    EXPECT_EQ(fired, 0);
}

TEST_F(EventLoopTest, TellsATimerWhenTheWakeUpBegan) {
    const TimePoint armed_at = Clock::now();
    TimePoint fired_at{};
    Timer timer = loop()
                      .timer([&](TimePoint now) {
                          fired_at = now;
                          loop().stop();
                      })
                      .value();
    timer.arm_at(armed_at + 5ms);

    ASSERT_TRUE(loop().run());

    EXPECT_GE(fired_at, armed_at + 5ms);
}

TEST_F(EventLoopTest, RunsWhatOtherThreadsPostInTheirOrder) {
    std::vector<int> order;
    std::thread poster([&] {
        for (int i = 0; i < 100; ++i) {
            loop().post([&order, i] { order.push_back(i); });
        }
        loop().stop();
    });

    ASSERT_TRUE(loop().run());
    poster.join();

    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(EventLoopTest, HandsOverSignals) {
    bool arrived = false;
    const Watch watch = loop()
                            .on_signal(SIGUSR1,
                                       [&] {
                                           arrived = true;
                                           loop().stop();
                                       })
                            .value();
    ::kill(::getpid(), SIGUSR1);

    ASSERT_TRUE(loop().run());

    EXPECT_TRUE(arrived);
}

TEST_F(EventLoopTest, RefusesADescriptorThatCannotBeWatched) {
    const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));

    const Result<Watch> watch = loop().watch(file.get(), EPOLLIN, [](std::uint32_t) {});

    ASSERT_FALSE(watch);
    EXPECT_EQ(watch.error().code, std::errc::operation_not_permitted);
}

TEST_F(EventLoopTest, LeavesNoDescriptorBehind) {
    const int before = silent_fd().get();

    { const auto other = EventLoop::create().value(); }

    EXPECT_EQ(silent_fd().get(), before);
}

}  // namespace
}  // namespace minikvm
