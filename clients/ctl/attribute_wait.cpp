// SPDX-License-Identifier: MIT
// A watch with an end.

#include "clients/ctl/attribute_wait.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace minikvm {
namespace {

using SteadyClock = std::chrono::steady_clock;

// False when the deadline is there first.
Result<bool> wait_for_change(const ControlClient& client, SteadyClock::time_point deadline) {
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
        pollfd ready{client.fd(), POLLIN, 0};
        const int count =
            ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (count >= 0) {
            return count > 0;
        }
        if (errno != EINTR) {
            return errno_error("wait for changes");
        }
    }
}

}  // namespace

Result<std::string> wait_for_value(ControlClient& client, const std::string& name,
                                   const std::function<bool(const std::string&)>& enough,
                                   std::chrono::milliseconds longest) {
    const SteadyClock::time_point deadline = SteadyClock::now() + longest;
    const ControlReply now = MINIKVM_TRY(client.ask({ControlVerb::Watch, {name}, {}}));
    std::string value = now.items.empty() ? std::string() : now.items.front().text;
    while (!enough(value)) {
        const std::optional<ControlAnswer> change = MINIKVM_TRY(client.take_change());
        if (change) {
            value = change->name == name ? change->text : value;
        } else if (MINIKVM_TRY(wait_for_change(client, deadline))) {
            MINIKVM_TRY(client.receive());
        } else {
            break;
        }
    }
    return value;
}

}  // namespace minikvm
