// SPDX-License-Identifier: MIT
// The MS2130S's descriptors at high speed.
//
// The KVM-GO's own image is not published. From an image of a generic MS2130 (S): the five
// interfaces, bulk endpoint 0x83 in the one alternate setting, sound as it is, the sizes and rates
// up to full HD. From a KVM-GO's bus (S): MJPEG is format 1, 1920x1080 its frame 1, 30 Hz the
// interval that was committed, and no YUYV at 1920x1080. Its makers say 1080p60 (S): so that is
// offered. What is put together here is uncertain (U). Source: hardware.md 1.3, 2.3.

#include <array>
#include <initializer_list>
#include <vector>

#include "sim/ms2109/descriptors.h"

namespace minikvm::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;

// 100 ns, shortest first.
struct Mode {
    unsigned width_px;
    unsigned height_px;
    std::uint32_t default_interval;
    std::vector<std::uint32_t> intervals;
};

std::uint8_t part(std::uint32_t value, unsigned byte) {
    return static_cast<std::uint8_t>(value >> (8 * byte));
}

void append(Bytes& bytes, std::initializer_list<unsigned> values) {
    for (const unsigned value : values) {
        bytes.push_back(static_cast<std::uint8_t>(value));
    }
}

void append_number(Bytes& bytes, std::uint32_t value, unsigned count) {
    for (unsigned byte = 0; byte < count; ++byte) {
        bytes.push_back(part(value, byte));
    }
}

// USB Video 1.0, table 3-2 of the MJPEG and of the uncompressed payload: the same layout.
void append_frame(Bytes& bytes, std::uint8_t subtype, std::uint8_t index, const Mode& mode) {
    constexpr std::size_t kFixedBytes = 26;
    constexpr std::uint32_t kBitRate = 48'000'000;
    append(bytes, {static_cast<unsigned>(kFixedBytes + 4 * mode.intervals.size()), 0x24, subtype,
                   index, 0x00});
    append_number(bytes, mode.width_px, 2);
    append_number(bytes, mode.height_px, 2);
    append_number(bytes, kBitRate, 4);
    append_number(bytes, kBitRate, 4);
    append_number(bytes, mode.width_px * mode.height_px * 2, 4);
    append_number(bytes, mode.default_interval, 4);
    append(bytes, {static_cast<unsigned>(mode.intervals.size())});
    for (const std::uint32_t interval : mode.intervals) {
        append_number(bytes, interval, 4);
    }
}

Bytes make_formats() {
    const std::vector<std::uint32_t> fast = {166666, 200000, 333333, 500000, 1000000};
    const std::vector<Mode> jpeg = {
        {1920, 1080, 333333, fast}, {1360, 768, 166666, fast}, {1280, 1024, 166666, fast},
        {1280, 960, 166666, fast},  {1280, 720, 166666, fast}, {1024, 768, 166666, fast},
        {720, 480, 166666, fast},   {640, 480, 166666, fast},
    };
    const std::vector<Mode> yuyv = {
        {1280, 720, 666666, {666666, 1250000}},
        {640, 480, 166666, {166666, 333333, 500000, 1000000}},
    };
    Bytes bytes;
    append(bytes, {0x0b, 0x24, 0x06, 0x01, static_cast<unsigned>(jpeg.size()), 0x01, 0x01, 0x00,
                   0x00, 0x00, 0x00});
    std::uint8_t index = 0;
    for (const Mode& mode : jpeg) {
        append_frame(bytes, 0x07, ++index, mode);
    }
    append(bytes, {0x06, 0x24, 0x0d, 0x01, 0x01, 0x04});
    append(bytes, {0x1b, 0x24, 0x04, 0x02, static_cast<unsigned>(yuyv.size()),
                   0x59, 0x55, 0x59, 0x32, 0x00,
                   0x00, 0x10, 0x00, 0x80, 0x00,
                   0x00, 0xaa, 0x00, 0x38, 0x9b,
                   0x71, 0x10, 0x01, 0x00, 0x00,
                   0x00, 0x00});
    index = 0;
    for (const Mode& mode : yuyv) {
        append_frame(bytes, 0x05, ++index, mode);
    }
    append(bytes, {0x06, 0x24, 0x0d, 0x01, 0x01, 0x04});
    return bytes;
}

Bytes make_configuration() {
    const Bytes formats = make_formats();
    Bytes bytes;
    append(bytes, {0x09, 0x02, 0x00, 0x00, 0x05, 0x01, 0x00, 0x80, 0xfa});  // 500 mA
    append(bytes, {0x08, 0x0b, 0x00, 0x02, 0x0e, 0x03, 0x00, 0x02});
    // VideoControl: header, camera, processing unit 2, output.
    append(bytes, {0x09, 0x04, 0x00, 0x00, 0x00, 0x0e, 0x01, 0x00, 0x02});
    append(bytes, {0x0d, 0x24, 0x01, 0x00, 0x01, 0x33, 0x00, 0x00, 0x6c, 0xdc, 0x02, 0x01, 0x01});
    append(bytes, {0x12, 0x24, 0x02, 0x01, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                   0x00, 0x03, 0x00, 0x00, 0x00});
    append(bytes, {0x0b, 0x24, 0x05, 0x02, 0x01, 0x00, 0x00, 0x02, 0x0f, 0x00, 0x00});
    append(bytes, {0x09, 0x24, 0x03, 0x03, 0x01, 0x01, 0x00, 0x02, 0x00});
    // VideoStreaming: the one setting has the bulk endpoint.
    append(bytes, {0x09, 0x04, 0x01, 0x00, 0x01, 0x0e, 0x02, 0x00, 0x00});
    constexpr std::size_t kHeaderBytes = 0x0f;
    append(bytes, {kHeaderBytes, 0x24, 0x01, 0x02});
    append_number(bytes, static_cast<std::uint32_t>(kHeaderBytes + formats.size()), 2);
    append(bytes, {kVideoEndpoint, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00});
    bytes.insert(bytes.end(), formats.begin(), formats.end());
    append(bytes, {0x07, 0x05, kVideoEndpoint, 0x02, 0x00, 0x02, 0x00});
    // Sound: two channels, 16 bit, 48 kHz, 192 bytes a millisecond.
    append(bytes, {0x08, 0x0b, 0x02, 0x02, 0x01, 0x01, 0x00, 0x04});
    append(bytes, {0x09, 0x04, 0x02, 0x00, 0x00, 0x01, 0x01, 0x00, 0x04});
    append(bytes, {0x09, 0x24, 0x01, 0x00, 0x01, 0x27, 0x00, 0x01, 0x03});
    append(bytes, {0x0c, 0x24, 0x02, 0x01, 0x02, 0x06, 0x00, 0x02, 0x03, 0x00, 0x00, 0x00});
    append(bytes, {0x09, 0x24, 0x06, 0x02, 0x01, 0x01, 0x01, 0x00, 0x00});
    append(bytes, {0x09, 0x24, 0x03, 0x03, 0x01, 0x01, 0x00, 0x02, 0x00});
    append(bytes, {0x09, 0x04, 0x03, 0x00, 0x00, 0x01, 0x02, 0x00, 0x04});
    append(bytes, {0x09, 0x04, 0x03, 0x01, 0x01, 0x01, 0x02, 0x00, 0x04});
    append(bytes, {0x07, 0x24, 0x01, 0x03, 0x00, 0x01, 0x00});
    append(bytes, {0x0b, 0x24, 0x02, 0x01, 0x02, 0x02, 0x10, 0x01, 0x80, 0xbb, 0x00});
    append(bytes, {0x09, 0x05, kAudioEndpoint, 0x05, 0xc0, 0x00, 0x04, 0x00, 0x00});
    append(bytes, {0x07, 0x25, 0x01, 0x00, 0x00, 0x00, 0x00});
    // HID with numbered reports, 64 bytes at its endpoint.
    append(bytes, {0x09, 0x04, 0x04, 0x00, 0x01, 0x03, 0x00, 0x00, 0x00});
    append(bytes, {0x09, 0x21, 0x10, 0x01, 0x21, 0x01, 0x22, 0x36, 0x00});
    append(bytes, {0x07, 0x05, 0x84, 0x03, 0x40, 0x00, 0x10});
    constexpr std::size_t kTotalLengthAt = 2;
    bytes[kTotalLengthAt] = part(static_cast<std::uint32_t>(bytes.size()), 0);
    bytes[kTotalLengthAt + 1] = part(static_cast<std::uint32_t>(bytes.size()), 1);
    return bytes;
}

// 345f:2132. A constant serial number was found in the generic image.
constexpr std::array<std::uint8_t, 18> kDevice = {
    0x12, 0x01, 0x00, 0x02, 0xef, 0x02, 0x01, 0x40, 0x5f,
    0x34, 0x32, 0x21, 0x00, 0x21, 0x01, 0x02, 0x03, 0x01,
};

constexpr std::array kStrings = {
    UsbString{1, "MACROSILICON"},
    UsbString{2, "Openterface"},
    UsbString{3, "20210623"},
    UsbString{4, "OpenterfaceA"},
};

}  // namespace

UsbDescriptors ms2130s_descriptors() {
    static const Bytes configuration = make_configuration();
    return {UsbSpeed::High, kDevice, configuration, kStrings};
}

}  // namespace minikvm::sim
