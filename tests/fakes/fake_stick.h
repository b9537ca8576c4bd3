// SPDX-License-Identifier: MIT
// FakeStick: a stick's stream of JPEGs, which does what a test says.

#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "v4l2-bridge/stick_stream.h"

namespace minikvm {

/// The stick, which outlives what is opened on it.
struct FakeStick {
    std::vector<VideoMode> offered = {{{1920, 1080}, 30}, {{1280, 720}, 60}, {{640, 480}, 30}};
    std::optional<std::errc> start_fails_with;
    std::optional<std::errc> take_fails_with;
    std::optional<CapturedFrame> waiting;

    unsigned open = 0;       // streams
    bool streaming = false;  //
    unsigned starts = 0;     //
    int held = 0;            // frames that were taken and not given back
    FrameCounters counters;  //

    Result<std::unique_ptr<StickStream>> open_stream(const std::string& node, const ModeWish& wish,
                                                     std::uint64_t limit_pixels_per_second);
};

class FakeStickStream final : public StickStream {
public:
    FakeStickStream(FakeStick& stick, std::string node, VideoMode mode)
        : stick_(stick), node_(std::move(node)), mode_(mode) {
        ++stick_.open;
    }
    FakeStickStream(const FakeStickStream&) = delete;
    FakeStickStream& operator=(const FakeStickStream&) = delete;
    ~FakeStickStream() override { --stick_.open; }

    const VideoMode& mode() const override { return mode_; }
    int fd() const override { return -1; }
    const std::string& node() const override { return node_; }
    std::span<const VideoMode> offered() const override { return stick_.offered; }

    Result<void> stream_on() override {
        ++stick_.starts;
        if (stick_.start_fails_with) {
            return make_error(std::make_error_code(*stick_.start_fails_with), "start the stream");
        }
        stick_.streaming = true;
        return {};
    }
    void stream_off() override { stick_.streaming = false; }

    Result<std::optional<CapturedFrame>> take_newest() override {
        if (stick_.take_fails_with) {
            return make_error(std::make_error_code(*stick_.take_fails_with), "take a frame");
        }
        stick_.held += stick_.waiting ? 1 : 0;
        return std::exchange(stick_.waiting, std::nullopt);
    }
    Result<void> give_back(std::uint32_t /*index*/) override {
        --stick_.held;
        return {};
    }

    const FrameCounters& counters() const override { return stick_.counters; }

private:
    FakeStick& stick_;
    std::string node_;
    VideoMode mode_;
};

inline Result<std::unique_ptr<StickStream>> FakeStick::open_stream(
    const std::string& node, const ModeWish& wish, std::uint64_t limit_pixels_per_second) {
    const auto mode = choose_mode(offered, wish, limit_pixels_per_second);
    if (!mode) {
        return make_error(std::make_error_code(std::errc::protocol_error), "open " + node);
    }
    return std::make_unique<FakeStickStream>(*this, node, *mode);
}

}  // namespace minikvm
