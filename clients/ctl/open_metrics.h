// SPDX-License-Identifier: MIT
// The sticks' values as OpenMetrics text.

#pragma once

#include <string>
#include <vector>

#include "clients/ctl/stick_values.h"

namespace minikvm {

struct MeasuredStick {
    std::string id;
    StickValues values;
};

/// A whole exposition, from the first family to "# EOF". Families stand in a fixed order, those
/// without a sample included; a value that is not known now has no sample.
/// Source: OpenMetrics 1.0, prometheus.io/docs/specs/om/open_metrics_spec.
std::string open_metrics(const std::vector<MeasuredStick>& sticks);

}  // namespace minikvm
