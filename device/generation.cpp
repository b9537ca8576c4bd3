// SPDX-License-Identifier: MIT

#include "device/generation.h"

#include <algorithm>
#include <array>

namespace minikvm {
namespace {

// Columns: input chip, switch, slide read, power by DTR, extension pins, serial line.
constexpr std::array kGenerations = {
    // The slide is wired to the multiplexer; GPIO0, SPDIFOUT, DTR and RTS are not connected.
    GenerationFacts{Generation::MiniKvm16, "mini-kvm-1.6", InputModel::Ch9329, SwitchWay::SlideOnly,
                    Has::No, Has::No, Has::No, Has::Yes},
    GenerationFacts{Generation::MiniKvm19, "mini-kvm-1.9", InputModel::Ch9329,
                    SwitchWay::CaptureCell, Has::Yes, Has::Yes, Has::Yes, Has::Yes},
    // The firmware follows the slide by itself, and no command reads where it stands.
    GenerationFacts{Generation::MiniKvm2, "mini-kvm-2", InputModel::Ch32v208,
                    SwitchWay::SerialCommand, Has::No, Has::No, Has::No, Has::No},
    // A button instead of a slide, a card reader instead of a USB-A socket.
    GenerationFacts{Generation::KvmGo, "kvm-go", InputModel::Ch32v208, SwitchWay::SerialCommand,
                    Has::No, Has::No, Has::No, Has::No},
};

// docs/hardware.md 5.4.
constexpr std::uint8_t kKvmGoVersion = 0x01;
constexpr std::uint8_t kMiniKvm2Version = 0x02;

}  // namespace

std::span<const GenerationFacts> generations() {
    return kGenerations;
}

const GenerationFacts& facts_of(Generation generation) {
    return *std::ranges::find(kGenerations, generation, &GenerationFacts::generation);
}

std::optional<Generation> generation_named(std::string_view name) {
    const auto* const found = std::ranges::find(kGenerations, name, &GenerationFacts::name);
    return found == kGenerations.end() ? std::nullopt : std::optional(found->generation);
}

std::optional<CaptureModel> capture_model(UsbId id) {
    if (id == kMs2109) {
        return CaptureModel::Ms2109;
    }
    if (id == kMs2109s) {
        return CaptureModel::Ms2109s;
    }
    return id == kMs2130s ? std::optional(CaptureModel::Ms2130s) : std::nullopt;
}

std::optional<InputModel> input_model(UsbId id) {
    if (id == kCh340) {
        return InputModel::Ch9329;
    }
    return id == kCh32v208 ? std::optional(InputModel::Ch32v208) : std::nullopt;
}

std::string_view model_name(CaptureModel model) {
    switch (model) {
        case CaptureModel::Ms2109:
            return "MS2109";
        case CaptureModel::Ms2109s:
            return "MS2109S";
        case CaptureModel::Ms2130s:
            break;
    }
    return "MS2130S";
}

std::string_view model_name(InputModel model) {
    return model == InputModel::Ch9329 ? "CH9329" : "CH32V208";
}

std::optional<Generation> generation_of(const SeenChips& seen) {
    const bool is_first =
        seen.input == InputModel::Ch9329 || (!seen.input && seen.capture == CaptureModel::Ms2109);
    if (is_first) {
        return seen.configured == Generation::MiniKvm16 ? Generation::MiniKvm16
                                                        : Generation::MiniKvm19;
    }
    if (seen.input_version == kKvmGoVersion || seen.capture == CaptureModel::Ms2130s) {
        return Generation::KvmGo;
    }
    const bool is_second = seen.input_version == kMiniKvm2Version ||
                           seen.capture == CaptureModel::Ms2109s || seen.input.has_value();
    return is_second ? std::optional(Generation::MiniKvm2) : std::nullopt;
}

}  // namespace minikvm
