// SPDX-License-Identifier: MIT
// InputClient: packets over a socket.

#include "clients/input/input_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "common/unix_socket.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

Result<void> send_packet(int socket, const EncodedInputPacket& packet) {
    while (::send(socket, packet.bytes().data(), packet.bytes().size(), MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) {
            return errno_error("send to the input socket");
        }
    }
    return {};
}

}  // namespace

Result<InputClient> InputClient::connect(const std::string& path, InputPointer pointer) {
    InputClient client(MINIKVM_TRY(connect_unix(path, SocketType::SeqPacket)));
    MINIKVM_TRY(client.greet(pointer));
    return client;
}

Result<void> InputClient::greet(InputPointer pointer) {
    MINIKVM_TRY(send_packet(socket_.get(), encode_input(InputHello{kInputVersion, pointer})));
    const InputAnswer answer = MINIKVM_TRY(receive());
    const auto* welcome = std::get_if<InputWelcome>(&answer);
    if (welcome == nullptr || welcome->version != kInputVersion || welcome->window == 0) {
        return make_error(ProtocolError::BadReply, "be welcomed by the input socket");
    }
    window_ = welcome->window;
    return take_state();
}

Result<void> InputClient::send(std::span<const InputEvent> events) {
    MINIKVM_TRY(send_packet(socket_.get(), encode_input(sent_ + 1, events)));
    ++sent_;
    return {};
}

Result<void> InputClient::take_state() {
    const InputAnswer answer = MINIKVM_TRY(receive());
    const auto* state = std::get_if<InputState>(&answer);
    if (state == nullptr || state->acknowledged > sent_) {
        return make_error(ProtocolError::BadReply, "hear of the target on the input socket");
    }
    state_ = *state;
    return {};
}

Result<InputAnswer> InputClient::receive() {
    pollfd wait{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    constexpr auto kLimit = std::chrono::milliseconds(kLongestSilence);
    const int ready = ::poll(&wait, 1, static_cast<int>(kLimit.count()));
    if (ready <= 0) {
        return errno_error(ready == 0 ? -ETIMEDOUT : -errno, "hear from the stick's daemon");
    }
    std::array<std::uint8_t, kMaxInputPacketBytes> buffer{};
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return errno_error(count == 0 ? -ECONNRESET : -errno, "hear from the stick's daemon");
    }
    InputAnswer answer =
        MINIKVM_TRY(parse_input_answer(std::span(buffer).first(static_cast<std::size_t>(count))));
    if (const auto* goodbye = std::get_if<InputGoodbye>(&answer)) {
        return make_error(ControlError::Failed, goodbye->reason);
    }
    return answer;
}

}  // namespace minikvm
