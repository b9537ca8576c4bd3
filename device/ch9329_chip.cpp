// SPDX-License-Identifier: MIT
// Ch9329Chip: the engine on its line.

#include "device/ch9329_chip.h"

namespace minikvm {

Result<std::unique_ptr<Ch9329Chip>> Ch9329Chip::create(EventLoop& loop, SerialPort& port,
                                                       const Ch9329Options& options,
                                                       const Ch9329Callbacks& callbacks) {
    std::unique_ptr<Ch9329Chip> chip(new Ch9329Chip(loop, options, callbacks));
    chip->line_ = MINIKVM_TRY(ChipLine::create(loop, port, *chip));
    chip->engine_.start(loop.now());
    chip->line_->rearm();
    return chip;
}

Ch9329Chip::Ch9329Chip(EventLoop& loop, const Ch9329Options& options,
                       const Ch9329Callbacks& callbacks)
    : loop_(loop), callbacks_(callbacks), engine_(*this, options, callbacks) {
}

void Ch9329Chip::send(const HidReport& report) {
    engine_.send(loop_.now(), report);
    line_->rearm();
}

// The line is armed anew by whoever has called the engine that calls on_silent.
void Ch9329Chip::reset() {
    engine_.reset(loop_.now());
}

void Ch9329Chip::line_lost(const Error& error) {
    engine_.stop();
    if (callbacks_.on_lost) {
        callbacks_.on_lost(error);
    }
}

}  // namespace minikvm
