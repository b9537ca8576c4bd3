// SPDX-License-Identifier: MIT
// TOML to settings.

#include "configuration/settings_reader.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>

// Errors as values. All of it from the header, so that no library has to be there at run time.
// NOLINTNEXTLINE(readability-identifier-naming): the library's name
#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include "protocol/suggestion.h"

namespace minikvm {
namespace {

constexpr std::string_view kSticks = "sticks";

bool is_section(std::string_view name) {
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.scope != KeyScope::OneStick && key.name.starts_with(std::string(name) + ".")) {
            return true;
        }
    }
    return name == kSticks;
}

std::optional<ConfigurationValue> value_of(const toml::node& node) {
    if (const auto* flag = node.as_boolean()) {
        return flag->get();
    }
    if (const auto* number = node.as_integer()) {
        return number->get();
    }
    if (const auto* text = node.as_string()) {
        return text->get();
    }
    if (const auto* array = node.as_array(); array != nullptr && array->empty()) {
        return std::vector<std::string>();
    }
    if (const auto* array = node.as_array();
        array != nullptr && array->is_homogeneous(toml::node_type::string)) {
        std::vector<std::string> words;
        for (const toml::node& word : *array) {
            words.push_back(word.as_string()->get());
        }
        return words;
    }
    return std::nullopt;
}

std::string text_of(const toml::node& node) {
    const std::optional<ConfigurationValue> value = value_of(node);
    return value ? value_text(*value) : "this kind of value";
}

std::string did_you_mean(std::string_view wrong, KeyScope scope) {
    std::vector<std::string_view> names;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.scope == KeyScope::AnyStick || key.scope == scope) {
            names.push_back(key.name);
        }
    }
    const std::string_view close = closest_word(wrong, names);
    return close.empty() ? "minikvm.toml(5) lists all keys"
                         : fmt::format("did you mean {}?", close);
}

/// One file, added to what earlier ones have set.
class FileReader final {
public:
    FileReader(const std::string& path, ReadSettings& result) : path_(path), result_(result) {}

    void read(const std::string& toml) {
        const toml::parse_result parsed = toml::parse(toml);
        if (!parsed) {
            complain(parsed.error().source(),
                     fmt::format("not TOML: {}; the whole file is left out",
                                 parsed.error().description()));
            return;
        }
        for (const auto& [name, node] : parsed.table()) {
            if (name.str() == kSticks && node.is_table()) {
                read_sticks(*node.as_table());
            } else {
                read_node(std::string(name.str()), node, nullptr);
            }
        }
    }

private:
    void complain(const toml::source_region& where, std::string text) {
        result_.complaints.push_back(
            {fmt::format("{}:{}", path_, where.begin.line), std::move(text)});
    }

    void read_sticks(const toml::table& sticks) {
        for (const auto& [id, node] : sticks) {
            const std::string stick_id(id.str());
            if (!node.is_table()) {
                complain(node.source(),
                         fmt::format("sticks.{}: has to be a section, such as [sticks.\"1-2.4\"], "
                                     "with keys in it",
                                     stick_id));
                continue;
            }
            for (const auto& [name, inner] : *node.as_table()) {
                read_node(std::string(name.str()), inner, &stick_id);
            }
        }
    }

    // `stick_id` is null outside of [sticks.ID].
    void read_node(const std::string& name, const toml::node& node, const std::string* stick_id) {
        const ConfigurationKey* key = find_configuration_key(name);
        const KeyScope here = stick_id == nullptr ? KeyScope::Machine : KeyScope::OneStick;
        const bool misplaced =
            key != nullptr && key->scope != KeyScope::AnyStick && key->scope != here;
        if (key != nullptr && !misplaced) {
            read_value(*key, node, stick_id);
        } else if (node.is_table() && is_section(name)) {
            for (const auto& [inner_name, inner] : *node.as_table()) {
                read_node(fmt::format("{}.{}", name, inner_name.str()), inner, stick_id);
            }
        } else if (misplaced) {
            complain(node.source(),
                     fmt::format("{}: {}", name,
                                 here == KeyScope::Machine
                                     ? "belongs in a stick's own section, such as "
                                       "[sticks.\"1-2.4\"]"
                                     : "is no stick's own, it belongs outside of [sticks]"));
        } else {
            complain(node.source(),
                     fmt::format("{}: no such {}; {}", name, node.is_table() ? "section" : "key",
                                 did_you_mean(name, here)));
        }
    }

    void read_value(const ConfigurationKey& key, const toml::node& node,
                    const std::string* stick_id) {
        const std::optional<ConfigurationValue> value = value_of(node);
        if (!value || !accepts(key, *value)) {
            const Setting kept = stick_id == nullptr ? result_.settings.of_any_stick(key)
                                                     : result_.settings.of_stick(*stick_id, key);
            complain(node.source(),
                     fmt::format("{} = {}: has to be {}; it stays {}", key.name, text_of(node),
                                 what_is_accepted(key), value_text(kept.value)));
            return;
        }
        Setting setting{*value, fmt::format("{}:{}", path_, node.source().begin.line)};
        if (stick_id == nullptr) {
            result_.settings.set(key, std::move(setting));
        } else {
            result_.settings.set_for_stick(*stick_id, key, std::move(setting));
        }
    }

    const std::string& path_;
    ReadSettings& result_;
};

// A name that two sticks have would mean neither of them.
void drop_doubled_names(ReadSettings& result) {
    const ConfigurationKey& key = *find_configuration_key("name");
    std::map<std::string, std::string> taken;  // name -> whose
    for (const std::string& id : result.settings.stick_ids()) {
        taken.emplace(id, id);
    }
    for (const std::string& id : result.settings.stick_ids()) {
        const Setting* own = result.settings.own_of_stick(id, key);
        const std::string name = own == nullptr ? "" : std::get<std::string>(own->value);
        if (name.empty()) {
            continue;
        }
        const auto [other, is_new] = taken.emplace(name, id);
        if (!is_new && other->second != id) {
            result.complaints.push_back(
                {own->place, fmt::format("name = \"{}\": the stick {} is called so already; "
                                         "the stick {} gets no name",
                                         name, other->second, id)});
            result.settings.forget_for_stick(id, key);
        }
    }
}

}  // namespace

ReadSettings read_settings(std::span<const ConfigurationText> files) {
    ReadSettings result;
    for (const ConfigurationText& file : files) {
        FileReader(file.path, result).read(file.toml);
    }
    drop_doubled_names(result);
    return result;
}

}  // namespace minikvm
