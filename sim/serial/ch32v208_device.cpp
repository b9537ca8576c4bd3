// SPDX-License-Identifier: MIT

#include "sim/serial/ch32v208_device.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/event_loop.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kInterruptIn = 0x81;
constexpr std::uint8_t kBulkOut = 0x02;
constexpr std::uint8_t kBulkIn = 0x83;

// clang-format off
// hardware.md 8.3. The release number and the size of endpoint 0 are not documented.
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x10, 0x01,  // USB 1.10
    0x02, 0x00, 0x00, 0x40,  // communications class
    0x86, 0x1A, 0x0C, 0xFE,  // 1a86:fe0c
    0x00, 0x01,
    0x01, 0x02, 0x00,        // manufacturer, product, no serial number
    0x01,
};

constexpr std::array<std::uint8_t, 67> kConfiguration = {
    0x09, 0x02, 0x43, 0x00, 0x02, 0x01, 0x00, 0x80, 0x32,  // 100 mA
    0x09, 0x04, 0x00, 0x00, 0x01, 0x02, 0x02, 0x01, 0x00,  // control, with AT commands
    0x05, 0x24, 0x00, 0x10, 0x01,
    0x05, 0x24, 0x01, 0x00, 0x01,
    0x04, 0x24, 0x02, 0x02,
    0x05, 0x24, 0x06, 0x00, 0x01,
    0x07, 0x05, kInterruptIn, 0x03, 0x40, 0x00, 0x01,
    0x09, 0x04, 0x01, 0x00, 0x02, 0x0A, 0x00, 0x00, 0x00,  // data
    0x07, 0x05, kBulkOut, 0x02, 0x40, 0x00, 0x00,
    0x07, 0x05, kBulkIn, 0x02, 0x40, 0x00, 0x00,
};
// clang-format on

constexpr std::array kStrings = {UsbString{1, "wch.cn"}, UsbString{2, "USB Serial"}};

// CDC PSTN 1.2, table 13.
constexpr std::uint8_t kSetLineCoding = 0x20;
constexpr std::uint8_t kGetLineCoding = 0x21;
constexpr std::uint8_t kSetControlLineState = 0x22;
constexpr std::uint8_t kSendBreak = 0x23;
constexpr std::uint16_t kDtr = 0x01;
constexpr std::uint16_t kRts = 0x02;

// As ModemLines takes them, inverted: bit 5 DTR, bit 6 RTS.
std::uint16_t inverted_lines(std::uint16_t state) {
    const unsigned dtr = (state & kDtr) != 0 ? 1U << 5U : 0;
    const unsigned rts = (state & kRts) != 0 ? 1U << 6U : 0;
    return static_cast<std::uint16_t>(~(dtr | rts));
}

}  // namespace

Result<std::unique_ptr<Ch32v208Device>> Ch32v208Device::create(Ch32v208Half& half,
                                                               const std::string& trace_path) {
    EdgeTrace trace = MINIKVM_TRY(EdgeTrace::open(trace_path));
    std::unique_ptr<Ch32v208Device> device(new Ch32v208Device(half, std::move(trace)));
    half.on_progress([borrowed = device.get()] { borrowed->move_bytes(); });
    return device;
}

Ch32v208Device::Ch32v208Device(Ch32v208Half& half, EdgeTrace trace)
    : UsbDevice({UsbSpeed::Full, kDevice, kConfiguration, kStrings}),
      half_(half),
      trace_(std::move(trace)),
      lines_([this](ModemEdge edge) {
          edge.request = requests_;
          trace_.append(edge);
      }) {
}

Ch32v208Device::~Ch32v208Device() {
    half_.on_progress(nullptr);
}

ControlReply Ch32v208Device::control(const SetupPacket& setup, std::span<const std::uint8_t> data) {
    ++requests_;
    switch (setup.request) {
        case kSetLineCoding:
            if (data.size() != line_coding_.size()) {
                return ControlReply::stall();
            }
            std::copy(data.begin(), data.end(), line_coding_.begin());
            return ControlReply::done();
        case kGetLineCoding:
            return ControlReply::answer({line_coding_.begin(), line_coding_.end()});
        case kSetControlLineState:
            lines_.set_from_request(Clock::now(), inverted_lines(setup.value),
                                    fmt::format("{:02X} {:02X} {:04X}", setup.request_type,
                                                setup.request, setup.value));
            return ControlReply::done();
        case kSendBreak:
            return ControlReply::done();
        default:
            return ControlReply::stall();
    }
}

void Ch32v208Device::on_reset() {
    lines_.release_all(Clock::now(), "reset");
    half_.plug();
}

void Ch32v208Device::on_pulled() {
    lines_.release_all(Clock::now(), "unplugged");
    half_.unplug();
}

void Ch32v208Device::on_urb(std::uint8_t /*endpoint*/) {
    move_bytes();
}

void Ch32v208Device::move_bytes() {
    if (!plugged()) {
        return;
    }
    while (const Urb* const urb = first_urb(kBulkOut)) {
        const std::vector<std::uint8_t> bytes = urb->data;
        complete_first(kBulkOut);
        half_.send(bytes);  // comes back here by on_progress()
    }
    give_received();
}

void Ch32v208Device::give_received() {
    for (Urb* urb = first_urb(kBulkIn); urb != nullptr && half_.received() > 0;
         urb = first_urb(kBulkIn)) {
        urb->data = half_.take_received(urb->length_bytes);
        complete_first(kBulkIn);
    }
}

}  // namespace minikvm::sim
