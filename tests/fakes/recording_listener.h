// SPDX-License-Identifier: MIT
// RecordingListener: what a sink has told of its reports.

#pragma once

#include <vector>

#include "device/hid_sink.h"

namespace minikvm {

struct RecordingListener final : HidSinkListener {
    void on_delivered(Delivery delivery) override { deliveries.push_back(delivery); }
    void on_ready() override {}
    void on_state_lost(Outage outage) override { outages.push_back(outage); }

    std::vector<Delivery> deliveries;
    std::vector<Outage> outages;
};

}  // namespace minikvm
