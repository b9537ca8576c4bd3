// SPDX-License-Identifier: MIT
// Which chips each generation of the stick has, and on which ports of its hub.

#pragma once

#include <cstdint>
#include <string_view>

#include "sim/ms2109/capture_chip.h"

namespace minikvm::sim {

enum class Generation { MiniKvm16, MiniKvm19, MiniKvm2, KvmGo };

enum class KeyboardChip { Ch9329, Ch32v208 };

/// What moves the switchable port.
enum class SwitchedBy {
    Slide,         // the slide switch itself, and nothing else
    CaptureChip,   // its SPDIFOUT pin; the slide is a wire that software reads
    KeyboardChip,  // its firmware, by command 17 and by the slide or the button
};

/// Hub ports count from 1; 0: the board has no such thing.
struct Board {
    Generation generation;
    std::string_view name;
    CaptureChip capture;
    KeyboardChip keyboard;
    SwitchedBy switched_by;
    unsigned capture_port;
    unsigned serial_port;
    unsigned switched_port;
    unsigned extension_port;
    bool is_fed_by_target;  // the switchable device has no power unless the target gives it
};

/// Source: hardware.md 0, 1.2, 1.4, 4. The ports of the Mini-KVM v2 are not published (U): those of
/// the 1.9 are taken; nor whether it has extension pins.
const Board& board_of(Generation generation);

}  // namespace minikvm::sim
