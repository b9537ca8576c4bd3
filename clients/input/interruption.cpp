// SPDX-License-Identifier: MIT
// Signals by descriptor.

#include "clients/input/interruption.h"

#include <signal.h>
#include <sys/signalfd.h>

namespace minikvm {

Result<Interruption> Interruption::create() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        sigaddset(&set, number);
    }
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) {
        return errno_error("hold back signals");
    }
    UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals) {
        return errno_error("wait for signals");
    }
    return Interruption(std::move(signals));
}

}  // namespace minikvm
