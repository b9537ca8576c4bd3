// SPDX-License-Identifier: MIT
// Pump: pictures for those who want one, and no camera.

#include <utility>

#include <fmt/format.h>

#include "common/sealed_file.h"
#include "protocol/errors.h"
#include "v4l2-bridge/jpeg_encoder.h"
#include "v4l2-bridge/pump.h"

namespace minikvm {
namespace {

constexpr const char* kFileName = "minikvm-screenshot";

Result<Screenshot> screenshot_of(std::span<const std::uint8_t> jpeg, PictureSize size, Card card) {
    UniqueFd file = MINIKVM_TRY(make_sealed_file(kFileName, jpeg));
    return Screenshot{std::make_shared<const UniqueFd>(std::move(file)), size, card};
}

Result<Screenshot> draw_card(CardText text, PictureSize size) {
    text.clock = card_clock();
    StatusCard drawing(size);
    JpegEncoder encoder = MINIKVM_TRY(JpegEncoder::create(size));
    return screenshot_of(MINIKVM_TRY(encoder.encode(drawing.draw(text))), size, text.card);
}

/// Why there is no picture, as a sentence; `problem` is what went wrong before, if anything.
Error refusal(Card why, const std::string& problem) {
    switch (why) {
        case Card::NoStick:
            return {ControlError::NoDevice,
                    "screenshot: the stick's picture is not there: " +
                        (problem.empty() ? std::string("it is not plugged in") : problem)};
        case Card::NoSignal:
            return {ControlError::Failed, "screenshot: no screen signal comes from the target"};
        case Card::None:
        case Card::Starting:
        case Card::Stalled:
            break;
    }
    return {ControlError::Failed,
            problem.empty()
                ? fmt::format("screenshot: no picture has come from the stick within {:.1f} s",
                              std::chrono::duration<double>(ScreenshotRequests::kLongest).count())
                : "screenshot: " + problem};
}

}  // namespace

void Pump::take_screenshot(ScreenshotWish wish, ScreenshotReply reply) {
    screenshots_.add(wish, std::move(reply), time());
    if (choice_.wants_pictures() && state() == State::Idle) {
        start_stream();
    }
    settle_screenshots();
    look();  // a stream that has just begun may stall
    report();
}

/// Answers those for whom nothing will come any more.
void Pump::settle_screenshots() {
    if (screenshots_.empty()) {
        return;
    }
    if (state() == State::Absent) {
        refuse_screenshots(screenshots_.take_all(), Card::NoStick);
    } else if (!choice_.wants_pictures()) {
        refuse_screenshots(screenshots_.take_all(), Card::NoSignal);
    } else if (state() == State::Idle) {
        refuse_screenshots(screenshots_.take_all(), Card::Stalled);
    } else {
        refuse_screenshots(screenshots_.take_overdue(time()), Card::Stalled);
    }
    if (const auto deadline = screenshots_.deadline()) {
        screenshot_alarm_.arm_at(*deadline);
    }
}

void Pump::refuse_screenshots(const std::vector<ScreenshotRequest>& requests, Card why) {
    std::optional<Result<Screenshot>> card;  // one for all of them
    for (const ScreenshotRequest& request : requests) {
        if (request.wish == ScreenshotWish::Target) {
            request.reply(tl::unexpected<Error>(refusal(why, status_.error)));
            continue;
        }
        if (!card) {
            card = draw_card(card_text(why), cameras_->mode().video.size);
        }
        request.reply(*card);
    }
    rest_after_screenshots();
}

/// Those who wait get the stick's own JPEG; nobody decodes it for them.
void Pump::give_screenshots(const CapturedFrame& frame) {
    if (screenshots_.empty()) {
        return;
    }
    const Result<Screenshot> screenshot =
        screenshot_of(frame.bytes, capture_->mode().size, Card::None);
    for (const ScreenshotRequest& request : screenshots_.take_all()) {
        request.reply(screenshot);
    }
    rest_after_screenshots();
}

/// The stream goes on for a moment as after a viewer: the next screenshot of a series need not wait
/// for the stick to start.
void Pump::rest_after_screenshots() {
    if (!screenshots_.empty()) {
        return;
    }
    screenshot_alarm_.disarm();
    if (status_.viewers == 0) {
        start_again_.reset();
        linger_alarm_.arm_after(kLinger);
    }
}

}  // namespace minikvm
