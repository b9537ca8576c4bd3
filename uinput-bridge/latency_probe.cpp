// SPDX-License-Identifier: MIT
// One mark at a time.

#include "uinput-bridge/latency_probe.h"

#include <utility>

namespace minikvm {

void LatencyProbe::look(const InputProgress& said, const InputProgress& settled, TimePoint now) {
    const bool news = std::exchange(seen_, said) != said;
    if (news && !mark_ && !settled.reaches(said)) {
        mark_ = Mark{said, now};
    }
}

void LatencyProbe::on_settled(const Settlement& settlement, TimePoint now) {
    if (!mark_) {
        return;
    }
    if (settlement.delivery != Delivery::Acknowledged) {
        mark_.reset();
    } else if (settlement.to.reaches(mark_->said)) {
        window_.add(std::chrono::duration_cast<std::chrono::microseconds>(now - mark_->read));
        mark_.reset();
    }
}

}  // namespace minikvm
