// SPDX-License-Identifier: MIT
// minikvmctl pinout: the extension pins, and what is plugged there.

#include <stdlib.h>

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/pinout_drawing.h"
#include "clients/ctl/sticks.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

// As setlocale(3) would choose for messages.
std::string_view users_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        // No other thread runs.
        // NOLINTNEXTLINE(concurrency-mt-unsafe)
        const char* locale = ::getenv(name);
        if (locale != nullptr && *locale != '\0') {
            return pinout_language_of(locale);
        }
    }
    return kPinoutLanguages.front();
}

// Nothing where the stick's model has none of that name.
Result<std::optional<std::string>> get_if_there(ControlClient& client, const char* name) {
    Result<std::string> value = client.get(name);
    if (!value && value.error().code == ControlError::NoSuchAttribute) {
        return std::nullopt;
    }
    return MINIKVM_TRY(std::move(value));
}

Result<PluggedNow> look_at(ReachableStick& stick) {
    return PluggedNow{stick.id, MINIKVM_TRY(get_if_there(stick.client, "extension/host/device")),
                      MINIKVM_TRY(get_if_there(stick.client, "usb/switch")),
                      MINIKVM_TRY(stick.client.get("usb/device"))};
}

ordered_json or_null(const std::optional<std::string>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

Result<std::vector<PluggedNow>> look_at_all(const CommandOptions& options) {
    std::vector<ReachableStick> sticks = MINIKVM_TRY(reachable_sticks(options.directory));
    if (!options.stick.empty()) {
        sticks = MINIKVM_TRY(wanted_sticks(std::move(sticks), options.stick));
    }
    std::vector<PluggedNow> plugged;
    for (ReachableStick& stick : sticks) {
        plugged.push_back(MINIKVM_TRY(look_at(stick)));
    }
    return plugged;
}

ordered_json as_json(const std::vector<PluggedNow>& plugged) {
    ordered_json pins = ordered_json::array();
    for (const ExtensionPin& pin : kExtensionPins) {
        pins.push_back(
            {{"pin", pin.number},
             {"signal", pin.signal},
             {"side", pin.side.empty() ? ordered_json() : ordered_json(std::string(pin.side))}});
    }
    ordered_json sticks = ordered_json::array();
    for (const PluggedNow& stick : plugged) {
        sticks.push_back({{"stick", stick.stick},
                          {"values",
                           {{"extension/host/device", or_null(stick.on_pins)},
                            {"usb/switch", or_null(stick.usb_switch)},
                            {"usb/device", stick.in_usb_a}}}});
    }
    return {{"pins", std::move(pins)}, {"sticks", std::move(sticks)}};
}

class PinoutCommand final : public Command {
public:
    explicit PinoutCommand(CommandLine program)
        : Command(program, "pinout", "Draw the extension pins, and say what is plugged there") {
        line()
            .add_argument("--language", language_, "en, ro, de or fr (default: the locale's)")
            .one_of({kPinoutLanguages.begin(), kPinoutLanguages.end()});
    }

    ExitStatus run(const CommandOptions& options) override {
        const Result<std::vector<PluggedNow>> plugged = look_at_all(options);
        if (!plugged) {
            return complain(plugged.error());
        }
        if (options.json) {
            print_json(as_json(*plugged));
            return ExitStatus::Done;
        }
        const std::string_view language = language_.empty() ? users_language() : language_;
        fmt::print("{}", pinout_drawing(pinout_text(language), *plugged, TextStyle::for_output()));
        return ExitStatus::Done;
    }

private:
    std::string language_;
};

}  // namespace

std::unique_ptr<Command> make_pinout_command(CommandLine program) {
    return std::make_unique<PinoutCommand>(program);
}

}  // namespace minikvm
