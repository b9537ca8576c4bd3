// SPDX-License-Identifier: MIT
// What each CH9329 command does, apart from when.

#include "sim/serial/ch9329_commands.h"

#include <algorithm>
#include <array>
#include <string>

namespace minikvm::sim {
namespace {

using Payload = std::span<const std::uint8_t>;

// First payload bytes of commands 03, 04 and 05 (hardware.md 5.3).
constexpr std::uint8_t kSystemId = 0x01;
constexpr std::uint8_t kConsumerId = 0x02;
constexpr std::uint8_t kAbsoluteId = 0x02;
constexpr std::uint8_t kRelativeId = 0x01;
constexpr unsigned kAbsoluteMax = 4095;
constexpr std::size_t kMaxCustomBytes = 64;

Outcome with(Ch9329Status status) {
    return {status, {}, false, false};
}

enum class Function { Keyboard, Media, Mouse, Custom };

/// What each working mode has (hardware.md 5.5, 5.8).
bool mode_has(WorkingMode mode, Function function) {
    switch (mode) {
        case WorkingMode::KeyboardMouseCustom:
            return true;
        case WorkingMode::Keyboard:
            return function == Function::Keyboard;
        case WorkingMode::KeyboardMouse:
            return function != Function::Custom;
        case WorkingMode::Custom:
            return function == Function::Custom;
    }
    return false;
}

Outcome give_report(const CommandContext& context, Function function, const HidReport& report) {
    if (!mode_has(context.active.working_mode(), function)) {
        return with(Ch9329Status::NotExecuted);
    }
    if (context.target.enumerated()) {
        context.target.receive(context.now, report);
        return {};
    }
    Outcome outcome;
    outcome.silent = context.options.absent_target == AbsentTargetAnswer::Silence;
    if (context.options.absent_target == AbsentTargetAnswer::NotExecuted) {
        outcome.status = Ch9329Status::NotExecuted;
    }
    return outcome;
}

Outcome get_info(Payload payload, const CommandContext& context) {
    if (!payload.empty()) {
        return with(Ch9329Status::BadParameter);
    }
    const std::uint8_t enumerated = context.target.enumerated() ? 1 : 0;
    return {Ch9329Status::Done,
            {context.options.version, enumerated, context.target.leds(), 0, 0, 0, 0, 0},
            false,
            false};
}

Outcome keyboard(Payload payload, const CommandContext& context) {
    if (payload.size() != 8 || payload[1] != 0) {
        return with(Ch9329Status::BadParameter);
    }
    KeyboardReport report;
    report.modifiers = payload[0];
    std::copy(payload.begin() + 2, payload.end(), report.usages.begin());
    return give_report(context, Function::Keyboard, report);
}

Outcome media(Payload payload, const CommandContext& context) {
    if (payload.size() == 2 && payload[0] == kSystemId) {
        return give_report(context, Function::Media, SystemReport{payload[1]});
    }
    if (payload.size() == 4 && payload[0] == kConsumerId) {
        return give_report(context, Function::Media,
                           ConsumerReport{{payload[1], payload[2], payload[3]}});
    }
    return with(Ch9329Status::BadParameter);
}

Outcome absolute_mouse(Payload payload, const CommandContext& context) {
    if (payload.size() != 7 || payload[0] != kAbsoluteId) {
        return with(Ch9329Status::BadParameter);
    }
    AbsoluteMouseReport report;
    report.buttons = payload[1];
    report.x = static_cast<std::uint16_t>(payload[2] | payload[3] << 8U);
    report.y = static_cast<std::uint16_t>(payload[4] | payload[5] << 8U);
    report.wheel = static_cast<std::int8_t>(payload[6]);
    if (report.x > kAbsoluteMax || report.y > kAbsoluteMax) {
        return with(Ch9329Status::BadParameter);
    }
    return give_report(context, Function::Mouse, report);
}

Outcome relative_mouse(Payload payload, const CommandContext& context) {
    if (payload.size() != 5 || payload[0] != kRelativeId) {
        return with(Ch9329Status::BadParameter);
    }
    RelativeMouseReport report;
    report.buttons = payload[1];
    report.dx = static_cast<std::int8_t>(payload[2]);
    report.dy = static_cast<std::int8_t>(payload[3]);
    report.wheel = static_cast<std::int8_t>(payload[4]);
    return give_report(context, Function::Mouse, report);
}

Outcome custom_hid(Payload payload, const CommandContext& context) {
    if (payload.size() > kMaxCustomBytes) {
        return with(Ch9329Status::BadParameter);
    }
    return give_report(context, Function::Custom, CustomReport{{payload.begin(), payload.end()}});
}

Outcome get_parameters(Payload payload, const CommandContext& context) {
    if (!payload.empty()) {
        return with(Ch9329Status::BadParameter);
    }
    const auto& block = context.stored.block();
    return {Ch9329Status::Done, {block.begin(), block.end()}, false, false};
}

Outcome set_parameters(Payload payload, const CommandContext& context) {
    if (payload.size() != kParameterBytes) {
        return with(Ch9329Status::BadParameter);
    }
    const auto block = payload.first<kParameterBytes>();
    if (!Ch9329Settings::acceptable(block, context.options)) {
        return with(Ch9329Status::BadParameter);
    }
    context.stored.set_block(block);
    return {};
}

Outcome get_string(Payload payload, const CommandContext& context) {
    if (payload.size() != 1 || payload[0] > 2) {
        return with(Ch9329Status::BadParameter);
    }
    const std::string& text = context.stored.usb_string(payload[0]);
    std::vector<std::uint8_t> answer = {payload[0], static_cast<std::uint8_t>(text.size())};
    answer.insert(answer.end(), text.begin(), text.end());
    return {Ch9329Status::Done, answer, false, false};
}

Outcome set_string(Payload payload, const CommandContext& context) {
    if (payload.size() < 2 || payload[0] > 2 || payload[1] > kMaxStringBytes ||
        payload.size() != 2U + payload[1]) {
        return with(Ch9329Status::BadParameter);
    }
    context.stored.set_usb_string(payload[0], std::string(payload.begin() + 2, payload.end()));
    return {};
}

Outcome set_default(Payload payload, const CommandContext& context) {
    if (!payload.empty()) {
        return with(Ch9329Status::BadParameter);
    }
    context.stored = Ch9329Settings::factory();
    return {};
}

Outcome reset(Payload payload, const CommandContext& /*context*/) {
    if (!payload.empty()) {
        return with(Ch9329Status::BadParameter);
    }
    return {Ch9329Status::Done, {}, false, true};
}

struct ChipCommand {
    std::uint8_t number;
    Outcome (*execute)(Payload payload, const CommandContext& context);
};

constexpr std::array<ChipCommand, 12> kChipCommands = {{
    {0x01, get_info},
    {0x02, keyboard},
    {0x03, media},
    {0x04, absolute_mouse},
    {0x05, relative_mouse},
    {0x06, custom_hid},
    {0x08, get_parameters},
    {0x09, set_parameters},
    {0x0A, get_string},
    {0x0B, set_string},
    {0x0C, set_default},
    {0x0F, reset},
}};

}  // namespace

Outcome execute(const Packet& packet, const CommandContext& context) {
    const auto* command = std::find_if(
        kChipCommands.begin(), kChipCommands.end(),
        [&packet](const ChipCommand& candidate) { return candidate.number == packet.command; });
    if (command == kChipCommands.end()) {
        return with(Ch9329Status::UnknownCommand);
    }
    return command->execute(packet.payload, context);
}

}  // namespace minikvm::sim
