// SPDX-License-Identifier: MIT
// Class-specific VideoStreaming descriptors, read.

#include "sim/ms2109/video_formats.h"

#include "sim/ms2109/number_at.h"
#include "sim/usb_descriptors.h"

namespace minikvm::sim {
namespace {

// USB Video Class 1.0: table A-4 (types), A-6 (subtypes), and 3.9.2 for the frames' fields.
constexpr std::uint8_t kInterface = 0x04;
constexpr std::uint8_t kClassInterface = 0x24;
constexpr std::uint8_t kVideoClass = 0x0e;
constexpr std::uint8_t kStreamingSubclass = 0x02;
constexpr std::uint8_t kFormatUncompressed = 0x04;
constexpr std::uint8_t kFrameUncompressed = 0x05;
constexpr std::uint8_t kFormatMjpeg = 0x06;
constexpr std::uint8_t kFrameMjpeg = 0x07;

constexpr std::size_t kMjpegDefaultFrameAt = 6;
constexpr std::size_t kUncompressedDefaultFrameAt = 22;
constexpr std::size_t kWidthAt = 5;
constexpr std::size_t kHeightAt = 7;
constexpr std::size_t kDefaultIntervalAt = 21;
constexpr std::size_t kIntervalCountAt = 25;
constexpr std::size_t kIntervalsAt = 26;
constexpr std::size_t kIntervalBytes = 4;

VideoFrameSize parse_frame(std::span<const std::uint8_t> bytes) {
    VideoFrameSize size;
    size.index = bytes[3];
    size.width_px = number_at(bytes, kWidthAt, 2);
    size.height_px = number_at(bytes, kHeightAt, 2);
    size.default_interval = number_at(bytes, kDefaultIntervalAt, kIntervalBytes);
    for (std::size_t i = 0; i < bytes[kIntervalCountAt]; ++i) {
        const std::size_t at = kIntervalsAt + i * kIntervalBytes;
        if (at + kIntervalBytes <= bytes.size()) {
            size.intervals.push_back(number_at(bytes, at, kIntervalBytes));
        }
    }
    return size;
}

void add(std::vector<VideoFormat>& formats, std::span<const std::uint8_t> bytes) {
    switch (bytes[2]) {
        case kFormatMjpeg:
            formats.push_back({bytes[3], PixelFormat::Mjpeg, bytes[kMjpegDefaultFrameAt], {}});
            break;
        case kFormatUncompressed:
            formats.push_back(
                {bytes[3], PixelFormat::Yuyv, bytes[kUncompressedDefaultFrameAt], {}});
            break;
        case kFrameMjpeg:
        case kFrameUncompressed:
            if (!formats.empty() && bytes.size() > kIntervalsAt) {
                formats.back().sizes.push_back(parse_frame(bytes));
            }
            break;
        default:
            break;
    }
}

}  // namespace

std::vector<VideoFormat> parse_video_formats(std::span<const std::uint8_t> configuration) {
    std::vector<VideoFormat> formats;
    const auto views = split_descriptors(configuration);
    bool streaming = false;
    for (const DescriptorView& view : views.value_or(std::vector<DescriptorView>())) {
        if (view.type() == kInterface) {
            streaming = view.bytes[5] == kVideoClass && view.bytes[6] == kStreamingSubclass;
        } else if (streaming && view.type() == kClassInterface) {
            add(formats, view.bytes);
        }
    }
    return formats;
}

}  // namespace minikvm::sim
