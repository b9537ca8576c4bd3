// SPDX-License-Identifier: MIT
// Frames in real time, from each kind of source.

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "sim/picture/filler.h"
#include "sim/picture/frame_pacer.h"
#include "sim/picture/jpeg_folder.h"
#include "sim/picture/picture_thread.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr StreamFormat kVga{PixelFormat::Mjpeg, 640, 480, 5ms};

// Writes the number of the frame into it.
class NumberSource final : public FrameSource {
public:
    void start(const StreamFormat&) override {}
    void stop() override {}
    Rendered render(std::uint32_t number, TimePoint, Bytes& frame) override {
        frame.assign(1, static_cast<std::uint8_t>(number));
        return Rendered::Frame;
    }
    void set_nonce(std::uint32_t) override {}
};

class FramePacerTest : public testing::Test {
protected:
    void make(unsigned fillers) {
        pacer_ = FramePacer::create(*loop_, std::make_unique<NumberSource>(),
                                    FillerOptions{fillers, Sampling::Yuv422},
                                    [this](VideoFrame frame) { take(std::move(frame)); })
                     .value();
    }
    void take(VideoFrame frame) {
        frames_.push_back(frame.bytes);
        if (giving_back_) {
            pacer_->give_back(std::move(frame.bytes));
        }
        if (after_) {
            after_(frames_.size());
        }
        if (frames_.size() == wanted_) {
            loop_->stop();
        }
    }
    void run(std::size_t frames) {
        wanted_ = frames;
        Timer limit = loop_
                          ->timer([this](TimePoint) {
                              timed_out_ = true;
                              loop_->stop();
                          })
                          .value();
        limit.arm_after(limit_);
        pacer_->start(1, kVga);
        EXPECT_TRUE(loop_->run());
        pacer_->stop();
    }

    std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
    std::unique_ptr<FramePacer> pacer_;
    std::vector<Bytes> frames_;
    std::size_t wanted_ = 0;
    bool giving_back_ = true;
    std::chrono::milliseconds limit_{10s};
    std::function<void(std::size_t frames)> after_;
    bool timed_out_ = false;
};

TEST_F(FramePacerTest, BeginsAStreamWithFillers) {
    make(2);

    run(3);

    EXPECT_EQ(frames_[0], filler_frame(kVga, Sampling::Yuv422));
    EXPECT_EQ(frames_[1], filler_frame(kVga, Sampling::Yuv422));
    EXPECT_EQ(frames_[2].size(), 1U);
}

TEST_F(FramePacerTest, CountsTheFillersToo) {
    make(2);

    run(3);

    EXPECT_GE(frames_[2][0], 3);
}

TEST_F(FramePacerTest, ShowsOnlyFillersWithoutASignal) {
    make(0);
    pacer_->set_signal(HdmiSignal::Absent, WithoutSignal::Filler);

    run(3);

    EXPECT_EQ(frames_[2], filler_frame(kVga, Sampling::Yuv422));
}

TEST_F(FramePacerTest, RepeatsTheLastPictureWhenItIsToFreezeWithoutASignal) {
    make(0);
    after_ = [this](std::size_t frames) {
        if (frames == 2) {
            pacer_->set_signal(HdmiSignal::Absent, WithoutSignal::Frozen);
        }
    };

    run(4);

    EXPECT_NE(frames_[1], frames_[0]);
    EXPECT_EQ(frames_[2], frames_[1]);
    EXPECT_EQ(frames_[3], frames_[1]);
}

TEST_F(FramePacerTest, FallsSilentWhenItIsToSendNothingWithoutASignal) {
    make(0);
    limit_ = 100ms;
    pacer_->set_signal(HdmiSignal::Absent, WithoutSignal::Nothing);

    run(1);

    EXPECT_TRUE(timed_out_);
}

TEST_F(FramePacerTest, StopsAtTheFramesThatNobodyGaveBack) {
    make(0);
    giving_back_ = false;
    limit_ = 200ms;

    run(FramePacer::kBuffers + 1);

    EXPECT_TRUE(timed_out_);
    EXPECT_EQ(frames_.size(), FramePacer::kBuffers);
}

TEST(PictureThread, DeliversFramesOfTheStreamThatWasStarted) {
    const auto loop = EventLoop::create().value();
    PictureOptions options;
    options.filler.frames = 0;
    const auto thread = PictureThread::create(*loop, options).value();
    std::uint32_t stream = 0;
    thread->on_frame([&](const VideoFrame& frame) {
        stream = frame.stream;
        loop->stop();
    });

    thread->start(5, kVga);
    EXPECT_TRUE(loop->run());

    EXPECT_EQ(stream, 5U);
}

void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream(path).write(reinterpret_cast<const char*>(bytes.data()),
                              static_cast<std::streamsize>(bytes.size()));
}

TEST(JpegFolder, ShowsTheFilesOfTheStreamsSize) {
    const TemporaryDirectory folder;
    StreamFormat larger = kVga;
    larger.width_px = 720;
    write_file(std::filesystem::path(folder.path()) / "1.jpg",
               filler_frame(kVga, Sampling::Yuv422));
    write_file(std::filesystem::path(folder.path()) / "2.jpg",
               filler_frame(larger, Sampling::Yuv422));
    const auto source = JpegFolder::open(folder.path()).value();
    Bytes frame;

    source->start(larger);
    EXPECT_EQ(source->render(0, TimePoint(), frame), Rendered::Frame);

    EXPECT_EQ(frame, filler_frame(larger, Sampling::Yuv422));
}

TEST(JpegFolder, HasNothingForASizeWithoutFiles) {
    const TemporaryDirectory folder;
    write_file(std::filesystem::path(folder.path()) / "1.jpg",
               filler_frame(kVga, Sampling::Yuv422));
    const auto source = JpegFolder::open(folder.path()).value();
    StreamFormat larger = kVga;
    larger.width_px = 720;
    Bytes frame;

    source->start(larger);

    EXPECT_EQ(source->render(0, TimePoint(), frame), Rendered::Nothing);
}

TEST(JpegFolder, RefusesAFolderWithoutJpegs) {
    const TemporaryDirectory folder;

    EXPECT_FALSE(JpegFolder::open(folder.path()));
}

}  // namespace
}  // namespace minikvm::sim
