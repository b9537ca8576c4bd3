// SPDX-License-Identifier: MIT
// UvcControl: the picture's settings, with the negotiation of a stream.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/ms2109/video_formats.h"
#include "sim/picture/stream_format.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

inline constexpr std::size_t kProbeBytes = 26;  // of UVC 1.0

/// What probe and commit speak of, as indices of the descriptors.
struct StreamChoice {
    std::uint8_t format_index = 0;
    std::uint8_t frame_index = 0;
    std::uint32_t interval = 0;  // 100 ns
};

/// Shape:   requests in, replies out; nothing happens by itself.
/// Errors:  what the chip does not have stalls.
/// Thread:  the thread that made it.
/// Source:  USB Video Class 1.0, 4.2.2.3 and 4.3.1.1; the values: hardware.md 8.1.
class UvcControl final {
public:
    /// `bulk_payload_bytes`: of a chip that streams in bulk; 0 for one that has packets to choose.
    explicit UvcControl(std::vector<VideoFormat> formats, std::size_t bulk_payload_bytes = 0);

    /// Requests to the VideoControl interface: brightness, contrast, hue, saturation.
    ControlReply video_control(const SetupPacket& setup, std::span<const std::uint8_t> data);

    /// Requests to the VideoStreaming interface: probe, commit.
    ControlReply streaming(const SetupPacket& setup, std::span<const std::uint8_t> data);

    StreamFormat committed() const { return format_of(committed_); }
    std::size_t max_payload_bytes() const { return max_payload_bytes(committed_); }

private:
    struct PictureSetting {
        std::uint8_t selector;
        std::int16_t minimum;
        std::int16_t maximum;
        std::int16_t preset;
        std::int16_t value;
    };

    ControlReply setting_request(const SetupPacket& setup, PictureSetting& setting,
                                 std::span<const std::uint8_t> data);
    StreamChoice nearest(const StreamChoice& wanted) const;
    StreamFormat format_of(const StreamChoice& choice) const;
    std::size_t max_payload_bytes(const StreamChoice& choice) const;
    std::vector<std::uint8_t> block(const StreamChoice& choice) const;

    std::vector<VideoFormat> formats_;
    std::size_t bulk_payload_bytes_;
    StreamChoice probed_;
    StreamChoice committed_;
    std::array<PictureSetting, 4> settings_;
};

}  // namespace minikvm::sim
