// SPDX-License-Identifier: MIT
// RegisterPoller: which register is read when, and what is known of the chip meanwhile.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/result.h"
#include "device/feature_reports.h"
#include "device/ms2109_chip.h"
#include "device/register_snapshot.h"

namespace minikvm {

using OpenReports = std::function<Result<std::unique_ptr<FeatureReports>>(const std::string& node)>;

/// Shape:   attach() a node, then step() once a second; snapshot() is what is known then.
///          The first step opens the node and reads all. Then the HDMI bit and the slide are read
///          in turn, the mode at every other turn of the HDMI bit, and the switch cell, which is
///          not ours alone, at every fourth. A change of the HDMI bit reads all at once.
///          While it rests, since nobody looks, the mode is read at every 32nd.
/// Errors:  what goes wrong is in the snapshot. A chip that is not gone is tried again at each
///          step, the first time with all of it read again.
/// Limits:  blocks as Ms2109Chip does. Without a signal a step reads one register, two at every
///          eighth; a mode is 8 while it stays as it was, and 24 once it has changed.
/// Thread:  the thread that made it.
class RegisterPoller final {
public:
    explicit RegisterPoller(OpenReports open) : open_(std::move(open)) {}

    void attach(const std::string& node, CaptureModel model = CaptureModel::Ms2109);
    void detach();
    void step();

    /// Reads the HDMI bit now, beside the steps and their turns.
    void look();

    /// The first step after a rest reads mode and switch as well, which are seldom read in it.
    void rest(bool rests);

    /// Errors: ENODEV when no chip is open, otherwise as Ms2109Chip::select.
    Result<SwitchChange> select(SwitchPosition position);

    const RegisterSnapshot& snapshot() const { return snapshot_; }

private:
    Result<void> open();
    Result<void> read_all();
    Result<void> read_next();
    Result<bool> follow_hdmi();
    void conclude(const Result<void>& done);
    Result<void> read_hdmi();
    Result<void> read_mode();
    Result<void> read_slide();
    Result<void> read_switch();

    OpenReports open_;
    std::string node_;
    CaptureModel model_ = CaptureModel::Ms2109;
    std::optional<Ms2109Chip> chip_;
    RegisterSnapshot snapshot_;
    unsigned turn_ = 0;
    bool rests_ = false;
    bool rested_ = false;  // and mode and switch were not read since
};

}  // namespace minikvm
