// SPDX-License-Identifier: MIT
// Ch340Device: the stick's serial bridge on the USB side, 1a86:7523.

#include "sim/serial/ch340_device.h"

#include <utility>

#include <fmt/format.h>

#include "common/event_loop.h"
#include "sim/serial/ch340_descriptors.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kVendorIn = 0xC0;
constexpr std::uint8_t kVendorOut = 0x40;
constexpr std::uint8_t kReadVersion = 0x5F;
constexpr std::uint8_t kReadRegisters = 0x95;
constexpr std::uint8_t kWriteRegisters = 0x9A;
constexpr std::uint8_t kSerialInit = 0xA1;
constexpr std::uint8_t kModemControl = 0xA4;
constexpr std::uint8_t kVersion = 0x31;
constexpr std::uint16_t kBreakRegister = 0x0005;

// Of a modem status packet: hardware.md 8.2 has its style, and the two bytes that count.
constexpr std::uint8_t kStatusPacketHead = 0x08;
constexpr std::uint8_t kOneChange = 0x79;
constexpr std::uint8_t kManyChanges = 0x7D;
constexpr std::uint8_t kStatusPacketTail = 0xEE;

}  // namespace

Result<std::unique_ptr<Ch340Device>> Ch340Device::create(SerialHalf& half,
                                                         const Ch340Options& options) {
    EdgeTrace trace = MINIKVM_TRY(EdgeTrace::open(options.trace_path));
    std::unique_ptr<Ch340Device> device(new Ch340Device(half, options, std::move(trace)));
    half.on_progress([borrowed = device.get()] { borrowed->move_bytes(); });
    return device;
}

Ch340Device::Ch340Device(SerialHalf& half, const Ch340Options& options, EdgeTrace trace)
    : UsbDevice(ch340_descriptors()),
      half_(half),
      options_(options),
      trace_(std::move(trace)),
      lines_([this](const ModemEdge& changed) { edge(changed); }) {
}

Ch340Device::~Ch340Device() {
    half_.on_progress(nullptr);
}

ControlReply Ch340Device::control(const SetupPacket& setup,
                                  std::span<const std::uint8_t> /*data*/) {
    ++requests_;
    if (setup.request_type == kVendorIn && setup.request == kReadVersion) {
        return ControlReply::answer({kVersion, 0x00});
    }
    if (setup.request_type == kVendorIn && setup.request == kReadRegisters) {
        return read_registers(setup.value);
    }
    if (setup.request_type == kVendorOut) {
        return write(setup);
    }
    return ControlReply::stall();
}

ControlReply Ch340Device::read_registers(std::uint16_t numbers) const {
    if (numbers == kBreakRegister && !options_.has_break) {
        return ControlReply::stall();
    }
    const auto pair = registers_.read_pair(numbers);
    return ControlReply::answer({pair.begin(), pair.end()});
}

ControlReply Ch340Device::write(const SetupPacket& setup) {
    switch (setup.request) {
        case kSerialInit:
            return ControlReply::done();
        case kWriteRegisters:
            registers_.write_pair(setup.value, setup.index);
            half_.set_speed(registers_.speed_bd());
            return ControlReply::done();
        case kModemControl:
            lines_.set_from_request(Clock::now(), setup.value,
                                    fmt::format("{:02X} {:02X} {:04X}", setup.request_type,
                                                setup.request, setup.value));
            return ControlReply::done();
        default:
            return ControlReply::stall();
    }
}

void Ch340Device::edge(const ModemEdge& edge) {
    ModemEdge numbered = edge;
    numbered.request = requests_;
    trace_.append(numbered);
    if (edge.line == ModemLine::Rts) {
        half_.set_def(edge.level == ModemLevel::Asserted ? DefLevel::Low : DefLevel::High);
    } else if (dtr_callback_) {
        dtr_callback_(edge.level);
    }
}

void Ch340Device::on_reset() {
    registers_ = Ch340Registers();
    lines_.release_all(Clock::now(), "reset");
    half_.set_speed(registers_.speed_bd());
    half_.plug();
}

void Ch340Device::on_pulled() {
    lines_.release_all(Clock::now(), "unplugged");
    half_.unplug();
}

void Ch340Device::on_urb(std::uint8_t /*endpoint*/) {
    move_bytes();
}

void Ch340Device::move_bytes() {
    if (!plugged()) {
        return;
    }
    send_waiting();
    give_received();
    tell_cts();
}

void Ch340Device::send_waiting() {
    for (const Urb* urb = first_urb(kCh340BulkOut);
         urb != nullptr && half_.pending_to_chip() <= kBridgeBufferBytes;
         urb = first_urb(kCh340BulkOut)) {
        half_.send(urb->data);
        complete_first(kCh340BulkOut);
    }
}

void Ch340Device::give_received() {
    for (Urb* urb = first_urb(kCh340BulkIn); urb != nullptr && half_.received() > 0;
         urb = first_urb(kCh340BulkIn)) {
        urb->data = half_.take_received(urb->length_bytes);
        complete_first(kCh340BulkIn);
    }
}

void Ch340Device::tell_cts() {
    const std::size_t changes = half_.target().reports() - reports_told_;
    if (!options_.cts_flips || changes == 0) {
        reports_told_ += changes;
        return;
    }
    if (changes % 2 == 1) {
        registers_.flip_cts();
    }
    if (Urb* urb = first_urb(kCh340InterruptIn)) {
        urb->data = {kStatusPacketHead, changes == 1 ? kOneChange : kManyChanges,
                     registers_.modem_status(), kStatusPacketTail};
        complete_first(kCh340InterruptIn);
    }
    reports_told_ += changes;
}

}  // namespace minikvm::sim
