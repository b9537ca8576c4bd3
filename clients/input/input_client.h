// SPDX-License-Identifier: MIT
// InputClient: a connection to one stick's input socket.

#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/input_packet.h"

namespace minikvm {

/// Shape:   connect() has the welcome and the first state. send() as much as has_room() allows,
///          take_state() whenever fd() can be read. What is held is released when it is destroyed.
/// Errors:  connect: ENOENT or ECONNREFUSED when no daemon is there, EACCES when we may not.
///          Any: ECONNRESET when the daemon has gone, ETIMEDOUT when it says nothing for
///          kLongestSilence, a ControlError whose context is the daemon's reason for a goodbye,
///          ProtocolError::BadReply.
/// Thread:  the thread that made it.
/// Source:  docs/input-socket.md.
class InputClient final {
public:
    /// Of a daemon that beats once a second.
    static constexpr std::chrono::seconds kLongestSilence{3};

    static Result<InputClient> connect(const std::string& path, InputPointer pointer);

    int fd() const { return socket_.get(); }
    const InputState& state() const { return state_; }
    std::uint32_t sent() const { return sent_; }
    std::uint32_t waiting() const { return sent_ - state_.acknowledged; }
    /// Whether the daemon takes a packet in at once; one more waits in the socket.
    bool has_room() const { return waiting() < window_; }

    /// One packet: `events` without the SYN_REPORT, fewer than kMaxInputEvents.
    Result<void> send(std::span<const InputEvent> events);

    /// Takes the next state, after waiting for it if need be.
    Result<void> take_state();

private:
    explicit InputClient(UniqueFd socket) : socket_(std::move(socket)) {}
    Result<void> greet(InputPointer pointer);
    Result<InputAnswer> receive();

    UniqueFd socket_;
    InputState state_;
    std::uint32_t sent_ = 0;
    std::uint32_t window_ = 1;
};

}  // namespace minikvm
