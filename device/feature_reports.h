// SPDX-License-Identifier: MIT
// FeatureReports: a HID device's feature reports, set and got.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/result.h"

namespace minikvm {

/// Shape:   byte 0 of a report is its ID, 0 when the device numbers none.
/// Errors:  as Hidraw has them; a fake may give any.
/// Limits:  both calls block until the device has answered: 5 s when it does not.
class FeatureReports {
public:
    FeatureReports(const FeatureReports&) = delete;
    FeatureReports& operator=(const FeatureReports&) = delete;
    virtual ~FeatureReports() = default;

    virtual Result<void> set_feature(std::span<const std::uint8_t> report) = 0;

    /// Byte 0 of `report` says which; the answer is written over it. Returns the answer's length.
    virtual Result<std::size_t> get_feature(std::span<std::uint8_t> report) = 0;

protected:
    FeatureReports() = default;
};

}  // namespace minikvm
