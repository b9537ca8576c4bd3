// SPDX-License-Identifier: MIT
// What the parts of a stick say, as values of the control tree.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/attribute_tree.h"
#include "daemon/session.h"
#include "daemon/switch_view.h"
#include "device/generation.h"
#include "device/input_chip.h"
#include "device/register_snapshot.h"
#include "device/stick_monitor.h"
#include "device/switch_sequence.h"
#include "protocol/switch_position.h"
#include "uinput-bridge/input_bridge.h"
#include "v4l2-bridge/video_bridge.h"

namespace minikvm {

/// What of a stick works now, the `state` attribute.
enum class StickState { Ready, NoCapture, NoSerial, NoCamera, Absent };

std::string_view stick_state_name(StickState state);
std::string_view usb_side_name(SwitchPosition side);

/// Each publishes the attributes that its argument knows, in `tree`. Thread: the tree's.
void publish_nodes(AttributeTree& tree, const StickNodes& nodes);
void publish_registers(AttributeTree& tree, const RegisterSnapshot& snapshot);
void publish_generation(AttributeTree& tree, std::optional<Generation> generation);
void publish_switch(AttributeTree& tree, const SwitchView& view);
void publish_verified(AttributeTree& tree, Verified verified);
void publish_video(AttributeTree& tree, const VideoStatus& status);
void publish_sink(AttributeTree& tree, const InputBridge& input);
void publish_sink_counters(AttributeTree& tree, const InputCounters& counters);
void publish_chip_counters(AttributeTree& tree, const ChipCounters& counters);
void publish_recoveries(AttributeTree& tree, const RecoveryCounters& counters);

/// `chip` is null while none answers; `speed_bd` is 0 then, and where the line has no speed.
void publish_chip(AttributeTree& tree, const InputChip* chip, int speed_bd);

}  // namespace minikvm
