// SPDX-License-Identifier: MIT
// Side: which of the two computers something belongs to.

#pragma once

namespace minikvm::sim {

enum class Side { Host, Target };

constexpr const char* name_of(Side side) {
    return side == Side::Host ? "host" : "target";
}

}  // namespace minikvm::sim
