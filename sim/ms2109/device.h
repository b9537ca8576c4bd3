// SPDX-License-Identifier: MIT
// Ms2109Device: the stick's capture chip on the USB side: MS2109, MS2109S or MS2130S.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/ms2109/audio_stream.h"
#include "sim/ms2109/descriptors.h"
#include "sim/ms2109/frame_spoiler.h"
#include "sim/ms2109/register_file.h"
#include "sim/ms2109/uvc_control.h"
#include "sim/ms2109/video_stream.h"
#include "sim/picture/picture_thread.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

struct Ms2109Options {
    CaptureIdentity identity;
    PayloadHeader header = PayloadHeader::Short;
    FirmwareVersion firmware;
};

/// What a test can do to the chip's answers.
enum class RegisterFault { None, Stall, Hang };
enum class VideoFault {
    None,
    NoFrames,
    UntilRestart,  // none until the host starts the stream anew
    UntilReset,    // none until the host resets the device
};

struct Ms2109Counters {
    std::size_t frames_sent = 0;
    std::size_t frames_dropped = 0;  // the host was still taking the one before
    std::size_t frames_spoilt = 0;
    std::size_t audio_packets = 0;
};

/// Shape:   plugged and pulled like any UsbDevice; the registers stay.
///          The MS2130S streams in bulk: from the commit of a mode until its endpoint's halt is
///          cleared. Without a signal it has no frames at all.
/// Errors:  create() gives what the loop gives.
/// Thread:  the thread that made it.
/// Source:  hardware.md 2 (video, audio), 3 (registers), 8.1 (requests).
class Ms2109Device final : public UsbDevice {
public:
    /// `feed` must outlive the device, which takes its on_frame().
    static Result<std::unique_ptr<Ms2109Device>> create(EventLoop& loop, PictureFeed& feed,
                                                        const Ms2109Options& options);

    RegisterFile& registers() { return registers_; }
    const RegisterFile& registers() const { return registers_; }
    void set_audio(AudioLevel level) { audio_level_ = level; }

    bool streaming() const { return streaming_; }
    StreamFormat stream_format() const { return uvc_.committed(); }
    const Ms2109Counters& counters() const { return counters_; }

    /// What happens to frames that are sent.
    FrameSpoiler& frames() { return spoiler_; }
    /// From now on the first frame of a stream comes so late; 0: as it is made.
    void set_slow_start(std::chrono::milliseconds delay) { slow_start_ = delay; }
    void set_video_fault(VideoFault fault) { video_fault_ = fault; }
    void set_register_fault(RegisterFault fault) { register_fault_ = fault; }

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) override;
    void on_urb(std::uint8_t endpoint) override;
    void on_reset() override;
    void on_pulled() override;
    void on_alternate(std::uint8_t interface, std::uint8_t alternate) override;
    void on_halt_cleared(std::uint8_t endpoint) override;

private:
    Ms2109Device(PictureFeed& feed, const Ms2109Options& options);

    ControlReply streaming_request(const SetupPacket& setup, std::span<const std::uint8_t> data);
    bool is_bulk() const { return identity_.chip == CaptureChip::Ms2130s; }
    ControlReply hid_request(const SetupPacket& setup, std::span<const std::uint8_t> data);
    ControlReply audio_request(const SetupPacket& setup, std::span<const std::uint8_t> data);
    void start_video();
    void stop_video();
    void on_frame(VideoFrame frame);
    void send_video();
    void send_audio(TimePoint now);

    PictureFeed& feed_;
    const CaptureIdentity identity_;
    RegisterFile registers_;
    UvcControl uvc_;
    VideoStream video_;
    AudioStream audio_;
    Timer audio_timer_;
    AudioLevel audio_level_ = AudioLevel::Tone;
    bool muted_ = false;
    bool streaming_ = false;
    std::uint32_t stream_ = 0;
    FrameSpoiler spoiler_;
    std::chrono::milliseconds slow_start_{};
    TimePoint first_frame_due_{};
    VideoFault video_fault_ = VideoFault::None;
    RegisterFault register_fault_ = RegisterFault::None;
    Ms2109Counters counters_;
};

}  // namespace minikvm::sim
