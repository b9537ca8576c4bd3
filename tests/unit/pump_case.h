// SPDX-License-Identifier: MIT
// PumpCase: a pump between a stick and viewers that are not there, by a clock that is moved by
// hand.

#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/fake_cameras.h"
#include "tests/fakes/fake_stick.h"
#include "tests/unit/jpeg_samples.h"
#include "v4l2-bridge/pump.h"

namespace minikvm {

class PumpCase : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(pump_.start()); }

    void plug() { pump_.attach("/dev/video7"); }
    void watch(unsigned viewers) { audience_.watch(viewers); }

    /// Lets time pass, and what is due happen in it.
    void pass(std::chrono::milliseconds time) {
        const TimePoint end = now_ + time;
        while (wake_at_ && *wake_at_ <= end) {
            now_ = std::max(now_, *std::exchange(wake_at_, std::nullopt));
            alarms_.ring();
        }
        now_ = end;
    }

    void frame(const test::Bytes& jpeg) {
        ASSERT_TRUE(stick_.streaming);
        stick_.waiting = CapturedFrame{.bytes = jpeg};
        on_readable_();
        EXPECT_EQ(stick_.held, 0);
    }
    void picture() { frame(picture_); }

    /// So many pictures, 100 ms apart.
    void pictures(int number) {
        for (int sent = 0; sent < number; ++sent) {
            picture();
            pass(std::chrono::milliseconds(100));
        }
    }

    /// As it is told a second later, since counters are told no more often.
    VideoStatus status() {
        pass(std::chrono::seconds(1));
        return status_;
    }

    std::vector<Result<Screenshot>>& take_screenshot(ScreenshotWish wish = ScreenshotWish::Target) {
        pump_.take_screenshot(wish, [this](const auto& taken) { screenshots_.push_back(taken); });
        return screenshots_;
    }

    TimePoint now_ = TimePoint(std::chrono::hours(1));
    std::optional<TimePoint> wake_at_;
    Alarms alarms_{[this] { return now_; },
                   [this](std::optional<TimePoint> deadline) { wake_at_ = deadline; }};
    FakeStick stick_;
    FakeAudience audience_;
    std::function<void()> on_readable_;
    VideoStatus status_;
    int told_ = 0;
    std::vector<std::string> resets_;
    std::vector<Result<Screenshot>> screenshots_;
    const test::Bytes picture_ = test::console_jpeg({64, 48});
    const test::Bytes filler_ = test::uniform_jpeg({64, 48}, 0);

    Pump pump_{{alarms_,
                [this](int /*fd*/, std::function<void()> on_readable) {
                    on_readable_ = std::move(on_readable);
                    return Result<Watch>(Watch());
                },
                [this](const auto& node, const auto& wish, auto limit) {
                    return stick_.open_stream(node, wish, limit);
                }},
               {.id = "desk", .mode = audience_.mode},
               std::make_unique<FakeCameras>(audience_),
               {[this](VideoStatus status) {
                    status_ = std::move(status);
                    ++told_;
                },
                [this](const std::string& node) { resets_.push_back(node); }}};
};

}  // namespace minikvm
