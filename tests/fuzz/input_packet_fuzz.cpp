// SPDX-License-Identifier: MIT
// The input socket's packets under arbitrary bytes, from either side.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "protocol/input_packet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span packet(data, size);
    for (const auto pointer : {minikvm::InputPointer::Relative, minikvm::InputPointer::Absolute}) {
        const auto report = minikvm::parse_input_report(packet, pointer);
        if (report) {
            assert(report->count >= 1 && report->count <= minikvm::kMaxInputEvents);
            const auto events = report->used().first(report->count - 1);
            const auto again = minikvm::encode_input(report->sequence, events);
            // The last event's value is nobody's business, and so is not kept.
            const std::size_t kept = size - sizeof(std::int32_t);
            assert(std::ranges::equal(packet.first(kept), again.bytes().first(kept)));
        }
    }
    static_cast<void>(minikvm::parse_input_hello(packet));
    static_cast<void>(minikvm::parse_input_answer(packet));
    return 0;
}
