// SPDX-License-Identifier: MIT
// When which frame is made.

#include "sim/picture/frame_pacer.h"

#include <utility>

#include "sim/picture/filler.h"

namespace minikvm::sim {

FramePacer::FramePacer(std::unique_ptr<FrameSource> source, FillerOptions filler, Sink sink)
    : source_(std::move(source)), options_(filler), sink_(std::move(sink)), free_(kBuffers) {
}

Result<std::unique_ptr<FramePacer>> FramePacer::create(EventLoop& loop,
                                                       std::unique_ptr<FrameSource> source,
                                                       FillerOptions filler, Sink sink) {
    std::unique_ptr<FramePacer> pacer(new FramePacer(std::move(source), filler, std::move(sink)));
    pacer->timer_ = MINIKVM_TRY(loop.timer([raw = pacer.get()](TimePoint now) { raw->tick(now); }));
    return pacer;
}

void FramePacer::start(std::uint32_t stream, const StreamFormat& format) {
    stream_ = stream;
    fillers_left_ = options_.frames;
    if (!(format == format_)) {
        format_ = format;
        filler_ = filler_frame(format, options_.sampling);
    }
    last_picture_.clear();
    source_->start(format);
    due_ = Clock::now() + format.interval;
    timer_.arm_at(due_);
}

void FramePacer::stop() {
    timer_.disarm();
    source_->stop();
}

void FramePacer::set_signal(HdmiSignal signal, WithoutSignal without) {
    signal_ = signal;
    without_signal_ = without;
}

void FramePacer::give_back(std::vector<std::uint8_t> buffer) {
    free_.push_back(std::move(buffer));
}

void FramePacer::tick(TimePoint now) {
    while (due_ + format_.interval <= now) {
        due_ += format_.interval;
        ++frame_number_;
    }
    due_ += format_.interval;
    timer_.arm_at(due_);
    ++frame_number_;
    if (!free_.empty()) {
        make_frame(now);
    }
}

void FramePacer::make_frame(TimePoint now) {
    const bool absent = signal_ == HdmiSignal::Absent;
    if (absent && without_signal_ == WithoutSignal::Nothing) {
        return;
    }
    std::vector<std::uint8_t> bytes = std::move(free_.back());
    free_.pop_back();
    const bool starting = fillers_left_ > 0;
    fillers_left_ -= starting ? 1 : 0;
    if (absent && without_signal_ == WithoutSignal::Frozen && !last_picture_.empty()) {
        bytes = last_picture_;
    } else if (starting || absent ||
               source_->render(frame_number_, now, bytes) == Rendered::Nothing) {
        bytes = filler_;
    } else {
        last_picture_ = bytes;
    }
    sink_({stream_, now, std::move(bytes)});
}

}  // namespace minikvm::sim
