// SPDX-License-Identifier: MIT
// Hidraw: feature reports over a /dev/hidrawN node.

#pragma once

#include <memory>
#include <string>

#include "common/unique_fd.h"
#include "device/feature_reports.h"

namespace minikvm {

/// Errors:  open: what open(2) gives. Reports: EPIPE when the device refuses one, ETIMEDOUT when it
///          does not answer, ENODEV once it is gone.
/// Limits:  a report is a synchronous control transfer: it blocks up to 5 s. Another opener of the
///          node can come between set_feature() and get_feature(): check what the answer echoes.
/// Thread:  the thread that made it.
/// Source:  kernel drivers/hid/usbhid/hid-core.c, usbhid_get_raw_report(); docs/hardware.md 3.1.
class Hidraw final : public FeatureReports {
public:
    static Result<std::unique_ptr<FeatureReports>> open(const std::string& node);

    Result<void> set_feature(std::span<const std::uint8_t> report) override;
    Result<std::size_t> get_feature(std::span<std::uint8_t> report) override;

private:
    explicit Hidraw(UniqueFd fd) : fd_(std::move(fd)) {}

    UniqueFd fd_;
};

}  // namespace minikvm
