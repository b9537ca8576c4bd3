// SPDX-License-Identifier: MIT
// Movie: a user's video file as frames, decoded by an ffmpeg of its own.

#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "sim/picture/frame_source.h"

namespace minikvm::sim {

/// Shape:   from start() to stop() an ffmpeg plays the file in a loop, scaled to the stream's
///          size; a frame is taken from its pipe each time one is wanted, which paces it.
/// Errors:  create() says ENOENT when the file cannot be read. That ffmpeg is missing, or ends, is
///          logged; the filler is sent then.
/// Limits:  JPEGs are 4:2:0: ffmpeg writes 4:2:2 in a way that Chromium refuses.
/// Thread:  made on any; used on the one that runs the loop.
class Movie final : public FrameSource {
public:
    static Result<std::unique_ptr<Movie>> create(EventLoop& loop, const std::string& path);
    Movie(const Movie&) = delete;
    Movie& operator=(const Movie&) = delete;
    ~Movie() override;

    void start(const StreamFormat& format) override;
    void stop() override;
    Rendered render(std::uint32_t frame_number, TimePoint now,
                    std::vector<std::uint8_t>& frame) override;
    void set_nonce(std::uint32_t nonce) override;

private:
    Movie(EventLoop& loop, std::string path) : loop_(loop), path_(std::move(path)) {}

    Result<void> start_player();
    void on_readable();
    void look_for_frame();

    EventLoop& loop_;
    std::string path_;
    StreamFormat format_;
    pid_t player_ = -1;
    UniqueFd pipe_;
    Watch watch_;
    std::vector<std::uint8_t> received_;
    std::size_t looked_at_ = 0;
    std::size_t frame_bytes_ = 0;  // of the whole frame at the front of received_; 0: none yet
};

}  // namespace minikvm::sim
