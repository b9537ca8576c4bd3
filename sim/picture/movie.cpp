// SPDX-License-Identifier: MIT
// An ffmpeg child, read frame by frame.

#include "sim/picture/movie.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include <fmt/format.h>

#include "common/log.h"

namespace minikvm::sim {
namespace {

constexpr std::size_t kReadBytes = 262144;

// The ffmpeg arguments that give the stream's frames one after another, without a container.
std::vector<std::string> player_arguments(const std::string& path, const StreamFormat& format) {
    const double rate_hz = 1 / std::chrono::duration<double>(format.interval).count();
    std::vector<std::string> arguments = {
        "ffmpeg",
        "-nostdin",
        "-loglevel",
        "error",
        "-stream_loop",
        "-1",
        "-i",
        path,
        "-an",
        "-vf",
        fmt::format("scale={}:{},fps={:.3f}", format.width_px, format.height_px, rate_hz)};
    const std::vector<std::string> ending =
        format.pixels == PixelFormat::Mjpeg
            ? std::vector<std::string>{"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v",
                                       "4",    "-f",    "mjpeg",    "-"}
            : std::vector<std::string>{"-pix_fmt", "yuyv422", "-f", "rawvideo", "-"};
    arguments.insert(arguments.end(), ending.begin(), ending.end());
    return arguments;
}

struct ActionsDeleter {
    void operator()(posix_spawn_file_actions_t* actions) const {
        posix_spawn_file_actions_destroy(actions);
    }
};

}  // namespace

Result<std::unique_ptr<Movie>> Movie::create(EventLoop& loop, const std::string& path) {
    if (::access(path.c_str(), R_OK) != 0) {
        return errno_error("open " + path);
    }
    return std::unique_ptr<Movie>(new Movie(loop, path));
}

Movie::~Movie() {
    stop();
}

void Movie::start(const StreamFormat& format) {
    stop();
    format_ = format;
    const auto started = start_player();
    if (!started) {
        log::error("no frames from the video file: {}", started.error().message());
    }
}

Result<void> Movie::start_player() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return errno_error("pipe");
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);

    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    const std::unique_ptr<posix_spawn_file_actions_t, ActionsDeleter> owned(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
    auto arguments = player_arguments(path_, format_);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    const int error =
        ::posix_spawnp(&player_, "ffmpeg", &actions, nullptr, pointers.data(), environ);
    if (error != 0) {
        player_ = -1;
        return errno_error(-error, "start ffmpeg");
    }
    watch_ = MINIKVM_TRY(
        loop_.watch(ours.get(), EPOLLIN, [this](std::uint32_t /*events*/) { on_readable(); }));
    pipe_ = std::move(ours);
    return {};
}

void Movie::stop() {
    watch_ = Watch();
    pipe_.reset();
    if (player_ > 0) {
        ::kill(player_, SIGKILL);
        ::waitpid(player_, nullptr, 0);
        player_ = -1;
    }
    received_.clear();
    looked_at_ = 0;
    frame_bytes_ = 0;
}

void Movie::on_readable() {
    const std::size_t before = received_.size();
    received_.resize(before + kReadBytes);
    const ssize_t count = ::read(pipe_.get(), received_.data() + before, kReadBytes);
    received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        log::error("no more frames from the video file: ffmpeg ended path={}", path_);
        watch_ = Watch();
        return;
    }
    look_for_frame();
    if (frame_bytes_ != 0) {
        watch_.set_events(0);  // until it has been taken
    }
}

// FF D9 ends a JPEG: inside its coded data FF is followed by 00, and ffmpeg writes no thumbnails.
void Movie::look_for_frame() {
    if (format_.pixels == PixelFormat::Yuyv) {
        frame_bytes_ = received_.size() >= format_.yuyv_bytes() ? format_.yuyv_bytes() : 0;
        return;
    }
    for (; looked_at_ + 1 < received_.size() && frame_bytes_ == 0; ++looked_at_) {
        if (received_[looked_at_] == 0xFF && received_[looked_at_ + 1] == 0xD9) {
            frame_bytes_ = looked_at_ + 2;
        }
    }
}

Rendered Movie::render(std::uint32_t /*frame_number*/, TimePoint /*now*/,
                       std::vector<std::uint8_t>& frame) {
    if (frame_bytes_ == 0) {
        return Rendered::Nothing;
    }
    const auto end = received_.begin() + static_cast<std::ptrdiff_t>(frame_bytes_);
    frame.assign(received_.begin(), end);
    received_.erase(received_.begin(), end);
    looked_at_ = 0;
    frame_bytes_ = 0;
    look_for_frame();
    if (frame_bytes_ == 0) {
        watch_.set_events(EPOLLIN);
    }
    return Rendered::Frame;
}

void Movie::set_nonce(std::uint32_t /*nonce*/) {
}

}  // namespace minikvm::sim
