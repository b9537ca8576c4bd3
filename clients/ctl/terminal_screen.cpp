// SPDX-License-Identifier: MIT
// Terminals, by termios(3) and ECMA-48.

#include "clients/ctl/terminal_screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

constexpr std::string_view kSecondScreen = "\x1b[?1049h\x1b[?25l";  // and no cursor
constexpr std::string_view kFirstScreen = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kEraseRestOfLine = "\x1b[K";
constexpr std::string_view kEraseBelow = "\x1b[J";

winsize size_now() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        size = {24, 80, 0, 0};  // a serial terminal says nothing
    }
    return size;
}

void write_out(std::string_view text) {
    fmt::print(stdout, "{}", text);
    static_cast<void>(std::fflush(stdout));
}

}  // namespace

Result<TerminalScreen> TerminalScreen::take() {
    termios before{};
    if (::tcgetattr(STDIN_FILENO, &before) != 0 || ::isatty(STDOUT_FILENO) == 0) {
        return errno_error(-ENOTTY, "draw");
    }
    termios keys = before;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VSUSP] = _POSIX_VDISABLE;
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    if (::tcsetattr(STDIN_FILENO, TCSANOW, &keys) != 0) {
        return errno_error("take the terminal");
    }
    write_out(kSecondScreen);
    return TerminalScreen(before);
}

TerminalScreen::TerminalScreen(TerminalScreen&& other) noexcept
    : before_(other.before_), taken_(std::exchange(other.taken_, false)) {
}

TerminalScreen::~TerminalScreen() {
    if (taken_) {
        write_out(kFirstScreen);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
}

std::size_t TerminalScreen::columns() {
    return size_now().ws_col;
}

void TerminalScreen::show(std::string_view text) const {
    std::string screen(kHome);
    for (int lines = size_now().ws_row; !text.empty() && lines > 0; --lines) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        screen.append(text.substr(0, end)).append(kEraseRestOfLine);
        text.remove_prefix(std::min(end + 1, text.size()));
        // No line end behind the last line: it would scroll.
        screen += text.empty() || lines == 1 ? "" : "\r\n";
    }
    write_out(screen.append(kEraseBelow));
}

}  // namespace minikvm
