// SPDX-License-Identifier: MIT
// What can be told of a JPEG picture without decoding it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace minikvm {

struct JpegSize {
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;

    bool operator==(const JpegSize&) const = default;
};

/// Whether a picture has its start, its size, its scan and its end; zero bytes may follow the end.
/// Huffman tables may be missing, as in much motion JPEG.
/// Limits:  damage inside the scan is not seen. Reads the header and the last bytes only.
/// Thread:  any thread. Nothing is allocated.
/// Source:  ITU-T T.81 annex B; truncated frames are normal (docs/hardware.md 2.5).
bool is_whole_jpeg(std::span<const std::uint8_t> bytes);

/// The size that the picture's frame header (SOF0, SOF1 or SOF2) tells; nothing when none comes
/// before the scan. The rest of the picture need not be there.
std::optional<JpegSize> jpeg_size(std::span<const std::uint8_t> bytes);

}  // namespace minikvm
