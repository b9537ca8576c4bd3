// SPDX-License-Identifier: MIT
// Bulk-only transport: wrappers of commands and of their status.

#include "sim/stick/memory_stick.h"

#include <algorithm>
#include <array>
#include <utility>

namespace minikvm::sim {
namespace {

// clang-format off
// 0525:a4a5 is the kernel's number for a storage gadget; strings 1, 2 and 3.
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x25, 0x05, 0xa5, 0xa4, 0x00, 0x01, 0x01, 0x02,
    0x03, 0x01,
};

constexpr std::array<std::uint8_t, 32> kConfiguration = {
    // 32 bytes, one interface, 100 mA from the bus
    0x09, 0x02, 0x20, 0x00, 0x01, 0x01, 0x00, 0x80, 0x32,
    // interface 0: mass storage, SCSI commands, bulk only; both ways in 512 bytes
    0x09, 0x04, 0x00, 0x00, 0x02, 0x08, 0x06, 0x50, 0x00,
    0x07, 0x05, 0x81, 0x02, 0x00, 0x02, 0x00,
    0x07, 0x05, 0x02, 0x02, 0x00, 0x02, 0x00,
};
// clang-format on

constexpr std::array kStrings = {
    UsbString{1, "minikvm-sim"},
    UsbString{2, "Virtual memory stick"},
    UsbString{3, "000000000001"},
};

constexpr std::uint8_t kBulkIn = 0x81;
constexpr std::uint8_t kBulkOut = 0x02;

// Bulk-Only Transport 1.0, chapter 3.
constexpr std::uint8_t kGetMaxLun = 0xFE;
constexpr std::uint8_t kStorageReset = 0xFF;

// The same, chapter 5: where the fields of the two wrappers are.
constexpr std::size_t kCommandBytes = 31;
constexpr std::array<std::uint8_t, 4> kCommandSignature = {'U', 'S', 'B', 'C'};
constexpr std::array<std::uint8_t, 4> kStatusSignature = {'U', 'S', 'B', 'S'};
constexpr std::size_t kTag = 4;
constexpr std::size_t kLength = 8;
constexpr std::size_t kFlags = 12;
constexpr std::size_t kBlockBytes = 14;
constexpr std::size_t kBlock = 15;

std::uint32_t little_endian_32(std::span<const std::uint8_t> bytes) {
    return bytes[0] | std::uint32_t{bytes[1]} << 8U | std::uint32_t{bytes[2]} << 16U |
           std::uint32_t{bytes[3]} << 24U;
}

}  // namespace

MemoryStick::MemoryStick(ScsiDisk disk)
    : UsbDevice({UsbSpeed::High, kDevice, kConfiguration, kStrings}), disk_(std::move(disk)) {
}

ControlReply MemoryStick::control(const SetupPacket& setup,
                                  std::span<const std::uint8_t> /*data*/) {
    switch (setup.request) {
        case kGetMaxLun:
            return ControlReply::answer({0});
        case kStorageReset:
            begin_again();
            return ControlReply::done();
        default:
            return ControlReply::stall();
    }
}

void MemoryStick::on_urb(std::uint8_t /*endpoint*/) {
    while (take_sent() || give_answer()) {
    }
}

void MemoryStick::on_reset() {
    begin_again();
}

void MemoryStick::on_pulled() {
    begin_again();
}

void MemoryStick::begin_again() {
    broken_ = false;
    wrapper_.clear();
    sent_.clear();
    answers_.clear();
}

bool MemoryStick::take_sent() {
    Urb* const urb = first_urb(kBulkOut);
    // While there is an answer the host has not fetched the last command's status.
    if (urb == nullptr || !answers_.empty()) {
        return false;
    }
    if (!wrapper_.empty()) {
        sent_.insert(sent_.end(), urb->data.begin(), urb->data.end());
    } else if (broken_ || !take_command(urb->data)) {
        broken_ = true;
        complete_first(kBulkOut, UrbStatus::Stalled);
        return true;
    }
    complete_first(kBulkOut);
    if (gives_data() || sent_.size() >= expected_bytes_) {
        carry_out();
    }
    return true;
}

bool MemoryStick::take_command(std::span<const std::uint8_t> wrapper) {
    if (wrapper.size() != kCommandBytes ||
        !std::equal(kCommandSignature.begin(), kCommandSignature.end(), wrapper.begin()) ||
        wrapper[kBlockBytes] > kCommandBytes - kBlock) {
        return false;
    }
    wrapper_.assign(wrapper.begin(), wrapper.end());
    expected_bytes_ = little_endian_32(wrapper.subspan(kLength));
    return true;
}

/// Whether the host wants the command's data, and does not send it.
bool MemoryStick::gives_data() const {
    return (wrapper_[kFlags] & kEndpointIn) != 0 && expected_bytes_ > 0;
}

void MemoryStick::carry_out() {
    const std::span<const std::uint8_t> wrapper(wrapper_);
    ScsiAnswer answer = disk_.command(wrapper.subspan(kBlock, wrapper[kBlockBytes]), sent_);
    answer.data.resize(std::min(answer.data.size(), expected_bytes_));
    const std::size_t moved_bytes = gives_data() ? answer.data.size() : sent_.size();
    const std::size_t residue = expected_bytes_ - std::min(moved_bytes, expected_bytes_);
    is_short_ = residue > 0;

    std::vector<std::uint8_t> status(kStatusSignature.begin(), kStatusSignature.end());
    status.insert(status.end(), wrapper_.begin() + kTag, wrapper_.begin() + kLength);
    for (const unsigned shift : {0U, 8U, 16U, 24U}) {
        status.push_back(static_cast<std::uint8_t>(residue >> shift));
    }
    status.push_back(answer.good ? 0 : 1);
    if (gives_data()) {
        answers_.push_back(std::move(answer.data));
    }
    answers_.push_back(std::move(status));
    wrapper_.clear();
    sent_.clear();
}

bool MemoryStick::give_answer() {
    Urb* const urb = answers_.empty() ? nullptr : first_urb(kBulkIn);
    if (urb == nullptr) {
        return false;
    }
    std::vector<std::uint8_t>& answer = answers_.front();
    const std::size_t count = std::min(urb->length_bytes, answer.size());
    const auto end = answer.begin() + static_cast<std::ptrdiff_t>(count);
    urb->data.assign(answer.begin(), end);
    answer.erase(answer.begin(), end);
    // Fewer data than the host wants end with a transfer that they do not fill, an empty one if
    // need be.
    const bool is_data = answers_.size() > 1;
    const bool is_full = count == urb->length_bytes;
    if (answer.empty() && !(is_data && is_short_ && is_full)) {
        answers_.pop_front();
    }
    complete_first(kBulkIn);
    return true;
}

}  // namespace minikvm::sim
