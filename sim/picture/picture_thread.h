// SPDX-License-Identifier: MIT
// PictureThread: the thread on which pictures are encoded, so that no other traffic waits.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "sim/picture/frame_pacer.h"

namespace minikvm::sim {

/// What is shown: the drawn picture unless one of the paths is given.
struct PictureOptions {
    std::uint32_t nonce = 0;
    FillerOptions filler;  // of whose sampling the drawn picture is, too
    std::string jpeg_folder;
    std::string video_file;
};

/// What a capture chip needs of it; a test's fake is another one.
class PictureFeed {
public:
    using FrameCallback = std::function<void(VideoFrame frame)>;

    PictureFeed() = default;
    PictureFeed(const PictureFeed&) = delete;
    PictureFeed& operator=(const PictureFeed&) = delete;
    virtual ~PictureFeed() = default;

    /// Where frames go, before the first start().
    virtual void on_frame(FrameCallback callback) = 0;
    virtual void start(std::uint32_t stream, const StreamFormat& format) = 0;
    virtual void stop() = 0;
    virtual void give_back(std::vector<std::uint8_t> buffer) = 0;
};

/// Shape:   a FramePacer on a thread of its own; every call is posted to it.
/// Errors:  create() says why a folder or a file cannot be used.
/// Thread:  its own thread; callbacks arrive on the one that runs `main`.
class PictureThread final : public PictureFeed {
public:
    /// `main` must outlive the thread.
    static Result<std::unique_ptr<PictureThread>> create(EventLoop& main,
                                                         const PictureOptions& options);
    PictureThread(const PictureThread&) = delete;
    PictureThread& operator=(const PictureThread&) = delete;
    ~PictureThread() override;

    void on_frame(FrameCallback callback) override { callback_ = std::move(callback); }
    void start(std::uint32_t stream, const StreamFormat& format) override;
    void stop() override;
    void give_back(std::vector<std::uint8_t> buffer) override;
    void set_signal(HdmiSignal signal, WithoutSignal without);
    void set_nonce(std::uint32_t nonce);

private:
    explicit PictureThread(EventLoop& main) : main_(main) {}

    void deliver(VideoFrame frame);

    EventLoop& main_;
    FrameCallback callback_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<FramePacer> pacer_;
    std::thread thread_;  // last: it uses what is above
};

}  // namespace minikvm::sim
