// SPDX-License-Identifier: MIT
// The parameter block of a CH9329.

#include "protocol/ch9329_parameters.h"

#include <algorithm>

#include "protocol/bytes.h"
#include "protocol/ch9329_commands.h"
#include "protocol/errors.h"

namespace minikvm::ch9329 {
namespace {

// Where the block has what; docs/hardware.md 5.5.
constexpr std::size_t kWorkingModeOffset = 0;
constexpr std::size_t kSerialModeOffset = 1;
constexpr std::size_t kChipAddressOffset = 2;
constexpr std::size_t kSpeedOffset = 3;
constexpr std::size_t kPacketIntervalOffset = 9;
constexpr std::size_t kVendorIdOffset = 11;
constexpr std::size_t kProductIdOffset = 13;

constexpr std::uint8_t kByPins = 0x80;
constexpr std::uint8_t kHighestWorkingMode = 0x03;
constexpr std::uint8_t kHighestSerialMode = 0x02;

std::uint8_t without_pins(std::uint8_t mode) {
    return static_cast<std::uint8_t>(mode & ~kByPins);
}

}  // namespace

Result<Parameters> Parameters::parse(const Frame& frame) {
    const auto data = MINIKVM_TRY(answer_data(frame, Command::GetParameters, kParameterBytes));
    Parameters parameters;
    std::ranges::copy(data.first(kParameterBytes), parameters.bytes_.begin());
    if (without_pins(data[kWorkingModeOffset]) > kHighestWorkingMode ||
        without_pins(data[kSerialModeOffset]) > kHighestSerialMode) {
        return make_error(ProtocolError::BadReply, "CH9329 parameters: a mode that does not exist");
    }
    return parameters;
}

WorkingMode Parameters::working_mode() const {
    return static_cast<WorkingMode>(without_pins(bytes_[kWorkingModeOffset]));
}

bool Parameters::mode_by_pins() const {
    return (bytes_[kWorkingModeOffset] & kByPins) != 0;
}

std::uint8_t Parameters::serial_mode() const {
    return bytes_[kSerialModeOffset];
}

std::uint8_t Parameters::address() const {
    return bytes_[kChipAddressOffset];
}

std::uint32_t Parameters::speed_bd() const {
    return read_big_endian_32(bytes_, kSpeedOffset);
}

std::chrono::milliseconds Parameters::packet_interval() const {
    return std::chrono::milliseconds(read_big_endian_16(bytes_, kPacketIntervalOffset));
}

std::uint16_t Parameters::vendor_id() const {
    return read_little_endian_16(bytes_, kVendorIdOffset);
}

std::uint16_t Parameters::product_id() const {
    return read_little_endian_16(bytes_, kProductIdOffset);
}

void Parameters::set_working_mode(WorkingMode mode) {
    bytes_[kWorkingModeOffset] = static_cast<std::uint8_t>(mode);
}

void Parameters::set_speed(std::uint32_t speed_bd) {
    write_big_endian_32(bytes_, kSpeedOffset, speed_bd);
}

void Parameters::set_serial_mode_by_frames() {
    bytes_[kSerialModeOffset] = 0x00;
}

Frame set_parameters(const Parameters& parameters) {
    Frame frame;
    frame.command = static_cast<std::uint8_t>(Command::SetParameters);
    frame.payload_size = kParameterBytes;
    std::ranges::copy(parameters.bytes(), frame.payload.begin());
    return frame;
}

}  // namespace minikvm::ch9329
