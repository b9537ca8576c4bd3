// SPDX-License-Identifier: MIT
// The MS2109's feature reports: one byte read or written a transaction.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/result.h"
#include "protocol/ms2109_registers.h"

namespace minikvm::ms2109 {

/// A report as hidraw takes it: the report's number, which is 0, and the eight bytes on the wire.
inline constexpr std::size_t kFeatureReportBytes = 9;
using FeatureReport = std::array<std::uint8_t, kFeatureReportBytes>;

/// Shape:   send a request with SET_REPORT, then GET_REPORT its answer. A GET answers the last SET,
///          whoever sent it: the pair is one transaction, and the answer tells what it answers.
/// Thread:  any thread.
/// Source:  docs/hardware.md 3.1, 3.2.
FeatureReport read_request(RegisterAddress address);
FeatureReport write_request(RegisterAddress address, std::uint8_t value);

/// The byte that was read. `report` begins with the report's number.
/// Errors:  ProtocolError::BadReply when this answers something else, or is too short.
Result<std::uint8_t> parse_read_answer(std::span<const std::uint8_t> report,
                                       RegisterAddress address);

}  // namespace minikvm::ms2109
