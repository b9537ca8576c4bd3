// SPDX-License-Identifier: MIT

#include "sim/stick/board.h"

#include <algorithm>
#include <array>

namespace minikvm::sim {
namespace {

constexpr std::array kBoards = {
    Board{Generation::MiniKvm16, "mini-kvm-1.6", CaptureChip::Ms2109, KeyboardChip::Ch9329,
          SwitchedBy::Slide, 1, 2, 3, 0, false},
    Board{Generation::MiniKvm19, "mini-kvm-1.9", CaptureChip::Ms2109, KeyboardChip::Ch9329,
          SwitchedBy::CaptureChip, 1, 2, 3, 4, false},
    Board{Generation::MiniKvm2, "mini-kvm-2", CaptureChip::Ms2109s, KeyboardChip::Ch32v208,
          SwitchedBy::KeyboardChip, 1, 2, 3, 0, false},
    Board{Generation::KvmGo, "kvm-go", CaptureChip::Ms2130s, KeyboardChip::Ch32v208,
          SwitchedBy::KeyboardChip, 4, 2, 1, 0, true},
};

}  // namespace

const Board& board_of(Generation generation) {
    return *std::ranges::find(kBoards, generation, &Board::generation);
}

}  // namespace minikvm::sim
