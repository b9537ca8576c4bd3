// SPDX-License-Identifier: MIT
// ScreenshotRequests: who waits for a picture of the target's screen. No I/O, no clock.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/screenshot_wish.h"
#include "v4l2-bridge/status_card.h"
#include "v4l2-bridge/video_mode.h"

namespace minikvm {

struct Screenshot {
    std::shared_ptr<const UniqueFd> file;  // a JPEG, sealed
    PictureSize size;
    Card card = Card::None;  // which it is, instead of the target's screen
};

/// Called exactly once. Errors: a ControlError whose context is the whole sentence for a client.
using ScreenshotReply = std::function<void(const Result<Screenshot>& screenshot)>;

struct ScreenshotRequest {
    ScreenshotWish wish = ScreenshotWish::Target;
    ScreenshotReply reply;
    TimePoint deadline;
};

/// Shape:   add() each; take() those who are to be answered now, who then wait no more.
/// Limits:  nobody waits longer than kLongest.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 2.5, point 3, and 2.6: a first picture may take a second, and half a
///          second of filler.
class ScreenshotRequests final {
public:
    static constexpr std::chrono::milliseconds kLongest{3500};

    void add(ScreenshotWish wish, ScreenshotReply reply, TimePoint now);

    bool empty() const { return waiting_.empty(); }

    /// When the first has waited for too long; nothing while nobody waits.
    std::optional<TimePoint> deadline() const;

    std::vector<ScreenshotRequest> take_all();
    std::vector<ScreenshotRequest> take_overdue(TimePoint now);

private:
    std::vector<ScreenshotRequest> waiting_;  // the first to come first
};

}  // namespace minikvm
