// SPDX-License-Identifier: MIT
// The capture chips besides the MS2109, as the drivers ask them.

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/ms2109/device.h"
#include "sim/ms2109/video_formats.h"

namespace minikvm::sim {
namespace {

constexpr SetupPacket kCommit{0x21, 0x01, 0x0200, 1, 26};
constexpr SetupPacket kClearHalt{0x02, 1, 0, kVideoEndpoint, 0};

class SilentFeed final : public PictureFeed {
public:
    void on_frame(FrameCallback callback) override { deliver = std::move(callback); }
    void start(std::uint32_t stream, const StreamFormat&) override { started = stream; }
    void stop() override {}
    void give_back(std::vector<std::uint8_t>) override {}

    FrameCallback deliver;
    std::uint32_t started = 0;
};

class CountingBus final : public UsbBus {
public:
    void complete(const Urb& urb, UrbStatus) override { sizes.push_back(urb.data.size()); }

    std::vector<std::size_t> sizes;
};

class Ms2130sOnABus : public testing::Test {
protected:
    Ms2130sOnABus() {
        device->registers().set_input(parse_input_mode("1920x1080@60").value());
        device->plug(bus);
    }
    ~Ms2130sOnABus() override { device->pull(); }

    static Ms2109Options options() {
        Ms2109Options options;
        options.identity.chip = CaptureChip::Ms2130s;
        return options;
    }
    void submit_video() {
        Urb urb;
        urb.endpoint = kVideoEndpoint;
        urb.length_bytes = 16384;
        device->submit(std::move(urb));
    }
    void commit() {
        std::vector<std::uint8_t> block(26);
        block[2] = 1;
        block[3] = 1;
        device->request(kCommit, block);
    }
    void deliver(std::size_t bytes) {
        feed.deliver({feed.started, TimePoint(), std::vector<std::uint8_t>(bytes, 0xAA)});
    }

    std::unique_ptr<EventLoop> loop = EventLoop::create().value();
    SilentFeed feed;
    CountingBus bus;
    std::unique_ptr<Ms2109Device> device = Ms2109Device::create(*loop, feed, options()).value();
};

TEST_F(Ms2130sOnABus, StreamsFromTheCommitUntilItsHaltIsCleared) {
    commit();
    EXPECT_TRUE(device->streaming());
    EXPECT_EQ(device->stream_format().width_px, 1920U);

    device->request(kClearHalt, {});
    EXPECT_FALSE(device->streaming());
}

TEST_F(Ms2130sOnABus, FillsABulkTransferWithOnePayload) {
    commit();
    submit_video();
    submit_video();

    deliver(20000);

    EXPECT_EQ(bus.sizes, (std::vector<std::size_t>{16384, 20000 - 16382 + 2}));
}

TEST_F(Ms2130sOnABus, HasNoFramesAtAllWithoutASignal) {
    commit();
    submit_video();
    device->registers().set_input(std::nullopt);

    deliver(100);

    EXPECT_TRUE(bus.sizes.empty());
}

TEST_F(Ms2130sOnABus, ReadsFourCellsByANumberedReport) {
    device->request({0x21, 0x09, 0x0301, 4, 9},
                    std::vector<std::uint8_t>{1, 0xB5, 0x1C, 0xFC, 0, 0, 0, 0, 0});

    const std::vector<std::uint8_t> answer = device->request({0xA1, 0x01, 0x0301, 4, 9}, {}).data;

    EXPECT_EQ(answer, (std::vector<std::uint8_t>{1, 0xB5, 0x1C, 0xFC, 0x07, 0x80, 0x04, 0x38, 0}));
}

TEST_F(Ms2130sOnABus, OffersNothingAboveFullHdNorRawFullHd) {
    const auto formats = parse_video_formats(device->descriptors().configuration);

    ASSERT_EQ(formats.size(), 2U);
    for (const VideoFrameSize& size : formats[0].sizes) {
        EXPECT_LE(size.width_px * size.height_px, 1920U * 1080U);
    }
    EXPECT_TRUE(std::ranges::none_of(
        formats[1].sizes, [](const VideoFrameSize& size) { return size.width_px == 1920; }));
}

TEST_F(Ms2130sOnABus, CountsItsDescriptorsRight) {
    const auto configuration = device->descriptors().configuration;

    ASSERT_TRUE(split_descriptors(configuration));
    EXPECT_EQ(configuration[2] | configuration[3] << 8, static_cast<int>(configuration.size()));
}

// hardware.md 3.4, the table's column.
TEST(Ms2109sRegisters, AreWhereTheTableSays) {
    RegisterFile file(FirmwareVersion(), CaptureChip::Ms2109s);
    file.set_input(parse_input_mode("1280x720@60").value());

    EXPECT_EQ(file.cell(0xFD9C), 1);
    EXPECT_EQ(file.cell(0xC703) << 8 | file.cell(0xC704), 1280);
    EXPECT_EQ(file.cell(0xC705) << 8 | file.cell(0xC706), 720);
    EXPECT_EQ(file.cell(0xC617) << 8 | file.cell(0xC618), 6000);
}

TEST(Ms2109sRegisters, MoveNoSwitch) {
    RegisterFile file(FirmwareVersion(), CaptureChip::Ms2109s);

    file.set_report({0xB6, 0xDF, 0x01, 0x01});

    EXPECT_EQ(file.selected(), Side::Host);
}

}  // namespace
}  // namespace minikvm::sim
