// SPDX-License-Identifier: MIT
// minikvmctl watch: values as they change, of one stick or of all.

#include <poll.h>

#include <cerrno>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

class WatchOutput {
public:
    WatchOutput(bool json, bool several) : json_(json), prefix_{.stick = several, .name = true} {}

    void print(const std::string& stick, const ControlAnswer& item) const {
        if (!json_) {
            print_line(prefix_.text(stick, item.name) + item.text);
        } else if (item.name == kMissedItem) {
            print_json({{"stick", stick}, {"missed", item.text}});
        } else {
            print_json({{"stick", stick}, {"name", item.name}, {"value", item.text}});
        }
    }

private:
    bool json_;
    LinePrefix prefix_;
};

Result<void> start(std::vector<ReachableStick>& sticks, const ControlRequest& request,
                   const WatchOutput& output) {
    for (ReachableStick& stick : sticks) {
        const ControlReply reply = MINIKVM_TRY(stick.client.ask(request));
        for (const ControlAnswer& item : reply.items) {
            output.print(stick.id, item);
        }
    }
    return {};
}

Result<void> print_changes(ReachableStick& stick, const WatchOutput& output) {
    while (true) {
        const std::optional<ControlAnswer> change = MINIKVM_TRY(stick.client.take_change());
        if (!change) {
            return {};
        }
        output.print(stick.id, *change);
    }
}

Result<void> follow(std::vector<ReachableStick>& sticks, const WatchOutput& output) {
    std::vector<pollfd> ready;
    for (ReachableStick& stick : sticks) {
        ready.push_back({stick.client.fd(), POLLIN, 0});
        MINIKVM_TRY(print_changes(stick, output));  // what came along with the answer
    }
    while (true) {
        if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
            return errno_error("wait for changes");
        }
        for (std::size_t index = 0; index < ready.size(); ++index) {
            if (ready[index].revents != 0) {
                MINIKVM_TRY(sticks[index].client.receive());
                MINIKVM_TRY(print_changes(sticks[index], output));
            }
        }
    }
}

class WatchCommand final : public Command {
public:
    explicit WatchCommand(CommandLine program)
        : Command(program, "watch", "Print values, again when they change") {
        line().add_argument("NAME", names_, "Attributes or folders").required();
    }

    // Ends only when a daemon does.
    ExitStatus run(const CommandOptions& options) override {
        Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
        if (!sticks) {
            return complain(sticks.error());
        }
        const WatchOutput output(options.json, sticks->size() > 1);
        Result<void> watched = start(*sticks, {ControlVerb::Watch, names_, {}}, output);
        if (watched) {
            watched = follow(*sticks, output);
        }
        return complain(watched.error());
    }

private:
    std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Command> make_watch_command(CommandLine program) {
    return std::make_unique<WatchCommand>(program);
}

}  // namespace minikvm
