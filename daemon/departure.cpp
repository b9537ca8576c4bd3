// SPDX-License-Identifier: MIT
// When to leave.

#include "daemon/departure.h"

namespace minikvm {

void Departure::update(const Attachments& attachments, TimePoint now) {
    const bool needed = attachments.stick_plugged || attachments.viewers > 0 ||
                        attachments.sink_openers > 0 || attachments.clients > 0;
    if (needed) {
        deadline_.reset();
    } else if (!deadline_) {
        deadline_ = now + kLinger;
    }
}

}  // namespace minikvm
