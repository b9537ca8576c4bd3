// SPDX-License-Identifier: MIT
// One line that is drawn over itself.

#include "clients/ctl/progress_bar.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

constexpr std::size_t kWidth = 30;

long long tenth_now() {
    using Tenths = std::chrono::duration<long long, std::deci>;
    return std::chrono::duration_cast<Tenths>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

ProgressBar::ProgressBar(std::size_t total, std::string unit)
    : total_(total), unit_(std::move(unit)), on_terminal_(::isatty(STDERR_FILENO) == 1) {
}

ProgressBar::~ProgressBar() {
    if (drawn_) {
        fmt::print(stderr, "\r\x1b[K");  // erases the line (ECMA-48, EL)
    }
}

void ProgressBar::show(std::size_t done) {
    const long long now = tenth_now();
    if (!on_terminal_ || total_ == 0 || now == last_tenth_) {
        return;
    }
    last_tenth_ = now;
    drawn_ = true;
    const std::size_t filled = kWidth * done / total_;
    fmt::print(stderr, "\r[{}{}] {} of {} {}", std::string(filled, '#'),
               std::string(kWidth - filled, ' '), done, total_, unit_);
    static_cast<void>(std::fflush(stderr));
}

}  // namespace minikvm
