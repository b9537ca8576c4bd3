// SPDX-License-Identifier: MIT
// The MS2109's filler: what it sends while it has no picture.

#pragma once

#include <cstdint>
#include <vector>

#include "sim/picture/jpeg_encoder.h"
#include "sim/picture/stream_format.h"

namespace minikvm::sim {

/// A uniform frame of exactly RGB(7,7,7). Source: hardware.md 2.6.
std::vector<std::uint8_t> filler_frame(const StreamFormat& format, Sampling sampling);

}  // namespace minikvm::sim
