// SPDX-License-Identifier: MIT
// SwitchView: what is known of the switchable port, whichever chip moves it.

#pragma once

#include <optional>
#include <string>

#include "device/register_snapshot.h"
#include "protocol/switch_position.h"

namespace minikvm {

class Session;

struct SwitchView {
    enum class Chip {
        Absent,     // it is not plugged in
        Silent,     // `problem` says why
        Answering,  //
        Foreign,    // it runs firmware of others, which cannot: `problem` says it
    };

    Chip chip = Chip::Absent;
    std::string problem;
    std::optional<SwitchPosition> position;
    std::optional<SwitchPosition> slide;  // the switch on the case, where software reads it
};

/// Of a stick whose capture chip moves the port. Thread: any thread.
SwitchView view_of(const RegisterSnapshot& snapshot);

/// Of a stick whose input chip does. Thread: the session's.
SwitchView view_of(const Session& session);

}  // namespace minikvm
