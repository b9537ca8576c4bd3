// SPDX-License-Identifier: MIT
// CardShow: shows a card on a camera for as long as there is one to show.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "common/event_loop.h"
#include "v4l2-bridge/status_card.h"

namespace minikvm {

/// The user's time of day, as cards have it.
std::string card_clock();

/// Shape:   show() whenever something may have changed, and at next_time(): draws the card when it
///          is another one or its time has come, and does nothing else. None puts the drawing's
///          memory away.
/// Errors:  what showing gives.
/// Thread:  the thread that made it.
class CardShow final {
public:
    /// Twice a second: a viewer hears of it within its time limits, and a clock has each second.
    static constexpr std::chrono::milliseconds kInterval{500};

    using ShowPicture = std::function<Result<void>(const DrawnPicture& picture)>;

    /// The clock of `text` is of no matter: it is the time of day here.
    Result<void> show(CardText text, PictureSize size, TimePoint now, const ShowPicture& show);

    std::optional<TimePoint> next_time() const;

    Card card() const { return shown_.card; }

private:
    CardText shown_;
    TimePoint shown_at_;
    std::optional<StatusCard> drawing_;
};

}  // namespace minikvm
