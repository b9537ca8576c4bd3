// SPDX-License-Identifier: MIT
// ProgressBar: how far a long command is, on a terminal.

#pragma once

#include <cstddef>
#include <string>

namespace minikvm {

/// Shape:   show() as often as wished; it draws ten times a second at most. Destruction removes it.
/// Limits:  draws only where standard error is a terminal.
/// Thread:  main.
class ProgressBar final {
public:
    ProgressBar(std::size_t total, std::string unit);
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ~ProgressBar();

    void show(std::size_t done);

private:
    std::size_t total_;
    std::string unit_;
    bool on_terminal_;
    bool drawn_ = false;
    long long last_tenth_ = 0;  // of a second, when it was drawn
};

}  // namespace minikvm
