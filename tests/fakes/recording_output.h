// SPDX-License-Identifier: MIT
// RecordingOutput: a camera's output that remembers what viewers would have seen.

#pragma once

#include <cstdint>
#include <vector>

#include "v4l2-bridge/frame_output.h"

namespace minikvm {

/// How v4l2loopback takes pictures: into mapped buffers (0.13 and later) or by write() (0.12.7).
enum class Taking { Mapped, Written };

class RecordingOutput final : public FrameOutput {
public:
    RecordingOutput(Taking taking, std::size_t room_bytes)
        : taking_(taking), room_(taking == Taking::Mapped ? room_bytes : 0) {}

    Result<void> show(std::span<const std::uint8_t> picture, timeval timestamp) override {
        ++copies;
        return take(picture, timestamp);
    }
    std::span<std::uint8_t> room() override { return room_; }
    Result<void> show_made(std::size_t size_bytes, timeval timestamp) override {
        return take(std::span(room_).first(size_bytes), timestamp);
    }
    std::span<const std::uint8_t> newest() const override {
        return taking_ == Taking::Mapped ? std::span(shown) : std::span<const std::uint8_t>();
    }
    Result<void> repeat(timeval timestamp) override {
        ++repeats;
        return take(std::vector(shown), timestamp);
    }
    Result<void> refresh(timeval /*timestamp*/) override { return {}; }

    std::vector<std::uint8_t> shown;  // last
    unsigned pictures = 0;
    unsigned copies = 0;
    unsigned repeats = 0;
    timeval shown_at{};
    bool is_gone = false;

private:
    Result<void> take(std::span<const std::uint8_t> picture, timeval timestamp) {
        if (is_gone) {
            return make_error(std::make_error_code(std::errc::no_such_device), "show");
        }
        shown.assign(picture.begin(), picture.end());
        shown_at = timestamp;
        ++pictures;
        return {};
    }

    Taking taking_;
    std::vector<std::uint8_t> room_;
};

}  // namespace minikvm
