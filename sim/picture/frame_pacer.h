// SPDX-License-Identifier: MIT
// FramePacer: frames in real time, as the chip produces them.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/picture/frame_source.h"
#include "sim/picture/jpeg_encoder.h"
#include "sim/picture/stream_format.h"

namespace minikvm::sim {

struct VideoFrame {
    std::uint32_t stream = 0;  // which start() it belongs to
    TimePoint captured{};
    std::vector<std::uint8_t> bytes;
};

enum class HdmiSignal { Absent, Present };

/// What the chip sends instead of the pictures of a signal that is absent.
enum class WithoutSignal {
    Filler,  // frames of one colour: what was seen (hardware.md 2.6)
    Frozen,  // the last frame, again and again
    Nothing,
};

/// What comes before the pictures of a stream, and instead of them.
struct FillerOptions {
    unsigned frames = 12;  // at the start; 11 to 14 were seen (hardware.md 2.6)
    Sampling sampling = Sampling::Yuv422;
};

/// Shape:   start() a stream, take frames from the sink, give_back() their memory: with
///          kBuffers frames under way the next ones are dropped, their numbers skipped.
///          A stream begins with filler frames; without a signal all are what WithoutSignal says.
/// Limits:  a frame that is late by more than an interval is dropped too.
/// Thread:  the one that runs the loop.
/// Source:  hardware.md 2.6.
class FramePacer final {
public:
    static constexpr unsigned kBuffers = 3;
    using Sink = std::function<void(VideoFrame frame)>;

    static Result<std::unique_ptr<FramePacer>> create(EventLoop& loop,
                                                      std::unique_ptr<FrameSource> source,
                                                      FillerOptions filler, Sink sink);

    void start(std::uint32_t stream, const StreamFormat& format);
    void stop();
    void set_signal(HdmiSignal signal, WithoutSignal without);
    void set_nonce(std::uint32_t nonce) { source_->set_nonce(nonce); }
    void give_back(std::vector<std::uint8_t> buffer);

private:
    FramePacer(std::unique_ptr<FrameSource> source, FillerOptions filler, Sink sink);

    void tick(TimePoint now);
    void make_frame(TimePoint now);

    std::unique_ptr<FrameSource> source_;
    FillerOptions options_;
    Sink sink_;
    Timer timer_;
    HdmiSignal signal_ = HdmiSignal::Present;
    WithoutSignal without_signal_ = WithoutSignal::Filler;
    std::vector<std::uint8_t> last_picture_;  // of this stream, if any
    std::uint32_t stream_ = 0;
    StreamFormat format_;
    std::vector<std::uint8_t> filler_;
    unsigned fillers_left_ = 0;
    std::uint32_t frame_number_ = 0;  // goes on over streams
    TimePoint due_{};
    std::vector<std::vector<std::uint8_t>> free_;
};

}  // namespace minikvm::sim
