// SPDX-License-Identifier: MIT
// Drawing cards in time.

#include "v4l2-bridge/card_show.h"

#include <time.h>

#include <fmt/format.h>

namespace minikvm {

std::string card_clock() {
    const std::time_t seconds = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

Result<void> CardShow::show(CardText text, PictureSize size, TimePoint now,
                            const ShowPicture& show) {
    text.clock = shown_.clock;
    if (text.card == Card::None) {
        shown_ = {};
        drawing_.reset();
        return {};
    }
    if (text == shown_ && now < shown_at_ + kInterval) {
        return {};
    }
    if (!drawing_ || drawing_->size() != size) {
        drawing_.emplace(size);
    }
    text.clock = card_clock();
    shown_ = std::move(text);
    shown_at_ = now;
    return show(drawing_->draw(shown_));
}

std::optional<TimePoint> CardShow::next_time() const {
    return shown_.card == Card::None ? std::nullopt : std::optional(shown_at_ + kInterval);
}

}  // namespace minikvm
