// SPDX-License-Identifier: MIT
// What each generation of the stick has: the one table of it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "device/usb_id.h"

namespace minikvm {

enum class Generation : std::uint8_t { MiniKvm16, MiniKvm19, MiniKvm2, KvmGo };

enum class CaptureModel : std::uint8_t { Ms2109, Ms2109s, Ms2130s };

enum class InputModel : std::uint8_t { Ch9329, Ch32v208 };

/// What moves the switchable port.
enum class SwitchWay : std::uint8_t {
    SlideOnly,      // the slide on the case; no software can, or sees where it stands
    CaptureCell,    // the capture chip's SPDIFOUT pin, by a cell of its firmware
    SerialCommand,  // command 17 to the input chip
};

enum class Has : std::uint8_t { No, Yes };

struct GenerationFacts {
    Generation generation;
    std::string_view name;  // the attribute `generation`
    InputModel input;
    SwitchWay switch_way;
    Has slide_cell;      // the slide is read, and followed, by software
    Has power_line;      // DTR gives the switchable port its power
    Has extension_pins;  //
    Has line_speed;      // between USB and the input chip there is a serial line
};

/// All generations. What is uncertain is taken for what a driver can live with: of the extension
/// pins of the Mini-KVM v2 nothing is known (U).
/// Source:  docs/hardware.md 0, 4. Thread: any thread.
std::span<const GenerationFacts> generations();
const GenerationFacts& facts_of(Generation generation);
std::optional<Generation> generation_named(std::string_view name);

/// The chips behind the USB IDs of a stick's halves; nothing for any other device.
/// Source:  docs/hardware.md 1.1.
std::optional<CaptureModel> capture_model(UsbId id);
std::optional<InputModel> input_model(UsbId id);
std::string_view model_name(CaptureModel model);
std::string_view model_name(InputModel model);

/// The driver that each input chip is opened by. kCh340 is the bridge in front of a CH9329.
inline constexpr UsbId kMs2109 = {0x534D, 0x2109};
inline constexpr UsbId kMs2109s = {0x345F, 0x2109};
inline constexpr UsbId kMs2130s = {0x345F, 0x2132};
inline constexpr UsbId kCh340 = {0x1A86, 0x7523};
inline constexpr UsbId kCh32v208 = {0x1A86, 0xFE0C};

/// What has been seen of a plugged stick. A half that is not there is absent.
struct SeenChips {
    std::optional<CaptureModel> capture;
    std::optional<InputModel> input;
    std::optional<std::uint8_t> input_version;  // first byte of GET_INFO's answer
    std::optional<Generation> configured;       // by the user
};

/// Which generation that is.
///
/// A CH32V208 says so itself (docs/hardware.md 5.4); until it has answered the capture chip tells,
/// as which the KVM-GO with a VGA plug and the Mini-KVM v2 are alike. A 1.6 differs from a 1.9 in
/// wires that nothing shows: it is one when the user says so.
/// Thread:  any thread.
std::optional<Generation> generation_of(const SeenChips& seen);

}  // namespace minikvm
