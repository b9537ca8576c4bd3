// SPDX-License-Identifier: MIT
// Loops over samples; built with -O3, so that the compiler makes vectors of them.

#include "v4l2-bridge/chroma_rows.h"

#include <cassert>

namespace minikvm {

void pack_yuyv(std::span<const std::uint8_t> luma, std::span<const std::uint8_t> blue,
               std::span<const std::uint8_t> red, std::span<std::uint8_t> row) {
    const std::size_t pairs = blue.size();
    assert(red.size() == pairs && luma.size() == 2 * pairs && row.size() == 4 * pairs);
    const std::uint8_t* from_luma = luma.data();
    const std::uint8_t* from_blue = blue.data();
    const std::uint8_t* from_red = red.data();
    std::uint8_t* to = row.data();
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        to[4 * pair] = from_luma[2 * pair];
        to[4 * pair + 1] = from_blue[pair];
        to[4 * pair + 2] = from_luma[2 * pair + 1];
        to[4 * pair + 3] = from_red[pair];
    }
}

void interleave(std::span<const std::uint8_t> blue, std::span<const std::uint8_t> red,
                std::span<std::uint8_t> row) {
    assert(red.size() == blue.size() && row.size() == 2 * blue.size());
    const std::uint8_t* from_blue = blue.data();
    const std::uint8_t* from_red = red.data();
    std::uint8_t* to = row.data();
    for (std::size_t sample = 0; sample < blue.size(); ++sample) {
        to[2 * sample] = from_blue[sample];
        to[2 * sample + 1] = from_red[sample];
    }
}

void average(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other,
             std::span<std::uint8_t> row) {
    assert(one.size() == other.size() && row.size() == one.size());
    const std::uint8_t* from_one = one.data();
    const std::uint8_t* from_other = other.data();
    std::uint8_t* to = row.data();
    for (std::size_t sample = 0; sample < row.size(); ++sample) {
        to[sample] = static_cast<std::uint8_t>((from_one[sample] + from_other[sample] + 1) / 2);
    }
}

}  // namespace minikvm
