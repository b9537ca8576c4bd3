// SPDX-License-Identifier: MIT
// The time that V4L2 calls monotonic, which is steady_clock's.

#pragma once

#include <sys/time.h>
#include <time.h>

namespace minikvm {

/// Thread: any thread.
inline timeval monotonic_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return {now.tv_sec, now.tv_nsec / 1000};
}

}  // namespace minikvm
