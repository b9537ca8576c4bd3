// SPDX-License-Identifier: MIT
// One line there, the answer back.

#include "sim/stick/ctl.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/unix_socket.h"

namespace minikvm::sim {
namespace {

constexpr timeval kAnswerTime{10, 0};  // a simulator answers within milliseconds
constexpr std::string_view kOk = "ok\n";
constexpr std::string_view kErrorWord = "error ";

// Where the answer's last line begins, when it is there.
std::size_t last_line(std::string_view text) {
    if (!text.ends_with('\n')) {
        return std::string_view::npos;
    }
    const std::size_t before = text.substr(0, text.size() - 1).rfind('\n');
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view line = text.substr(begin);
    return line == kOk || line.starts_with(kErrorWord) ? begin : std::string_view::npos;
}

}  // namespace

Result<std::string> send_command(const std::string& control_socket,
                                 const std::vector<std::string>& words) {
    const UniqueFd socket = MINIKVM_TRY(connect_unix(control_socket, SocketType::Stream));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kAnswerTime, sizeof(kAnswerTime));
    const std::string request = fmt::format("{}\n", fmt::join(words, " "));
    if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return errno_error("send to " + control_socket);
    }
    std::string answer;
    std::array<char, 4096> bytes{};
    while (last_line(answer) == std::string::npos) {
        const ssize_t count = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
        if (count == 0) {
            return make_error(std::make_error_code(std::errc::connection_reset),
                              control_socket + ": no answer");
        }
        if (count < 0) {
            return errno_error(control_socket + ": wait for the answer");
        }
        answer.append(bytes.data(), static_cast<std::size_t>(count));
    }
    const std::string ending = answer.substr(last_line(answer));
    if (ending != kOk) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          ending.substr(kErrorWord.size(), ending.size() - kErrorWord.size() - 1));
    }
    return answer.substr(0, answer.size() - kOk.size());
}

}  // namespace minikvm::sim
