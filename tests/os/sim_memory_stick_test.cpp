// SPDX-License-Identifier: MIT
// The virtual memory stick, asked as a USB storage driver asks.

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/stick/memory_stick.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm::sim {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kIn = 0x81;
constexpr std::uint8_t kOut = 0x02;
constexpr std::size_t kBlocks = 16;
constexpr std::uint8_t kReset = 0xFF;

class RecordingBus final : public UsbBus {
public:
    void complete(const Urb& urb, UrbStatus status) override {
        data = urb.data;
        last = status;
    }

    Bytes data;
    UrbStatus last = UrbStatus::Gone;
};

class MemoryStickOnABus : public testing::Test {
protected:
    MemoryStickOnABus() {
        std::ofstream(path_, std::ios::binary) << std::string(kBlocks * 512, 'x');
        stick_.emplace(ScsiDisk::open(path_).value());
        stick_->plug(bus_);
    }

    UrbStatus send(Bytes bytes) {
        Urb urb;
        urb.endpoint = kOut;
        urb.length_bytes = bytes.size();
        urb.data = std::move(bytes);
        stick_->submit(std::move(urb));
        return bus_.last;
    }

    UrbStatus command(Bytes block, std::uint32_t length, std::uint8_t flags) {
        Bytes wrapper = {'U', 'S', 'B', 'C', 1, 2, 3, 4};
        for (const unsigned shift : {0U, 8U, 16U, 24U}) {
            wrapper.push_back(static_cast<std::uint8_t>(length >> shift));
        }
        wrapper.insert(wrapper.end(), {flags, 0, static_cast<std::uint8_t>(block.size())});
        wrapper.insert(wrapper.end(), block.begin(), block.end());
        wrapper.resize(31);
        return send(std::move(wrapper));
    }

    Bytes receive(std::size_t length) {
        Urb urb;
        urb.endpoint = kIn;
        urb.length_bytes = length;
        stick_->submit(std::move(urb));
        return bus_.data;
    }

    static Bytes status(std::uint8_t residue, std::uint8_t result) {
        return {'U', 'S', 'B', 'S', 1, 2, 3, 4, residue, 0, 0, 0, result};
    }

    TemporaryDirectory directory_;
    std::string path_ = directory_.path() + "/disk";
    RecordingBus bus_;
    std::optional<MemoryStick> stick_;
};

TEST_F(MemoryStickOnABus, SaysHowLargeItIs) {
    command({0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 8, kIn);

    EXPECT_THAT(receive(8), ElementsAre(0, 0, 0, kBlocks - 1, 0, 0, 2, 0));
    EXPECT_EQ(receive(13), status(0, 0));
}

TEST_F(MemoryStickOnABus, ReadsInAsManyTransfersAsTheHostLikes) {
    command({0x28, 0, 0, 0, 0, 1, 0, 0, 2, 0}, 1024, kIn);

    EXPECT_EQ(receive(512), Bytes(512, 'x'));
    EXPECT_EQ(receive(512), Bytes(512, 'x'));
    EXPECT_EQ(receive(13), status(0, 0));
}

TEST_F(MemoryStickOnABus, WritesItsFile) {
    command({0x2A, 0, 0, 0, 0, 3, 0, 0, 1, 0}, 512, 0);
    send(Bytes(256, 'a'));
    send(Bytes(256, 'b'));

    EXPECT_EQ(receive(13), status(0, 0));
    std::ifstream file(path_, std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(content, std::string(3 * 512, 'x') + std::string(256, 'a') + std::string(256, 'b') +
                           std::string((kBlocks - 4) * 512, 'x'));
}

TEST_F(MemoryStickOnABus, EndsDataThatAreFewerThanWantedWithAShortTransfer) {
    command({0x1A, 0, 0x3F, 0, 192, 0}, 192, kIn);

    EXPECT_THAT(receive(192), SizeIs(24));
    EXPECT_EQ(receive(13), status(192 - 24, 0));
}

TEST_F(MemoryStickOnABus, EndsDataThatFillTheirTransferWithAnEmptyOne) {
    command({0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16, kIn);

    EXPECT_THAT(receive(8), SizeIs(8));
    EXPECT_THAT(receive(8), SizeIs(0));
    EXPECT_EQ(receive(13), status(8, 0));
}

TEST_F(MemoryStickOnABus, SaysWhyItRefused) {
    command({0x28, 0, 0, 0, 0, kBlocks, 0, 0, 1, 0}, 512 - 256, kIn);
    EXPECT_THAT(receive(256), SizeIs(0));
    EXPECT_EQ(receive(13)[12], 1);

    command({0x03, 0, 0, 0, 18, 0}, 18, kIn);

    const Bytes sense = receive(18);
    EXPECT_EQ(sense.at(2), 0x05);   // illegal request
    EXPECT_EQ(sense.at(12), 0x21);  // address out of range
}

TEST_F(MemoryStickOnABus, StallsAfterNonsenseUntilItIsReset) {
    EXPECT_EQ(send({'n', 'o'}), UrbStatus::Stalled);
    EXPECT_EQ(command({0, 0, 0, 0, 0, 0}, 0, 0), UrbStatus::Stalled);

    stick_->request({0x21, kReset, 0, 0, 0}, {});

    EXPECT_EQ(command({0, 0, 0, 0, 0, 0}, 0, 0), UrbStatus::Done);
    EXPECT_EQ(receive(13), status(0, 0));
}

TEST(ScsiDisk, IsNoFileOfPartsOfBlocks) {
    const TemporaryDirectory directory;
    const std::string path = directory.path() + "/disk";
    std::ofstream(path) << std::string(513, 'x');

    const auto disk = ScsiDisk::open(path);

    ASSERT_FALSE(disk);
    EXPECT_THAT(disk.error().message(), testing::HasSubstr("513 bytes"));
}

}  // namespace
}  // namespace minikvm::sim
