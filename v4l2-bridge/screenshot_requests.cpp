// SPDX-License-Identifier: MIT
// Who waits for a picture of the target's screen.

#include "v4l2-bridge/screenshot_requests.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace minikvm {

void ScreenshotRequests::add(ScreenshotWish wish, ScreenshotReply reply, TimePoint now) {
    waiting_.push_back({wish, std::move(reply), now + kLongest});
}

std::optional<TimePoint> ScreenshotRequests::deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.front().deadline);
}

std::vector<ScreenshotRequest> ScreenshotRequests::take_all() {
    return std::exchange(waiting_, {});
}

std::vector<ScreenshotRequest> ScreenshotRequests::take_overdue(TimePoint now) {
    const auto first_in_time = std::ranges::find_if(
        waiting_, [now](const ScreenshotRequest& request) { return now < request.deadline; });
    std::vector<ScreenshotRequest> overdue(std::make_move_iterator(waiting_.begin()),
                                           std::make_move_iterator(first_in_time));
    waiting_.erase(waiting_.begin(), first_in_time);
    return overdue;
}

}  // namespace minikvm
