// SPDX-License-Identifier: MIT
// Plain queues: what this project's scheduler is compared with.

#include <sys/epoll.h>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"
#include "protocol/hid_keymap.h"
#include "tests/bench/sender.h"

namespace minikvm {
namespace {

// After which an answer counts as lost, the vendor's advice (docs/hardware.md 5.1).
constexpr std::chrono::milliseconds kAnswerTime{500};

class QueueSender final : public Sender {
public:
    QueueSender(SerialPort& port, Patience patience) : port_(port), patience_(patience) {}

    Result<void> start(EventLoop& loop, const EventPipes& pipes) {
        timer_ = MINIKVM_TRY(loop.timer([this](TimePoint) { go_on(); }));
        port_watch_ = MINIKVM_TRY(
            loop.watch(port_.fd(), EPOLLIN, [this](std::uint32_t events) { on_port(events); }));
        keyboard_watch_ = MINIKVM_TRY(loop.watch(pipes.keyboard, EPOLLIN, [this, pipes](auto) {
            read_events(pipes.keyboard, [this](const input_event& event) { take(event); });
            send_more();
        }));
        mouse_watch_ = MINIKVM_TRY(loop.watch(pipes.mouse, EPOLLIN, [this, pipes](auto) {
            read_events(pipes.mouse, [this](const input_event& event) { take(event); });
            send_more();
        }));
        return {};
    }

    bool idle() const override { return queue_.empty() && rest_.empty() && !waits_; }

private:
    void take(const input_event& event) {
        if (event.type == EV_KEY) {
            take_key(event);
        } else if (event.type == EV_REL && event.code == REL_X) {
            motion_.dx = hid::relative_step(event.value);
        } else if (event.type == EV_REL && event.code == REL_Y) {
            motion_.dy = hid::relative_step(event.value);
        } else if (event.type == EV_SYN) {
            queue_.push_back(motion_ == hid::RelativeMouseReport{}
                                 ? ch9329::keyboard(keyboard_)
                                 : ch9329::mouse_relative(std::exchange(motion_, {})));
        }
    }

    void take_key(const input_event& event) {
        const hid::HidKey key = hid::find_key(hid::KeyCode{event.code});
        const hid::HidUsage usage{key.value};
        const hid::HidUsage from = event.value == 0 ? usage : hid::HidUsage::None;
        const hid::HidUsage to = event.value == 0 ? hid::HidUsage::None : usage;
        const auto place = std::ranges::find(keyboard_.keys, from);
        if (key.kind == hid::HidKeyKind::Usage && place != keyboard_.keys.end()) {
            *place = to;
        }
    }

    void send_more() {
        while (!waits_ && (!rest_.empty() || !queue_.empty())) {
            if (rest_.empty()) {
                const ch9329::EncodedFrame frame = ch9329::encode(queue_.front());
                rest_.assign(frame.bytes().begin(), frame.bytes().end());
                queue_.pop_front();
            }
            const ssize_t count = ::write(port_.fd(), rest_.data(), rest_.size());
            rest_.erase(rest_.begin(), rest_.begin() + std::max<ssize_t>(count, 0));
            if (!rest_.empty()) {
                port_watch_.set_events(EPOLLIN | EPOLLOUT);  // it is full
                return;
            }
            if (patience_ != Patience::None) {
                waits_ = true;
                timer_.arm_after(patience_ == Patience::Answer ? kAnswerTime : kFixedGap);
            }
        }
    }

    void go_on() {
        waits_ = false;
        send_more();
    }

    void on_port(std::uint32_t events) {
        if ((events & EPOLLOUT) != 0) {
            port_watch_.set_events(EPOLLIN);
            send_more();
        }
        std::array<std::uint8_t, 256> bytes{};
        const Result<std::size_t> count = port_.read(bytes);
        if (count) {
            answers_.push(std::span(bytes).first(*count));
        }
        while (answers_.next()) {
            if (patience_ == Patience::Answer) {
                timer_.disarm();
                go_on();
            }
        }
    }

    SerialPort& port_;
    Patience patience_;
    hid::KeyboardReport keyboard_;
    hid::RelativeMouseReport motion_;
    std::deque<ch9329::Frame> queue_;
    std::vector<std::uint8_t> rest_;  // of a frame that the port took a part of
    ch9329::FrameParser answers_;
    bool waits_ = false;
    Timer timer_;
    Watch port_watch_;
    Watch keyboard_watch_;
    Watch mouse_watch_;
};

}  // namespace

Result<std::unique_ptr<Sender>> make_queue_sender(EventLoop& loop, SerialPort& port,
                                                  const EventPipes& pipes, Patience patience) {
    auto sender = std::make_unique<QueueSender>(port, patience);
    MINIKVM_TRY(sender->start(loop, pipes));
    return std::unique_ptr<Sender>(std::move(sender));
}

}  // namespace minikvm
