// SPDX-License-Identifier: MIT
// What the parts of a stick say, as values of the control tree.

#pragma once

#include <string>
#include <string_view>

#include "daemon/attribute_tree.h"
#include "device/ch9329_chip.h"
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
void publish_verified(AttributeTree& tree, Verified verified);
void publish_video(AttributeTree& tree, const VideoStatus& status);
void publish_sink(AttributeTree& tree, const InputBridge& input);
void publish_chip_counters(AttributeTree& tree, const Ch9329Counters& counters);

/// `chip` is null, and `speed_bd` 0, while none answers.
void publish_chip(AttributeTree& tree, const Ch9329Chip* chip, int speed_bd);

}  // namespace minikvm
