// SPDX-License-Identifier: MIT
// The MS2109's functions behind its five interfaces.

#include "sim/ms2109/device.h"

#include <algorithm>
#include <utility>

#include "sim/ms2109/video_formats.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kGetDescriptor = 0x06;
constexpr std::uint8_t kHidReportDescriptor = 0x22;

// HID 1.11, 7.2.
constexpr std::uint8_t kGetReport = 0x01;
constexpr std::uint8_t kGetIdle = 0x02;
constexpr std::uint8_t kSetReport = 0x09;
constexpr std::uint8_t kSetIdle = 0x0A;
constexpr std::uint16_t kFeatureReportZero = 0x0300;

// USB Audio 1.0, 5.2.2.4.3.1: the one control of the feature unit is mute.
constexpr std::uint8_t kAudioSetCur = 0x01;
constexpr std::uint8_t kAudioGetCur = 0x81;
constexpr std::uint16_t kMute = 0x0100;

}  // namespace

Ms2109Device::Ms2109Device(PictureFeed& feed, const Ms2109Options& options)
    : UsbDevice(ms2109_descriptors(options.strings)),
      feed_(feed),
      registers_(options.firmware),
      uvc_(parse_video_formats(descriptors().configuration)),
      video_(options.header) {
}

Result<std::unique_ptr<Ms2109Device>> Ms2109Device::create(EventLoop& loop, PictureFeed& feed,
                                                           const Ms2109Options& options) {
    std::unique_ptr<Ms2109Device> device(new Ms2109Device(feed, options));
    Ms2109Device* const raw = device.get();
    device->audio_timer_ = MINIKVM_TRY(loop.timer([raw](TimePoint now) { raw->send_audio(now); }));
    feed.on_frame([raw](VideoFrame frame) { raw->on_frame(std::move(frame)); });
    return device;
}

ControlReply Ms2109Device::control(const SetupPacket& setup, std::span<const std::uint8_t> data) {
    switch (setup.index & 0xFF) {
        case kVideoControlInterface:
            return uvc_.video_control(setup, data);
        case kVideoStreamInterface:
            return uvc_.streaming(setup, data);
        case kAudioControlInterface:
            return audio_request(setup, data);
        case kHidInterface:
            return hid_request(setup, data);
        default:
            return ControlReply::stall();
    }
}

ControlReply Ms2109Device::hid_request(const SetupPacket& setup,
                                       std::span<const std::uint8_t> data) {
    if (setup.request == kGetDescriptor && setup.value >> 8 == kHidReportDescriptor) {
        const auto report = ms2109_hid_report();
        return ControlReply::answer({report.begin(), report.end()});
    }
    if (setup.request == kSetIdle) {
        return ControlReply::done();
    }
    if (setup.request == kGetIdle) {
        return ControlReply::answer({0});
    }
    if (setup.value != kFeatureReportZero || register_fault_ == RegisterFault::Stall) {
        return ControlReply::stall();
    }
    if (register_fault_ == RegisterFault::Hang) {
        return ControlReply::silence();
    }
    if (setup.request == kSetReport && data.size() == kFeatureBytes) {
        FeatureReport report{};
        std::copy(data.begin(), data.end(), report.begin());
        registers_.set_report(report);
        return ControlReply::done();
    }
    if (setup.request == kGetReport) {
        const FeatureReport report = registers_.get_report();
        return ControlReply::answer({report.begin(), report.end()});
    }
    return ControlReply::stall();
}

ControlReply Ms2109Device::audio_request(const SetupPacket& setup,
                                         std::span<const std::uint8_t> data) {
    if (setup.index >> 8 != kFeatureUnit || setup.value != kMute) {
        return ControlReply::stall();
    }
    if (setup.request == kAudioSetCur && !data.empty()) {
        muted_ = data[0] != 0;
        return ControlReply::done();
    }
    return setup.request == kAudioGetCur
               ? ControlReply::answer({static_cast<std::uint8_t>(muted_ ? 1 : 0)})
               : ControlReply::stall();
}

void Ms2109Device::on_reset() {
    stop_video();
    audio_timer_.disarm();
}

void Ms2109Device::on_pulled() {
    stop_video();
    audio_timer_.disarm();
}

void Ms2109Device::on_alternate(std::uint8_t interface, std::uint8_t alternate) {
    if (interface == kVideoStreamInterface) {
        stop_video();
        if (alternate != 0) {
            start_video();
        }
    } else if (interface == kAudioStreamInterface && alternate != 0) {
        audio_.restart(Clock::now());
    }
}

void Ms2109Device::start_video() {
    streaming_ = true;
    ++stream_;
    video_.restart(uvc_.max_payload_bytes());
    feed_.start(stream_, uvc_.committed());
}

void Ms2109Device::stop_video() {
    if (!streaming_) {
        return;
    }
    streaming_ = false;
    feed_.stop();
    if (!video_.idle()) {
        feed_.give_back(video_.take_frame());
    }
}

void Ms2109Device::on_frame(VideoFrame frame) {
    const bool current = streaming_ && frame.stream == stream_;
    if (!current || !video_.idle() || video_fault_ == VideoFault::NoFrames) {
        counters_.frames_dropped += current ? 1 : 0;
        feed_.give_back(std::move(frame.bytes));
        return;
    }
    truncate(frame);
    video_.begin(std::move(frame.bytes), frame.captured);
    send_video();
}

void Ms2109Device::truncate(VideoFrame& frame) {
    if (truncated_left_ == 0) {
        return;
    }
    frame.bytes.resize(frame.bytes.size() / 3 * 2);
    truncated_left_ -= truncated_left_ == kAllFrames ? 0 : 1;
    ++counters_.frames_truncated;
}

void Ms2109Device::on_urb(std::uint8_t endpoint) {
    if (endpoint == kVideoEndpoint) {
        send_video();
    } else if (endpoint == kAudioEndpoint && waiting_urbs(endpoint) == 1) {
        audio_timer_.arm_at(audio_.due(*first_urb(endpoint)));
    }
}

void Ms2109Device::send_video() {
    while (!video_.idle()) {
        Urb* const urb = first_urb(kVideoEndpoint);
        if (urb == nullptr) {
            return;
        }
        video_.fill(*urb, Clock::now());
        complete_first(kVideoEndpoint);
        if (video_.idle()) {
            ++counters_.frames_sent;
            feed_.give_back(video_.take_frame());
        }
    }
}

void Ms2109Device::send_audio(TimePoint now) {
    Urb* urb = first_urb(kAudioEndpoint);
    while (urb != nullptr && audio_.due(*urb) <= now) {
        audio_.fill(*urb, muted_ ? AudioLevel::Silence : audio_level_);
        counters_.audio_packets += urb->packets.size();
        complete_first(kAudioEndpoint);
        urb = first_urb(kAudioEndpoint);
    }
    if (urb != nullptr) {
        audio_timer_.arm_at(audio_.due(*urb));
    }
}

}  // namespace minikvm::sim
