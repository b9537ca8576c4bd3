// SPDX-License-Identifier: MIT
// The capture chip as its drivers ask it.

#include <gtest/gtest.h>

#include "sim/ms2109/device.h"

namespace minikvm::sim {
namespace {

constexpr SetupPacket kSetReport{0x21, 0x09, 0x0300, 4, 8};
constexpr SetupPacket kGetReport{0xA1, 0x01, 0x0300, 4, 8};
constexpr SetupPacket kStreamOn{0x01, 11, 3, 1, 0};
constexpr SetupPacket kStreamOff{0x01, 11, 0, 1, 0};

class RecordingFeed final : public PictureFeed {
public:
    void on_frame(FrameCallback callback) override { deliver = std::move(callback); }
    void start(std::uint32_t stream, const StreamFormat&) override { started = stream; }
    void stop() override { ++stops; }
    void give_back(std::vector<std::uint8_t>) override { ++given_back; }

    FrameCallback deliver;
    std::uint32_t started = 0;
    int stops = 0;
    int given_back = 0;
};

class RecordingBus final : public UsbBus {
public:
    void complete(const Urb& urb, UrbStatus) override {
        data.insert(data.end(), urb.data.begin(), urb.data.end());
        ++completed;
    }

    std::vector<std::uint8_t> data;
    int completed = 0;
};

class Ms2109OnABus : public testing::Test {
protected:
    Ms2109OnABus() { device->plug(bus); }
    ~Ms2109OnABus() override { device->pull(); }

    void submit_video() {
        Urb urb;
        urb.endpoint = kVideoEndpoint;
        urb.length_bytes = 3072;
        urb.packets = {{0, 3072, 0}};
        device->submit(std::move(urb));
    }
    void deliver(std::size_t bytes) {
        feed.deliver({feed.started, TimePoint(), std::vector<std::uint8_t>(bytes, 0xAA)});
    }
    ControlReply request(const SetupPacket& setup, std::vector<std::uint8_t> data = {}) {
        return device->request(setup, data);
    }

    std::unique_ptr<EventLoop> loop = EventLoop::create().value();
    RecordingFeed feed;
    RecordingBus bus;
    std::unique_ptr<Ms2109Device> device = Ms2109Device::create(*loop, feed, {}).value();
};

TEST_F(Ms2109OnABus, ReadsARegisterByAPairOfReports) {
    request(kSetReport, {0xB5, 0xF8, 0x00, 0, 0, 0, 0, 0});

    EXPECT_EQ(request(kGetReport).data[3], 0xA7);
}

TEST_F(Ms2109OnABus, GivesItsReportDescriptor) {
    EXPECT_EQ(request({0x81, 6, 0x2200, 4, 23}).data.size(), 23U);
}

TEST_F(Ms2109OnABus, StallsAReportItDoesNotHave) {
    EXPECT_EQ(request({0xA1, 0x01, 0x0301, 4, 8}).kind, ControlReply::Kind::Stall);
}

TEST_F(Ms2109OnABus, SaysNothingWhenItsRegistersHang) {
    device->set_register_fault(RegisterFault::Hang);

    EXPECT_EQ(request(kGetReport).kind, ControlReply::Kind::Silence);
}

TEST_F(Ms2109OnABus, StreamsFromTheAlternateSettingOn) {
    request(kStreamOn);
    EXPECT_TRUE(device->streaming());

    request(kStreamOff);
    EXPECT_FALSE(device->streaming());
    EXPECT_EQ(feed.stops, 1);
}

TEST_F(Ms2109OnABus, AnswersUrbsWhenAFrameIsThere) {
    request(kStreamOn);
    submit_video();
    EXPECT_EQ(bus.completed, 0);

    deliver(100);

    EXPECT_EQ(bus.completed, 1);
    EXPECT_EQ(bus.data.size(), 102U);
    EXPECT_EQ(feed.given_back, 1);
}

TEST_F(Ms2109OnABus, DropsAFrameThatComesBeforeTheLastOneWasTaken) {
    request(kStreamOn);
    deliver(100);
    deliver(100);

    EXPECT_EQ(device->counters().frames_dropped, 1U);
    EXPECT_EQ(feed.given_back, 1);
}

TEST_F(Ms2109OnABus, ShowsNoFrameOfAnEarlierStream) {
    request(kStreamOn);
    const std::uint32_t earlier = feed.started;
    request(kStreamOff);
    request(kStreamOn);
    submit_video();

    feed.deliver({earlier, TimePoint(), std::vector<std::uint8_t>(100)});

    EXPECT_EQ(bus.completed, 0);
}

TEST_F(Ms2109OnABus, SpoilsAsManyFramesAsWasAsked) {
    device->frames().spoil(FrameFault::Truncated, 1);
    request(kStreamOn);
    submit_video();
    submit_video();

    deliver(300);
    deliver(300);

    EXPECT_EQ(bus.data.size(), 202U + 302U);
    EXPECT_EQ(device->counters().frames_spoilt, 1U);
}

TEST_F(Ms2109OnABus, SendsNothingBeforeTheFirstFrameIsDue) {
    device->set_slow_start(std::chrono::hours(1));
    request(kStreamOn);
    submit_video();
    deliver(300);
    EXPECT_EQ(bus.completed, 0);

    device->set_slow_start({});
    request(kStreamOff);
    request(kStreamOn);
    deliver(300);

    EXPECT_EQ(bus.completed, 1);
}

TEST_F(Ms2109OnABus, StallsUntilTheStreamIsStartedAnew) {
    request(kStreamOn);
    device->set_video_fault(VideoFault::UntilRestart);
    submit_video();
    deliver(300);
    EXPECT_EQ(bus.completed, 0);

    request(kStreamOff);
    request(kStreamOn);
    deliver(300);

    EXPECT_EQ(bus.completed, 1);
}

TEST_F(Ms2109OnABus, StallsUntilItIsReset) {
    request(kStreamOn);
    device->set_video_fault(VideoFault::UntilReset);
    request(kStreamOff);
    request(kStreamOn);
    submit_video();
    deliver(300);
    EXPECT_EQ(bus.completed, 0);

    request({0x00, 9, 1, 0, 0});  // the host configures a device anew that it has reset
    request(kStreamOn);
    deliver(300);

    EXPECT_EQ(bus.completed, 1);
}

TEST_F(Ms2109OnABus, StopsStreamingWhenItIsPulled) {
    request(kStreamOn);

    device->pull();

    EXPECT_FALSE(device->streaming());
}

TEST_F(Ms2109OnABus, KeepsItsRegistersWhenItIsPulled) {
    request(kSetReport, {0xB6, 0xDF, 0x01, 1, 0, 0, 0, 0});
    device->pull();
    device->plug(bus);

    EXPECT_EQ(device->registers().selected(), Side::Target);
}

TEST_F(Ms2109OnABus, MutesItsSound) {
    request({0x21, 0x01, 0x0100, 0x0202, 1}, {1});

    EXPECT_EQ(request({0xA1, 0x81, 0x0100, 0x0202, 1}).data, std::vector<std::uint8_t>{1});
}

}  // namespace
}  // namespace minikvm::sim
