// SPDX-License-Identifier: MIT
// The chip's side of a CH9329 packet: bytes with their times in, packets out.

#include "sim/serial/ch9329_packet.h"

#include <algorithm>
#include <numeric>

namespace minikvm::sim {
namespace {

// hardware.md 5.2: head (2), address, command, length, payload, sum.
constexpr std::uint8_t kHead0 = 0x57;
constexpr std::uint8_t kHead1 = 0xAB;
constexpr std::size_t kAddressAt = 2;
constexpr std::size_t kCommandAt = 3;
constexpr std::size_t kLengthAt = 4;
constexpr std::size_t kPayloadAt = 5;
constexpr std::size_t kOverheadBytes = 6;
constexpr std::size_t kMaxPayloadBytes = 64;

std::uint8_t sum_of(std::span<const std::uint8_t> bytes) {
    return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U) & 0xFFU);
}

/// Whether these bytes may be the beginning of a packet.
bool may_begin_packet(std::span<const std::uint8_t> bytes) {
    return (bytes.empty() || bytes[0] == kHead0) && (bytes.size() < 2 || bytes[1] == kHead1) &&
           (bytes.size() <= kLengthAt || bytes[kLengthAt] <= kMaxPayloadBytes);
}

}  // namespace

std::vector<std::uint8_t> packet_bytes(std::uint8_t address, std::uint8_t command,
                                       std::span<const std::uint8_t> payload) {
    std::vector<std::uint8_t> bytes(payload.size() + kOverheadBytes);
    bytes[0] = kHead0;
    bytes[1] = kHead1;
    bytes[kAddressAt] = address;
    bytes[kCommandAt] = command;
    bytes[kLengthAt] = static_cast<std::uint8_t>(payload.size());
    std::copy(payload.begin(), payload.end(), bytes.begin() + kPayloadAt);
    bytes.back() = sum_of(bytes);  // over all of them, itself still 0
    return bytes;
}

std::optional<Reception> PacketReceiver::receive(const LineByte& byte) {
    last_ = byte;
    pending_.push_back(byte.value);
    skip_to_head();
    return whole_packet();
}

void PacketReceiver::skip_to_head() {
    while (!may_begin_packet(pending_)) {
        if (skipped_.size() <= kCommandAt) {
            skipped_.push_back(pending_.front());
        }
        pending_.erase(pending_.begin());
    }
}

std::optional<Reception> PacketReceiver::whole_packet() {
    if (pending_.size() <= kLengthAt || pending_.size() < pending_[kLengthAt] + kOverheadBytes) {
        return std::nullopt;
    }
    const std::span<const std::uint8_t> bytes(pending_);
    const auto body = bytes.first(bytes.size() - 1);
    const auto payload = body.subspan(kPayloadAt);
    Reception reception{Ch9329Status::Done, {bytes[kAddressAt], bytes[kCommandAt], {}}};
    if (bytes.back() == sum_of(body)) {
        reception.packet.payload.assign(payload.begin(), payload.end());
    } else {
        reception.status = Ch9329Status::BadChecksum;
    }
    clear();
    return reception;
}

std::optional<TimePoint> PacketReceiver::deadline() const {
    if (!last_) {
        return std::nullopt;
    }
    return last_->ended + packet_interval_ + line_time(1, last_->speed_bd);
}

std::optional<Reception> PacketReceiver::expire() {
    std::optional<Reception> reception;
    if (pending_.size() > kCommandAt) {
        reception =
            Reception{Ch9329Status::ByteTimeout, {pending_[kAddressAt], pending_[kCommandAt], {}}};
    } else if (pending_.empty() && skipped_.size() > kCommandAt) {
        reception =
            Reception{Ch9329Status::BadHeader, {skipped_[kAddressAt], skipped_[kCommandAt], {}}};
    }
    clear();
    return reception;
}

void PacketReceiver::clear() {
    pending_.clear();
    skipped_.clear();
    last_.reset();
}

}  // namespace minikvm::sim
