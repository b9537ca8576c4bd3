// SPDX-License-Identifier: MIT
// The markers of JPEG that are looked for or written: ITU-T T.81, table B.1.

#pragma once

#include <cstdint>

namespace minikvm::sim::jpeg_marker {

inline constexpr std::uint8_t kPrefix = 0xFF;        // stands before each of the others
inline constexpr std::uint8_t kStuffing = 0x00;      // behind an FF that is none
inline constexpr std::uint8_t kStartOfFrame = 0xC0;  // baseline
inline constexpr std::uint8_t kRestart = 0xD0;       // to D7
inline constexpr std::uint8_t kStartOfImage = 0xD8;
inline constexpr std::uint8_t kEndOfImage = 0xD9;
inline constexpr std::uint8_t kStartOfScan = 0xDA;

}  // namespace minikvm::sim::jpeg_marker
