// SPDX-License-Identifier: MIT
// TerminalScreen: a terminal that is drawn on, and given back as it was.

#pragma once

#include <termios.h>

#include <cstddef>
#include <string_view>

#include "common/result.h"

namespace minikvm {

/// Shape:   take() it, show() whole screens; destruction puts everything back. Keys come one by one
///          and unseen on standard input; Ctrl-C is still a signal, Ctrl-Z nothing.
/// Errors:  take: ENOTTY where standard input or output is no terminal.
/// Limits:  ECMA-48 and xterm's second screen, as every terminal of Debian has them. Not ncurses:
///          screens are redrawn as a whole once a second, for which its library and its database
///          of terminals would have to be there.
/// Thread:  main.
class TerminalScreen final {
public:
    static Result<TerminalScreen> take();
    TerminalScreen(TerminalScreen&& other) noexcept;
    TerminalScreen& operator=(TerminalScreen&&) = delete;
    TerminalScreen(const TerminalScreen&) = delete;
    TerminalScreen& operator=(const TerminalScreen&) = delete;
    ~TerminalScreen();

    static std::size_t columns();

    /// Replaces what is shown; lines that do not fit are left out.
    void show(std::string_view text) const;

private:
    explicit TerminalScreen(const termios& before) : before_(before), taken_(true) {}

    termios before_;
    bool taken_;
};

}  // namespace minikvm
