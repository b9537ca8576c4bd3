// SPDX-License-Identifier: MIT
// Posting to and from the picture thread.

#include "sim/picture/picture_thread.h"

#include <utility>

#include "common/log.h"
#include "sim/picture/jpeg_folder.h"
#include "sim/picture/movie.h"
#include "sim/picture/test_picture_source.h"

namespace minikvm::sim {
namespace {

Result<std::unique_ptr<FrameSource>> make_source(EventLoop& loop, const PictureOptions& options) {
    if (!options.video_file.empty()) {
        return MINIKVM_TRY(Movie::create(loop, options.video_file));
    }
    if (!options.jpeg_folder.empty()) {
        return MINIKVM_TRY(JpegFolder::open(options.jpeg_folder));
    }
    return std::make_unique<TestPictureSource>(options.nonce, options.filler.sampling);
}

}  // namespace

Result<std::unique_ptr<PictureThread>> PictureThread::create(EventLoop& main,
                                                             const PictureOptions& options) {
    std::unique_ptr<PictureThread> thread(new PictureThread(main));
    PictureThread* const raw = thread.get();
    thread->loop_ = MINIKVM_TRY(EventLoop::create());
    thread->pacer_ = MINIKVM_TRY(FramePacer::create(
        *thread->loop_, MINIKVM_TRY(make_source(*thread->loop_, options)), options.filler,
        [raw](VideoFrame frame) { raw->deliver(std::move(frame)); }));
    thread->thread_ = std::thread([raw] {
        const auto ended = raw->loop_->run();
        if (!ended) {
            log::error("kernel: the picture thread ended: {}", ended.error().message());
        }
    });
    return thread;
}

PictureThread::~PictureThread() {
    if (thread_.joinable()) {
        loop_->stop();
        thread_.join();
    }
}

void PictureThread::deliver(VideoFrame frame) {
    // shared_ptr, since std::function wants callables that can be copied; there is one owner.
    auto moved = std::make_shared<VideoFrame>(std::move(frame));
    main_.post([this, moved] {
        if (callback_) {
            callback_(std::move(*moved));
        }
    });
}

void PictureThread::start(std::uint32_t stream, const StreamFormat& format) {
    loop_->post([this, stream, format] { pacer_->start(stream, format); });
}

void PictureThread::stop() {
    loop_->post([this] { pacer_->stop(); });
}

void PictureThread::give_back(std::vector<std::uint8_t> buffer) {
    auto moved = std::make_shared<std::vector<std::uint8_t>>(std::move(buffer));
    loop_->post([this, moved] { pacer_->give_back(std::move(*moved)); });
}

void PictureThread::set_signal(HdmiSignal signal, WithoutSignal without) {
    loop_->post([this, signal, without] { pacer_->set_signal(signal, without); });
}

void PictureThread::set_nonce(std::uint32_t nonce) {
    loop_->post([this, nonce] { pacer_->set_nonce(nonce); });
}

}  // namespace minikvm::sim
