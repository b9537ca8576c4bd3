// SPDX-License-Identifier: MIT
// InputChip: the chip that types and points on the target, whichever it is.

#pragma once

#include <optional>

#include "device/generation.h"
#include "device/hid_command.h"
#include "device/hid_sink.h"
#include "protocol/ch9329_commands.h"

namespace minikvm {

/// Thread:  the thread that made it.
class InputChip : public HidSink {
public:
    virtual InputModel model() const = 0;

    /// The newest GET_INFO answer; nothing before the first, or while the chip does not answer.
    virtual const std::optional<ch9329::Information>& information() const = 0;
    virtual const ChipCounters& counters() const = 0;
};

}  // namespace minikvm
