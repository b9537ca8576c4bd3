// SPDX-License-Identifier: MIT
// InputChannel: packets over a socket that is never waited for.

#include "clients/input/input_channel.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cassert>
#include <utility>

#include "common/unix_socket.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

/// False when the socket is full.
Result<bool> send_now(int socket, const EncodedInputPacket& packet) {
    const std::span<const std::uint8_t> bytes = packet.bytes();
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
        return true;
    }
    if (errno == EAGAIN || errno == EINTR) {
        return false;
    }
    return errno_error("send to the input socket");
}

}  // namespace

Result<std::unique_ptr<InputChannel>> InputChannel::open(EventLoop& loop, const std::string& path,
                                                         InputPointer pointer,
                                                         Callbacks callbacks) {
    std::unique_ptr<InputChannel> channel(new InputChannel(loop, std::move(callbacks)));
    MINIKVM_TRY(channel->start(path, pointer));
    return channel;
}

Result<void> InputChannel::start(const std::string& path, InputPointer pointer) {
    socket_ = MINIKVM_TRY(connect_unix(path, SocketType::SeqPacket));
    const bool said =
        MINIKVM_TRY(send_now(socket_.get(), encode_input(InputHello{kInputVersion, pointer})));
    if (!said) {
        return errno_error(-EAGAIN, "say hello to " + path);
    }
    watch_ = MINIKVM_TRY(
        loop_.watch(socket_.get(), EPOLLIN, [this](std::uint32_t events) { serve(events); }));
    silence_ = MINIKVM_TRY(loop_.timer([this](TimePoint) {
        lose(Error{std::make_error_code(std::errc::timed_out), "hear from the stick's daemon"});
    }));
    silence_.arm_after(kLongestSilence);
    return {};
}

void InputChannel::push(std::span<const InputEvent> events) {
    assert(ready());
    queue_.push(events);
    const Result<void> sent = send_waiting();
    if (!sent) {
        lose(sent.error());
    } else if (queue_.size() > kMostReports) {
        lose(Error{std::make_error_code(std::errc::no_buffer_space), "send to the stick's daemon"});
    }
}

void InputChannel::finish(std::function<void()> on_done) {
    if (stage_ != Stage::Ready) {
        stage_ = Stage::Lost;
        queue_.clear();
    } else {
        stage_ = Stage::Finishing;
    }
    on_done_ = std::move(on_done);
    silence_.arm_after(stage_ == Stage::Finishing ? kLongestFinish : std::chrono::seconds(0));
    settle();
}

// The one who waits for the end is called from the loop, never from inside of finish().
void InputChannel::settle() {
    if (stage_ == Stage::Finishing && queue_.empty() && unacknowledged() == 0) {
        silence_.arm_after(std::chrono::seconds(0));
    }
}

void InputChannel::serve(std::uint32_t /*events*/) {
    const Result<bool> heard = receive_one();
    if (!heard) {
        lose(heard.error());
        return;
    }
    const Result<void> sent = send_waiting();
    if (!sent) {
        lose(sent.error());
        return;
    }
    settle();
    if (*heard && stage_ == Stage::Ready) {
        const auto on_state = callbacks_.on_state;  // a copy, as in lose()
        on_state();
    }
}

// True when it was a state.
Result<bool> InputChannel::receive_one() {
    std::array<std::uint8_t, kMaxInputPacketBytes> buffer{};
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (count <= 0) {
        return errno_error(count == 0 ? -ECONNRESET : -errno, "hear from the stick's daemon");
    }
    const InputAnswer answer =
        MINIKVM_TRY(parse_input_answer(std::span(buffer).first(static_cast<std::size_t>(count))));
    MINIKVM_TRY(take(answer));
    return std::holds_alternative<InputState>(answer);
}

Result<void> InputChannel::take(const InputAnswer& answer) {
    if (const auto* goodbye = std::get_if<InputGoodbye>(&answer)) {
        return make_error(ControlError::Failed, goodbye->reason);
    }
    if (const auto* welcome = std::get_if<InputWelcome>(&answer)) {
        if (stage_ != Stage::Greeting || welcome->version != kInputVersion ||
            welcome->window == 0) {
            return make_error(ProtocolError::BadReply, "be welcomed by the input socket");
        }
        window_ = welcome->window;
        stage_ = Stage::Welcomed;
        return {};
    }
    const InputState& state = std::get<InputState>(answer);
    if (stage_ == Stage::Greeting || state.acknowledged > sent_) {
        return make_error(ProtocolError::BadReply, "hear of the target on the input socket");
    }
    state_ = state;
    if (stage_ == Stage::Welcomed) {
        stage_ = Stage::Ready;
    }
    if (stage_ == Stage::Ready) {
        silence_.arm_after(kLongestSilence);
    }
    return {};
}

Result<void> InputChannel::send_waiting() {
    bool full = false;
    while (!full && !queue_.empty() && unacknowledged() < window_) {
        full = !MINIKVM_TRY(send_now(socket_.get(), encode_input(sent_ + 1, queue_.front())));
        if (!full) {
            ++sent_;
            queue_.pop();
        }
    }
    watch_.set_events(full ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return {};
}

void InputChannel::lose(const Error& error) {
    watch_.set_events(0);
    silence_.disarm();
    if (on_done_) {
        const auto done = std::exchange(on_done_, nullptr);
        done();
    } else if (stage_ != Stage::Lost) {
        stage_ = Stage::Lost;
        // Copied: the callee may destroy what it lives in.
        const auto lost = callbacks_.on_lost;
        lost(error);
    }
}

}  // namespace minikvm
