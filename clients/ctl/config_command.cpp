// SPDX-License-Identifier: MIT
// minikvmctl config: what is set in the configuration files, and whether it is right.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "configuration/configuration_files.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const ConfigurationValue& value) {
    return std::visit([](const auto& held) { return ordered_json(held); }, value);
}

ordered_json text_or_null(const std::string& text) {
    return text.empty() ? ordered_json() : ordered_json(text);
}

ExitStatus verdict_on(const ConfigurationFiles& files) {
    return files.read.complaints.empty() ? ExitStatus::Done : ExitStatus::Failed;
}

ordered_json complaints_of(const ConfigurationFiles& files) {
    ordered_json complaints = ordered_json::array();
    for (const Complaint& complaint : files.read.complaints) {
        complaints.push_back({{"place", complaint.place}, {"text", complaint.text}});
    }
    return complaints;
}

void print_complaints(const ConfigurationFiles& files) {
    for (const Complaint& complaint : files.read.complaints) {
        print_error(complaint.message());
    }
}

/// A key that is set for one stick; or for all, with an empty ID.
struct SetKey {
    std::string stick_id;
    const ConfigurationKey* key;
    Setting setting;
};

std::vector<SetKey> set_keys(const Settings& settings) {
    std::vector<SetKey> keys;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.scope != KeyScope::OneStick) {
            keys.push_back({"", &key, settings.of_any_stick(key)});
        }
    }
    for (const std::string& id : settings.stick_ids()) {
        for (const ConfigurationKey& key : configuration_keys()) {
            if (const Setting* own = settings.own_of_stick(id, key)) {
                keys.push_back({id, &key, *own});
            }
        }
    }
    return keys;
}

void print_keys(const std::vector<SetKey>& keys) {
    for (const SetKey& set_key : keys) {
        const std::string name =
            set_key.stick_id.empty()
                ? std::string(set_key.key->name)
                : fmt::format("sticks.\"{}\".{}", set_key.stick_id, set_key.key->name);
        const std::string setting = fmt::format("{} = {}", name, value_text(set_key.setting.value));
        print_line(fmt::format("{:<38} # {}", setting,
                               set_key.setting.place.empty() ? "default" : set_key.setting.place));
    }
}

ordered_json json_of(const std::vector<SetKey>& keys) {
    ordered_json values = ordered_json::array();
    for (const SetKey& set_key : keys) {
        values.push_back({{"stick", text_or_null(set_key.stick_id)},
                          {"key", set_key.key->name},
                          {"value", json_of(set_key.setting.value)},
                          {"default", json_of(set_key.key->standard)},
                          {"unit", set_key.key->unit},
                          {"place", text_or_null(set_key.setting.place)}});
    }
    return values;
}

ExitStatus check(const CommandOptions& options, const std::string& path) {
    const ConfigurationFiles files = read_configuration(path);
    if (options.json) {
        print_json({{"files", files.paths}, {"complaints", complaints_of(files)}});
        return verdict_on(files);
    }
    print_complaints(files);
    for (const std::string& read : files.paths) {
        print_line(read);
    }
    if (files.paths.empty()) {
        print_line(fmt::format("{} is not there: everything is as by default", path));
    }
    return verdict_on(files);
}

ExitStatus show(const CommandOptions& options, const std::string& path) {
    const ConfigurationFiles files = read_configuration(path);
    const std::vector<SetKey> keys = set_keys(files.read.settings);
    if (options.json) {
        print_json({{"values", json_of(keys)}, {"complaints", complaints_of(files)}});
        return verdict_on(files);
    }
    print_complaints(files);
    print_keys(keys);
    return verdict_on(files);
}

class ConfigCommand final : public Command {
public:
    explicit ConfigCommand(CommandLine program)
        : Command(program, "config", "The configuration files") {
        line().require_command();
        line().add_argument("--config", path_, "The configuration file").show_default();
    }

    ExitStatus run(const CommandOptions& options) override {
        return check_.is_asked_for() ? check(options, path_) : show(options, path_);
    }

private:
    CommandLine check_ = line().add_command("check", "Say what is wrong in them");
    CommandLine show_ = line().add_command("show", "Print each key and its value");
    std::string path_ = kConfigurationPath;
};

}  // namespace

std::unique_ptr<Command> make_config_command(CommandLine program) {
    return std::make_unique<ConfigCommand>(program);
}

}  // namespace minikvm
