// SPDX-License-Identifier: MIT
// minikvmctl grab: this machine's keyboard and mouse for a stick's target, and back.

#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/attribute_wait.h"
#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

constexpr const char* kOff = "off";
constexpr const char* kStatus = "status";

// The Enter that started this command is up long before; a stick answers within 3 s or not at all.
constexpr std::chrono::seconds kLongestWait{8};

/// What the forwarder says.
struct Turn {
    std::string state;
    std::string target;
    std::string given_back;
    std::string problem;
};

// "90", "15s" or "2m"; none when it is something else.
std::optional<int> seconds_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    constexpr int kMostMinutes = 60;
    if (error != std::errc() || number <= 0 || number > kMostMinutes * 60 ||
        (unit == "m" && number > kMostMinutes)) {
        return std::nullopt;
    }
    if (unit.empty() || unit == "s") {
        return number;
    }
    return unit == "m" ? std::optional(number * 60) : std::nullopt;
}

std::string check_duration(const std::string& text) {
    return seconds_of(text) ? std::string()
                            : "\"" + text + "\" is no time of at most an hour, such as 15s or 2m";
}

Result<ControlClient> connect_forwarder(const std::string& directory) {
    Result<ControlClient> client = ControlClient::connect(directory + "/forward");
    if (!client && (client.error().code == std::errc::no_such_file_or_directory ||
                    client.error().code == std::errc::connection_refused)) {
        return make_error(
            ControlError::Failed,
            "minikvm-forward does not run; systemctl status minikvm-forward says why");
    }
    return client;
}

Result<Turn> read_turn(ControlClient& client) {
    Turn turn;
    turn.state = MINIKVM_TRY(client.get("state"));
    turn.target = MINIKVM_TRY(client.get("target"));
    turn.given_back = MINIKVM_TRY(client.get("given_back"));
    turn.problem = MINIKVM_TRY(client.get("problem"));
    return turn;
}

void print(const CommandOptions& options, const Turn& turn) {
    if (options.json) {
        print_json({{"state", turn.state},
                    {"target", turn.target},
                    {"given_back", turn.given_back},
                    {"problem", turn.problem}});
    } else {
        print_line(turn.state == "grabbed" || turn.state == "host"
                       ? turn.target
                       : fmt::format("{} {}", turn.target, turn.state));
    }
}

class GrabCommand final : public Command {
public:
    explicit GrabCommand(CommandLine program)
        : Command(program, "grab",
                  "Give this machine's keyboard and mouse to a target, or take them") {
        line().add_argument("WHAT", what_,
                            "A stick's ID or name (default: the only one), off, or status");
        line()
            .add_argument("--for", for_, "Come back after so long, such as 15s or 2m")
            .checked(check_duration);
    }

    ExitStatus run(const CommandOptions& options) override {
        const Result<Turn> turn = what_ == kStatus ? status(options) : change(options);
        if (!turn) {
            return complain(turn.error());
        }
        print(options, *turn);
        if (what_ == kOff || what_ == kStatus || turn->state == "grabbed") {
            return ExitStatus::Done;
        }
        print_error(turn->state == "host"
                        ? fmt::format("given back: {}{}{}", turn->given_back,
                                      turn->problem.empty() ? "" : ": ", turn->problem)
                        : "it begins once every key and button is up");
        return ExitStatus::Failed;
    }

private:
    static Result<Turn> status(const CommandOptions& options) {
        ControlClient client = MINIKVM_TRY(connect_forwarder(options.directory));
        return read_turn(client);
    }

    Result<Turn> change(const CommandOptions& options) const {
        const std::string target = MINIKVM_TRY(wanted_target(options));
        ControlClient client = MINIKVM_TRY(connect_forwarder(options.directory));
        if (!for_.empty() && what_ != kOff) {
            MINIKVM_TRY(client.set("trial_s", std::to_string(*seconds_of(for_))));
        }
        MINIKVM_TRY(client.set("target", target));
        MINIKVM_TRY(wait_for_value(
            client, "state",
            [](const std::string& state) { return state == "host" || state == "grabbed"; },
            kLongestWait));
        return read_turn(client);
    }

    Result<std::string> wanted_target(const CommandOptions& options) const {
        if (what_ == kOff) {
            return std::string("host");
        }
        const std::string& wanted = what_.empty() ? options.stick : what_;
        return MINIKVM_TRY(find_one_stick(options.directory, wanted)).id;
    }

    std::string what_;
    std::string for_;
};

}  // namespace

std::unique_ptr<Command> make_grab_command(CommandLine program) {
    return std::make_unique<GrabCommand>(program);
}

}  // namespace minikvm
