// SPDX-License-Identifier: MIT
// A capture chip's functions behind its five interfaces.

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
constexpr std::uint16_t kFeatureReport = 0x0300;  // and its number

// USB Video 1.0, tables: SET_CUR of the commit control.
constexpr std::uint8_t kVideoSetCur = 0x01;
constexpr std::uint16_t kCommitControl = 0x0200;

// What a KVM-GO's commit has at high speed (hardware.md 2.3).
constexpr std::size_t kBulkPayloadBytes = 16384;

// USB Audio 1.0, 5.2.2.4.3.1: the one control of the feature unit is mute.
constexpr std::uint8_t kAudioSetCur = 0x01;
constexpr std::uint8_t kAudioGetCur = 0x81;
constexpr std::uint16_t kMute = 0x0100;

}  // namespace

Ms2109Device::Ms2109Device(PictureFeed& feed, const Ms2109Options& options)
    : UsbDevice(capture_descriptors(options.identity)),
      feed_(feed),
      identity_(options.identity),
      registers_(options.firmware, options.identity.chip),
      uvc_(parse_video_formats(descriptors().configuration), is_bulk() ? kBulkPayloadBytes : 0),
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
            return streaming_request(setup, data);
        case kAudioControlInterface:
            return audio_request(setup, data);
        case kHidInterface:
            return hid_request(setup, data);
        default:
            return ControlReply::stall();
    }
}

ControlReply Ms2109Device::streaming_request(const SetupPacket& setup,
                                             std::span<const std::uint8_t> data) {
    ControlReply reply = uvc_.streaming(setup, data);
    const bool commits = setup.request == kVideoSetCur && setup.value == kCommitControl &&
                         reply.kind == ControlReply::Kind::Answer;
    if (is_bulk() && commits) {
        stop_video();
        start_video();
    }
    return reply;
}

// What Linux tells a bulk camera at the end of a stream (drivers/media/usb/uvc/uvc_video.c).
void Ms2109Device::on_halt_cleared(std::uint8_t endpoint) {
    if (is_bulk() && endpoint == kVideoEndpoint) {
        stop_video();
    }
}

ControlReply Ms2109Device::hid_request(const SetupPacket& setup,
                                       std::span<const std::uint8_t> data) {
    if (setup.request == kGetDescriptor && setup.value >> 8 == kHidReportDescriptor) {
        const auto report = hid_report(identity_);
        return ControlReply::answer({report.begin(), report.end()});
    }
    if (setup.request == kSetIdle) {
        return ControlReply::done();
    }
    if (setup.request == kGetIdle) {
        return ControlReply::answer({0});
    }
    const std::uint8_t number = register_report(identity_);
    if (setup.value != (kFeatureReport | number) || register_fault_ == RegisterFault::Stall) {
        return ControlReply::stall();
    }
    if (register_fault_ == RegisterFault::Hang) {
        return ControlReply::silence();
    }
    const std::size_t number_bytes = number == 0 ? 0 : 1;  // one that is numbered begins with it
    if (setup.request == kSetReport && data.size() == number_bytes + kFeatureBytes) {
        FeatureReport report{};
        std::copy(data.begin() + static_cast<std::ptrdiff_t>(number_bytes), data.end(),
                  report.begin());
        registers_.set_report(report);
        return ControlReply::done();
    }
    if (setup.request == kGetReport) {
        std::vector<std::uint8_t> answer(number_bytes, number);
        const FeatureReport report = registers_.get_report();
        answer.insert(answer.end(), report.begin(), report.end());
        return ControlReply::answer(std::move(answer));
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
    if (video_fault_ == VideoFault::UntilReset) {
        video_fault_ = VideoFault::None;
    }
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
    if (video_fault_ == VideoFault::UntilRestart) {
        video_fault_ = VideoFault::None;
    }
    streaming_ = true;
    ++stream_;
    first_frame_due_ = slow_start_.count() == 0 ? TimePoint() : Clock::now() + slow_start_;
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
    // An MS2130S whose source is gone sends nothing (hardware.md 2.6).
    const bool is_mute = video_fault_ != VideoFault::None || (is_bulk() && !registers_.has_input());
    const bool is_early = Clock::now() < first_frame_due_;
    if (!current || !video_.idle() || is_mute || is_early) {
        counters_.frames_dropped += current ? 1 : 0;
        feed_.give_back(std::move(frame.bytes));
        return;
    }
    counters_.frames_spoilt += spoiler_.apply(frame.bytes) ? 1 : 0;
    video_.begin(std::move(frame.bytes), frame.captured);
    send_video();
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
