// SPDX-License-Identifier: MIT
// What minikvmctl does.

#include "clients/ctl/commands.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

ExitStatus status_for(const Error& error) {
    if (error.code == std::errc::no_such_device) {
        return ExitStatus::NoSuchStick;
    }
    if (error.code == std::errc::permission_denied || error.code == ControlError::NotAllowed) {
        return ExitStatus::NotAllowed;
    }
    for (const ControlError usage :
         {ControlError::NoSuchAttribute, ControlError::ReadOnly, ControlError::WriteOnly,
          ControlError::BadValue, ControlError::BadRequest}) {
        if (error.code == usage) {
            return ExitStatus::Usage;
        }
    }
    return ExitStatus::Failed;
}

Result<std::string> ask_value(ReachableStick& stick, const std::string& name) {
    return MINIKVM_TRY(stick.client.ask({ControlVerb::Get, {name}, {}})).value;
}

// The first of several cameras, "-" for none.
std::string first_camera(const std::string& cameras) {
    const std::string first = cameras.substr(0, cameras.find(' '));
    return first.empty() || first == "unknown" ? "-" : first;
}

Result<void> print_stick(ReachableStick& stick, ordered_json* sticks) {
    const std::string name = MINIKVM_TRY(ask_value(stick, "name"));
    const std::string state = MINIKVM_TRY(ask_value(stick, "state"));
    const std::string camera = first_camera(MINIKVM_TRY(ask_value(stick, "video/cameras")));
    if (sticks == nullptr) {
        print_line(fmt::format("{} {} {} {}", stick.id, name, state, camera));
    } else {
        sticks->push_back({{"id", stick.id},
                           {"name", name},
                           {"state", state},
                           {"camera", camera == "-" ? ordered_json() : ordered_json(camera)}});
    }
    return {};
}

}  // namespace

ExitStatus complain(const Error& error) {
    // A ControlError's context is the daemon's whole sentence.
    const bool whole =
        error.code.category() == control_category() || error.code == std::errc::no_such_device;
    print_error(whole ? error.context : error.message());
    if (error.code == std::errc::permission_denied) {
        print_error(
            "only members of group minikvm may: sudo adduser YOUR-NAME minikvm, then log "
            "in again");
    }
    return status_for(error);
}

ExitStatus list_sticks(const CommandOptions& options) {
    Result<std::vector<ReachableStick>> sticks = reachable_sticks(options.directory);
    if (sticks && !options.stick.empty()) {
        sticks = wanted_sticks(std::move(*sticks), options.stick);
    }
    if (!sticks) {
        return complain(sticks.error());
    }
    ordered_json found = ordered_json::array();
    ExitStatus status = ExitStatus::Done;
    for (ReachableStick& stick : *sticks) {
        const Result<void> printed = print_stick(stick, options.json ? &found : nullptr);
        if (!printed) {
            status = complain(printed.error());
        }
    }
    if (options.json) {
        print_json(found);
    }
    return status;
}

ExitStatus get_values(const CommandOptions& options, const std::vector<std::string>& names) {
    Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
    if (!sticks) {
        return complain(sticks.error());
    }
    ordered_json found = ordered_json::array();
    ExitStatus status = ExitStatus::Done;
    const LinePrefix prefix{.stick = sticks->size() > 1, .name = names.size() > 1};
    for (ReachableStick& stick : *sticks) {
        ordered_json values = ordered_json::object();
        for (const std::string& name : names) {
            const Result<std::string> value = ask_value(stick, name);
            if (!value) {
                status = complain(value.error());
            } else if (options.json) {
                values[name] = *value;
            } else {
                print_line(prefix.text(stick.id, name) + *value);
            }
        }
        found.push_back({{"stick", stick.id}, {"values", std::move(values)}});
    }
    if (options.json) {
        print_json(found);
    }
    return status;
}

ExitStatus set_value(const CommandOptions& options, const std::string& name,
                     const std::string& value) {
    Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
    if (!sticks) {
        return complain(sticks.error());
    }
    if (sticks->size() > 1) {
        print_error(fmt::format("there are several sticks: {}; say which one with --stick",
                                ids_of(*sticks)));
        return ExitStatus::Usage;
    }
    ReachableStick& stick = sticks->front();
    const Result<ControlReply> reply = stick.client.ask({ControlVerb::Set, {name}, value});
    if (!reply) {
        return complain(reply.error());
    }
    if (options.json) {
        print_json(
            ordered_json::array({{{"stick", stick.id}, {"values", {{name, reply->value}}}}}));
    } else if (!reply->value.empty()) {
        print_line(reply->value);
    }
    return ExitStatus::Done;
}

ExitStatus list_attributes(const CommandOptions& options, const std::string& prefix) {
    Result<std::vector<ReachableStick>> sticks = find_sticks(options.directory, options.stick);
    if (!sticks) {
        return complain(sticks.error());
    }
    ControlRequest request{ControlVerb::List, {}, {}};
    if (!prefix.empty()) {
        request.names.push_back(prefix);
    }
    ordered_json found = ordered_json::array();
    const LinePrefix line_prefix{.stick = sticks->size() > 1, .name = false};
    for (ReachableStick& stick : *sticks) {
        const Result<ControlReply> reply = stick.client.ask(request);
        if (!reply) {
            return complain(reply.error());
        }
        ordered_json attributes = ordered_json::array();
        for (const ControlAnswer& item : reply->items) {
            if (options.json) {
                attributes.push_back({{"name", item.name}, {"access", item.text}});
            } else {
                print_line(fmt::format("{}{} {}", line_prefix.text(stick.id, item.name), item.name,
                                       item.text));
            }
        }
        found.push_back({{"stick", stick.id}, {"attributes", std::move(attributes)}});
    }
    if (options.json) {
        print_json(found);
    }
    return ExitStatus::Done;
}

}  // namespace minikvm
