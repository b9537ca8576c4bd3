// SPDX-License-Identifier: MIT
// minikvmctl usb: moves the switchable USB port, and says whether it was seen to go.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/attribute_wait.h"
#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

constexpr const char* kCycle = "cycle";

// A pulse may have to wait 2 s for the one before, takes half a second, and a device up to 5 s to
// enumerate; within 10 s the command has said something.
constexpr std::chrono::seconds kLongestSwitch{9};

/// What the stick said in the end.
struct Outcome {
    std::string side;      // usb/switch
    std::string verified;  // usb/verified
    std::string device;    // usb/device
};

// What was seen instead of what was asked for.
std::string disappointment(const std::string& wish, const Outcome& seen) {
    const std::string where = fmt::format("the switch says {}", seen.side);
    const std::string device = seen.device.empty()
                                   ? "no device shows on this computer's side of the port"
                                   : fmt::format("{} is on this computer", seen.device);
    if (seen.verified == "pending") {
        return fmt::format("{}; after {} s it is not settled, and {}", where,
                           kLongestSwitch.count(), device);
    }
    if (seen.verified == "no") {
        return wish == kCycle
                   ? fmt::format("the device was not seen to leave and come back: {}, and {}",
                                 where, device)
                   : fmt::format("the port was not seen to go: {}, but {}", where, device);
    }
    return fmt::format("{}; whether that happened cannot be seen from here, since {}", where,
                       wish == kCycle && seen.side != "host" ? "the port is the target's" : device);
}

class UsbCommand final : public Command {
public:
    explicit UsbCommand(CommandLine program)
        : Command(program, "usb", "Move the switchable USB port, or restart the device in it") {
        line()
            .add_argument("WHAT", what_,
                          "host, target, toggle; or cycle: take the power away for a moment")
            .required()
            .one_of({"host", "target", "toggle", kCycle});
        line().add_flag("--wait", wait_, "Exit with 0 only if it was seen to happen, else with 5");
    }

    ExitStatus run(const CommandOptions& options) override {
        Result<ReachableStick> stick = find_one_stick(options.directory, options.stick);
        if (!stick) {
            return complain(stick.error());
        }
        const Result<std::string> now = stick->client.set(
            what_ == kCycle ? std::string("usb/power") : std::string("usb/switch"), what_);
        if (!now) {
            const ExitStatus status = complain(now.error());
            return wait_ && status == ExitStatus::Failed ? ExitStatus::NotVerified : status;
        }
        const Result<Outcome> outcome = see(stick->client);
        if (!outcome) {
            return complain(outcome.error());
        }
        print(options, stick->id, *outcome);
        if (!wait_ || outcome->verified == "yes") {
            return ExitStatus::Done;
        }
        print_error(disappointment(what_, *outcome));
        return ExitStatus::NotVerified;
    }

private:
    Result<Outcome> see(ControlClient& client) const {
        Outcome outcome;
        if (wait_) {
            outcome.verified = MINIKVM_TRY(wait_for_value(
                client, "usb/verified", [](const auto& value) { return value != "pending"; },
                kLongestSwitch));
        }
        outcome.side = MINIKVM_TRY(client.get("usb/switch"));
        outcome.device = MINIKVM_TRY(client.get("usb/device"));
        return outcome;
    }

    void print(const CommandOptions& options, const std::string& stick,
               const Outcome& outcome) const {
        if (!options.json) {
            print_line(outcome.side);
            return;
        }
        ordered_json values = {{"usb/switch", outcome.side}, {"usb/device", outcome.device}};
        if (wait_) {
            values["usb/verified"] = outcome.verified;
        }
        print_json(ordered_json::array({{{"stick", stick}, {"values", std::move(values)}}}));
    }

    std::string what_;
    bool wait_ = false;
};

}  // namespace

std::unique_ptr<Command> make_usb_command(CommandLine program) {
    return std::make_unique<UsbCommand>(program);
}

}  // namespace minikvm
