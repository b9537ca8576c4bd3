// SPDX-License-Identifier: MIT
// Ch32v208Chip: the engine on its line.

#include "device/ch32v208_chip.h"

#include <utility>

namespace minikvm {
namespace {

// docs/hardware.md 5.6: what the vendor's applications set, and what changes nothing.
constexpr int kSpeedBd = 115200;

}  // namespace

Result<std::unique_ptr<Ch32v208Chip>> Ch32v208Chip::create(EventLoop& loop, SerialPort& port,
                                                           const Ch32v208Callbacks& callbacks) {
    std::unique_ptr<Ch32v208Chip> chip(new Ch32v208Chip(loop, callbacks));
    MINIKVM_TRY(port.set_speed(kSpeedBd));
    chip->line_ = MINIKVM_TRY(ChipLine::create(loop, port, *chip));
    chip->engine_.start(loop.now());
    chip->line_->rearm();
    return chip;
}

Ch32v208Chip::Ch32v208Chip(EventLoop& loop, const Ch32v208Callbacks& callbacks)
    : loop_(loop), callbacks_(callbacks), engine_(*this, callbacks) {
}

HidAbilities Ch32v208Chip::abilities() const {
    return {.media_keys = false, .buttons = 3, .highest_usage = hid::HidUsage{0x91}};
}

void Ch32v208Chip::send(const HidReport& report) {
    engine_.send(loop_.now(), report);
    line_->rearm();
}

void Ch32v208Chip::select(SwitchPosition position, Ch32v208Engine::SelectCallback done) {
    engine_.select(loop_.now(), position, std::move(done));
    line_->rearm();
}

void Ch32v208Chip::line_lost(const Error& error) {
    engine_.stop();
    if (callbacks_.on_lost) {
        callbacks_.on_lost(error);
    }
}

}  // namespace minikvm
