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
    const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    if (error != 0) {
        return errno_error(-error, "hold back signals");
    }
    UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals) {
        return errno_error("wait for signals");
    }
    return Interruption(std::move(signals));
}

}  // namespace minikvm
