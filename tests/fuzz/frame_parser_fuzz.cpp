// SPDX-License-Identifier: MIT
// FrameParser under arbitrary bytes, which arrive in arbitrary pieces.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "protocol/ch9329_frame.h"

using minikvm::ch9329::encode;
using minikvm::ch9329::FrameParser;

namespace {

// Takes out all frames there are, and returns how many bytes they had. Each must be in the input.
std::size_t take_frames(FrameParser& parser, std::span<const std::uint8_t> input) {
    std::size_t bytes = 0;
    while (const auto frame = parser.next()) {
        const auto encoded = encode(*frame);
        const auto wire = encoded.bytes();
        assert(std::search(input.begin(), input.end(), wire.begin(), wire.end()) != input.end());
        bytes += wire.size();
    }
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span input(data, size);
    FrameParser parser;
    std::size_t taken = 0;
    auto rest = input;
    while (!rest.empty()) {
        // Up to twice what the parser holds.
        const std::size_t piece = std::min<std::size_t>((rest[0] + 1U) * 8U, rest.size());
        parser.push(rest.first(piece));
        taken += take_frames(parser, input);
        rest = rest.subspan(piece);
    }
    while (parser.holds_partial()) {
        parser.drop_partial();
        taken += take_frames(parser, input);
    }
    // No byte is lost, none counted twice.
    assert(taken + parser.discarded_bytes() == size);
    return 0;
}
