// SPDX-License-Identifier: MIT
// Putting rows of luma and chroma samples into the order that a picture format has them in.

#pragma once

#include <cstdint>
#include <span>

namespace minikvm {

/// One row of luma samples with the chroma samples of each two of them: luma, blue, luma, red.
/// `row` is twice as long as `luma`, `blue` and `red` half as long.
void pack_yuyv(std::span<const std::uint8_t> luma, std::span<const std::uint8_t> blue,
               std::span<const std::uint8_t> red, std::span<std::uint8_t> row);

/// Blue and red in turn. `row` is twice as long as either.
void interleave(std::span<const std::uint8_t> blue, std::span<const std::uint8_t> red,
                std::span<std::uint8_t> row);

/// The mean of two rows, of which halves are rounded up. All are of one length; `row` may be one of
/// the others.
void average(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other,
             std::span<std::uint8_t> row);

}  // namespace minikvm
