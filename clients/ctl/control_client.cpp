// SPDX-License-Identifier: MIT
// Asking a stick's daemon.

#include "clients/ctl/control_client.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>

#include <fmt/format.h>

#include "common/descriptor_passing.h"
#include "common/unix_socket.h"

namespace minikvm {
namespace {

constexpr std::size_t kReadBytes = 65536;

}  // namespace

Result<ControlClient> ControlClient::connect(const std::string& path) {
    UniqueFd socket = MINIKVM_TRY(connect_unix(path, SocketType::Stream));
    const timeval longest{kLongestAnswerSeconds, 0};
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest)) != 0) {
        return errno_error("limit the wait for " + path);
    }
    return ControlClient(std::move(socket));
}

Result<void> ControlClient::send(std::string_view line) {
    while (!line.empty()) {
        const ssize_t count = ::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL);
        if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) {
            return {};  // the daemon has closed, and may have said why: receive() tells
        }
        if (count < 0 && errno != EINTR) {
            return errno_error("ask the stick's daemon");
        }
        line.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> ControlClient::receive() {
    std::array<char, kReadBytes> buffer{};
    const Result<std::size_t> count = receive_with_descriptors(socket_.get(), buffer, descriptors_);
    if (!count && count.error().code == std::errc::resource_unavailable_try_again) {
        return errno_error(
            -ETIMEDOUT,
            fmt::format("the stick's daemon has not answered within {} s", kLongestAnswerSeconds));
    }
    if (!count && count.error().code != std::errc::interrupted) {
        return make_error(count.error().code, "hear the stick's daemon");
    }
    if (count && *count == 0) {
        return errno_error(-ECONNRESET, "the stick's daemon has ended");
    }
    received_.append(buffer.data(), count.value_or(0));
    return {};
}

UniqueFd ControlClient::take_descriptor() {
    if (descriptors_.empty()) {
        return {};
    }
    UniqueFd first = std::move(descriptors_.front());
    descriptors_.erase(descriptors_.begin());
    return first;
}

Result<std::optional<ControlAnswer>> ControlClient::take_change() {
    const std::size_t end = received_.find('\n');
    if (end == std::string::npos) {
        return std::optional<ControlAnswer>();
    }
    const std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    return std::optional(MINIKVM_TRY(parse_answer(line)));
}

Result<ControlReply> ControlClient::ask(const ControlRequest& request) {
    MINIKVM_TRY(send(MINIKVM_TRY(format_request(request))));
    ControlReply reply;
    while (true) {
        std::optional<ControlAnswer> answer = MINIKVM_TRY(take_change());
        if (!answer) {
            MINIKVM_TRY(receive());
            continue;
        }
        switch (answer->line) {
            case ControlLine::Item:
                reply.items.push_back(std::move(*answer));
                break;
            case ControlLine::Ok:
                reply.value = std::move(answer->text);
                return reply;
            case ControlLine::Error:
                return make_error(
                    control_error_from_name(answer->name).value_or(ControlError::Failed),
                    std::move(answer->text));
        }
    }
}

Result<std::string> ControlClient::get(const std::string& name) {
    return MINIKVM_TRY(ask({ControlVerb::Get, {name}, {}})).value;
}

Result<std::string> ControlClient::set(const std::string& name, const std::string& value) {
    return MINIKVM_TRY(ask({ControlVerb::Set, {name}, value})).value;
}

bool is_no_daemon(const Error& error) {
    return error.code == std::errc::no_such_file_or_directory ||
           error.code == std::errc::connection_refused;
}

}  // namespace minikvm
