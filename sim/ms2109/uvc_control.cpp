// SPDX-License-Identifier: MIT
// UVC requests of a capture chip.

#include "sim/ms2109/uvc_control.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <optional>

#include "sim/ms2109/descriptors.h"
#include "sim/ms2109/number_at.h"

namespace minikvm::sim {
namespace {

// UVC 1.0, tables A-8 (requests), A-12 and A-14 (selectors).
constexpr std::uint8_t kSetCur = 0x01;
constexpr std::uint8_t kGetCur = 0x81;
constexpr std::uint8_t kGetMin = 0x82;
constexpr std::uint8_t kGetMax = 0x83;
constexpr std::uint8_t kGetRes = 0x84;
constexpr std::uint8_t kGetLen = 0x85;
constexpr std::uint8_t kGetInfo = 0x86;
constexpr std::uint8_t kGetDef = 0x87;
constexpr std::uint8_t kProbe = 1;
constexpr std::uint8_t kCommit = 2;
constexpr std::uint8_t kBrightness = 2;
constexpr std::uint8_t kContrast = 3;
constexpr std::uint8_t kHue = 6;
constexpr std::uint8_t kSaturation = 7;

constexpr std::uint8_t kGettableAndSettable = 0x03;
constexpr std::chrono::nanoseconds kIntervalUnit{100};

// The packets of the three alternate settings (hardware.md 1.3).
constexpr std::array<std::size_t, 3> kPayloadBytes = {800, 2048, 3072};
constexpr double kMicroframesPerSecond = 8000;
constexpr double kYuyvBytesPerPixel = 2;
// How much room a JPEG gets; which alternate setting the real firmware asks for is unknown
// (hardware.md 2.7). With this, 1080p30 and 720p60 take the largest, 640x480 at 30 the smallest.
constexpr double kMjpegBytesPerPixel = 0.4;

std::vector<std::uint8_t> little_endian(std::uint32_t value, std::size_t bytes) {
    std::vector<std::uint8_t> result;
    for (std::size_t i = 0; i < bytes; ++i) {
        result.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    return result;
}

template <typename Items>
const typename Items::value_type& by_index_or(const Items& items, std::uint8_t index,
                                              std::uint8_t otherwise) {
    const auto find = [&items](std::uint8_t wanted) {
        return std::find_if(items.begin(), items.end(),
                            [wanted](const auto& item) { return item.index == wanted; });
    };
    const auto found = find(index);
    const auto fallback = find(otherwise);
    assert(fallback != items.end());
    return found != items.end() ? *found : *fallback;
}

}  // namespace

UvcControl::UvcControl(std::vector<VideoFormat> formats, std::size_t bulk_payload_bytes)
    : formats_(std::move(formats)),
      bulk_payload_bytes_(bulk_payload_bytes),
      settings_({{
          {kBrightness, -128, 127, -11, -11},
          {kContrast, 0, 255, 148, 148},
          {kHue, -128, 127, 0, 0},
          {kSaturation, 0, 255, 180, 180},
      }}) {
    probed_ = nearest(StreamChoice());
    committed_ = probed_;
}

ControlReply UvcControl::video_control(const SetupPacket& setup,
                                       std::span<const std::uint8_t> data) {
    const auto selector = static_cast<std::uint8_t>(setup.value >> 8);
    const auto setting =
        std::find_if(settings_.begin(), settings_.end(),
                     [selector](const PictureSetting& s) { return s.selector == selector; });
    if (setup.index >> 8 != kProcessingUnit || setting == settings_.end()) {
        return ControlReply::stall();
    }
    return setting_request(setup, *setting, data);
}

ControlReply UvcControl::setting_request(const SetupPacket& setup, PictureSetting& setting,
                                         std::span<const std::uint8_t> data) {
    const auto answer = [](int value) {
        return ControlReply::answer(little_endian(static_cast<std::uint32_t>(value), 2));
    };
    switch (setup.request) {
        case kSetCur:
            if (data.size() < 2) {
                return ControlReply::stall();
            }
            setting.value = std::clamp(static_cast<std::int16_t>(number_at(data, 0, 2)),
                                       setting.minimum, setting.maximum);
            return ControlReply::done();
        case kGetCur:
            return answer(setting.value);
        case kGetMin:
            return answer(setting.minimum);
        case kGetMax:
            return answer(setting.maximum);
        case kGetRes:
            return answer(1);
        case kGetDef:
            return answer(setting.preset);
        case kGetLen:
            return answer(2);
        case kGetInfo:
            return ControlReply::answer({kGettableAndSettable});
        default:
            return ControlReply::stall();
    }
}

ControlReply UvcControl::streaming(const SetupPacket& setup, std::span<const std::uint8_t> data) {
    const auto selector = static_cast<std::uint8_t>(setup.value >> 8);
    if (selector != kProbe && selector != kCommit) {
        return ControlReply::stall();
    }
    switch (setup.request) {
        case kSetCur:
            if (data.size() < 8) {
                return ControlReply::stall();
            }
            probed_ = nearest({data[2], data[3], number_at(data, 4, 4)});
            committed_ = selector == kCommit ? probed_ : committed_;
            return ControlReply::done();
        case kGetCur:
        case kGetMin:
        case kGetMax:
            return ControlReply::answer(block(selector == kCommit ? committed_ : probed_));
        case kGetDef:
            return ControlReply::answer(block(nearest(StreamChoice())));
        case kGetLen:
            return ControlReply::answer(little_endian(kProbeBytes, 2));
        case kGetInfo:
            return ControlReply::answer({kGettableAndSettable});
        default:
            return ControlReply::stall();
    }
}

StreamChoice UvcControl::nearest(const StreamChoice& wanted) const {
    const VideoFormat& format = by_index_or(formats_, wanted.format_index, formats_.front().index);
    const VideoFrameSize& size =
        by_index_or(format.sizes, wanted.frame_index, format.default_frame);
    const std::uint32_t interval = wanted.interval != 0 ? wanted.interval : size.default_interval;
    const auto distance = [interval](std::uint32_t offered) {
        return std::abs(std::int64_t{offered} - std::int64_t{interval});
    };
    const auto best = std::min_element(
        size.intervals.begin(), size.intervals.end(),
        [&](std::uint32_t a, std::uint32_t b) { return distance(a) < distance(b); });
    return {format.index, size.index, *best};
}

StreamFormat UvcControl::format_of(const StreamChoice& choice) const {
    const VideoFormat& format = by_index_or(formats_, choice.format_index, formats_.front().index);
    const VideoFrameSize& size =
        by_index_or(format.sizes, choice.frame_index, format.default_frame);
    return {format.pixels, size.width_px, size.height_px, kIntervalUnit * choice.interval};
}

std::size_t UvcControl::max_payload_bytes(const StreamChoice& choice) const {
    if (bulk_payload_bytes_ != 0) {
        return bulk_payload_bytes_;
    }
    const StreamFormat format = format_of(choice);
    const double bytes_per_pixel =
        format.pixels == PixelFormat::Yuyv ? kYuyvBytesPerPixel : kMjpegBytesPerPixel;
    const double seconds = std::chrono::duration<double>(format.interval).count();
    const double wanted =
        format.width_px * format.height_px * bytes_per_pixel / seconds / kMicroframesPerSecond;
    const auto enough =
        std::find_if(kPayloadBytes.begin(), kPayloadBytes.end(),
                     [wanted](std::size_t bytes) { return static_cast<double>(bytes) >= wanted; });
    return enough != kPayloadBytes.end() ? *enough : kPayloadBytes.back();
}

// UVC 1.0, table 4-46.
std::vector<std::uint8_t> UvcControl::block(const StreamChoice& choice) const {
    constexpr std::size_t kIntervalAt = 4;
    constexpr std::size_t kMaxFrameBytesAt = 18;
    constexpr std::size_t kMaxPayloadBytesAt = 22;
    std::vector<std::uint8_t> bytes(kProbeBytes);
    const auto put = [&bytes](std::size_t at, std::size_t value) {
        const auto number = little_endian(static_cast<std::uint32_t>(value), 4);
        std::copy(number.begin(), number.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    };
    bytes[0] = 1;  // bmHint: the interval stays
    bytes[2] = choice.format_index;
    bytes[3] = choice.frame_index;
    put(kIntervalAt, choice.interval);
    put(kMaxFrameBytesAt, format_of(choice).yuyv_bytes());
    put(kMaxPayloadBytesAt, max_payload_bytes(choice));
    return bytes;
}

}  // namespace minikvm::sim
