// SPDX-License-Identifier: MIT
// The MS2109's feature reports.

#include "protocol/ms2109_report.h"

#include <algorithm>

#include "protocol/bytes.h"
#include "protocol/errors.h"

namespace minikvm::ms2109 {
namespace {

// XDATA access; docs/hardware.md 3.3.
constexpr std::uint8_t kRead = 0xB5;
constexpr std::uint8_t kWrite = 0xB6;

constexpr std::size_t kValueOffset = 4;

FeatureReport request(std::uint8_t command, RegisterAddress address, std::uint8_t value) {
    const auto number = static_cast<std::uint16_t>(address);
    return {0x00, command, high_byte(number), low_byte(number), value};
}

}  // namespace

FeatureReport read_request(RegisterAddress address) {
    return request(kRead, address, 0);
}

FeatureReport write_request(RegisterAddress address, std::uint8_t value) {
    return request(kWrite, address, value);
}

Result<std::uint8_t> parse_read_answer(std::span<const std::uint8_t> report,
                                       RegisterAddress address) {
    const FeatureReport expected = read_request(address);
    if (report.size() <= kValueOffset ||
        !std::equal(expected.begin(), expected.begin() + kValueOffset, report.begin())) {
        return make_error(ProtocolError::BadReply, "MS2109 register");
    }
    return report[kValueOffset];
}

}  // namespace minikvm::ms2109
