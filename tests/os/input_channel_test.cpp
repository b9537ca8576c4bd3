// SPDX-License-Identifier: MIT
// InputChannel: a forwarder's side of a real input socket, which is never waited for.

#include "clients/input/input_channel.h"

#include <linux/input-event-codes.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/unix_socket.h"
#include "protocol/errors.h"
#include "tests/fakes/input_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using hid::HidUsage;
using hid::KeyboardReport;
using testing::Contains;
using testing::HasSubstr;

/// The channel lives on a loop of its own thread; each wait ends after ten seconds.
class AnInputChannel : public testing::Test {
protected:
    // First, since its result type has to be known below.
    template <typename Function>
    auto on_loop(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        loop_->post([&task] { task(); });
        return result.get();
    }

    AnInputChannel() : thread_([this] { static_cast<void>(loop_->run()); }) {}
    ~AnInputChannel() override {
        on_loop([this] { channel_.reset(); });
        loop_->stop();
        thread_.join();
    }

    bool wait_until(const std::function<bool()>& condition) {
        const TimePoint limit = Clock::now() + std::chrono::seconds(10);
        while (!on_loop(condition)) {
            if (Clock::now() > limit) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }

    void open(const std::string& path) {
        on_loop([&] {
            channel_ = std::move(
                InputChannel::open(*loop_, path, InputPointer::Relative,
                                   {.on_state = [this] { ++states_; },
                                    .on_lost = [this](const Error& error) { lost_ = error; }})
                    .value());
        });
    }
    void open_ready() {
        open(daemon_->socket_path());
        ASSERT_TRUE(wait_until([this] { return channel_->ready(); }));
    }
    bool lost() {
        return wait_until([this] { return lost_.has_value(); });
    }
    void key(std::uint16_t code, int value) {
        const InputEvent event{EV_KEY, code, value};
        on_loop([&] { channel_->push(std::span(&event, 1)); });
    }
    /// Ends the channel in good order.
    bool finish() {
        on_loop([this] { channel_->finish([this] { channel_.reset(); }); });
        return wait_until([this] { return channel_ == nullptr; });
    }

    TemporaryDirectory directory_;
    std::unique_ptr<InputDaemon> daemon_ = std::make_unique<InputDaemon>(directory_.path(), "usb3");
    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    int states_ = 0;
    std::optional<Error> lost_;
    std::unique_ptr<InputChannel> channel_;
    std::thread thread_;
};

TEST_F(AnInputChannel, IsReadyWithTheFirstState) {
    open_ready();

    EXPECT_EQ(on_loop([this] { return channel_->state().target; }), InputTarget::Present);
    EXPECT_GE(on_loop([this] { return states_; }), 1);
}

TEST_F(AnInputChannel, SendsEverythingBeforeItEnds) {
    open_ready();
    for (int stroke = 0; stroke < 100; ++stroke) {
        key(KEY_A, 1);
        key(KEY_A, 0);
    }
    key(KEY_B, 1);

    EXPECT_TRUE(finish());

    const auto reports = daemon_->keyboard_reports();
    EXPECT_EQ(std::ranges::count(reports, KeyboardReport{0, {HidUsage{0x04}}}), 100);
    EXPECT_THAT(reports, Contains(KeyboardReport{0, {HidUsage{0x05}}}));
}

TEST_F(AnInputChannel, LeavesNothingHeldWhenItEnds) {
    open_ready();
    key(KEY_A, 1);

    EXPECT_TRUE(finish());

    EXPECT_TRUE(daemon_->wait_until([](const std::vector<HidReport>& reports) {
        const auto* last = std::get_if<KeyboardReport>(&reports.back());
        return reports.size() > 1 && last != nullptr && *last == KeyboardReport{};
    }));
}

TEST_F(AnInputChannel, EndsAllTheSameWhenTheTargetIsStuck) {
    open_ready();
    daemon_->get_stuck();
    key(KEY_A, 1);

    EXPECT_TRUE(finish());
}

TEST_F(AnInputChannel, HearsOfTheTargetsLights) {
    open_ready();

    daemon_->set_target(InputTarget::Present, {.caps = true});

    EXPECT_TRUE(wait_until([this] { return channel_->state().leds.caps; }));
}

TEST_F(AnInputChannel, SaysThatTheDaemonHasGone) {
    open_ready();

    daemon_.reset();

    EXPECT_TRUE(lost());
    EXPECT_FALSE(on_loop([this] { return channel_->ready(); }));
}

TEST_F(AnInputChannel, CannotBeOpenedWhereNobodyListens) {
    const auto refused = on_loop([this] {
        return InputChannel::open(*loop_, directory_.path() + "/none", InputPointer::Relative,
                                  {.on_state = [] {}, .on_lost = [](const Error&) {}})
            .error();
    });

    EXPECT_EQ(refused.code, std::errc::no_such_file_or_directory);
}

TEST_F(AnInputChannel, DoesNotWaitForADaemonThatHangs) {
    const UniqueFd silent =
        listen_unix(directory_.path() + "/silent", SocketType::SeqPacket, 0600).value();
    open(directory_.path() + "/silent");

    ASSERT_TRUE(lost());

    EXPECT_EQ(lost_->code, std::errc::timed_out);
    EXPECT_EQ(states_, 0);
}

TEST_F(AnInputChannel, RepeatsTheReasonOfAGoodbye) {
    const UniqueFd listener =
        listen_unix(directory_.path() + "/rude", SocketType::SeqPacket, 0600).value();
    open(directory_.path() + "/rude");
    const UniqueFd client = accept_unix(listener.get()).value();
    const EncodedInputPacket goodbye = encode_input(InputGoodbye{"no more today"});
    ASSERT_GT(::send(client.get(), goodbye.bytes().data(), goodbye.bytes().size(), 0), 0);

    ASSERT_TRUE(lost());

    EXPECT_THAT(lost_->context, HasSubstr("no more today"));
}

}  // namespace
}  // namespace minikvm
