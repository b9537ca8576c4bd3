// SPDX-License-Identifier: MIT
// The keys of the configuration: what each may be set to, and what it is otherwise.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace minikvm {

struct Configuration;

/// A value as a file can give it.
using ConfigurationValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

enum class ValueKind {
    YesNo,        // true or false
    Number,       // within the key's range, or one of its words
    Word,         // one of the key's words
    PictureSize,  // "1920x1080", or one of the key's words
    Name,         // letters, digits, '-', '_' and '.', or nothing
    Keys,         // keys that are down together, or one of the key's words
    DeviceRules,  // a list of them
};

/// Where in a file a key may stand.
enum class KeyScope {
    AnyStick,  // for all sticks, and under [sticks.ID] for that one
    OneStick,  // under [sticks.ID] only
    Machine,   // for this machine, never under [sticks.ID]
};

/// When a change takes effect.
enum class KeyEffect { AtReload, AtStart };

struct NumberRange {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

struct ConfigurationKey {
    std::string_view name = {};  // e.g. "video.rate_hz"
    ValueKind kind = ValueKind::Word;
    std::vector<std::string_view> words = {};
    NumberRange range = {};      // of a Number; of how many bytes a Name has
    std::string_view unit = {};  // of a Number; may be empty
    ConfigurationValue standard = {};
    KeyScope scope = KeyScope::AnyStick;
    KeyEffect effect = KeyEffect::AtStart;
    std::string_view description = {};  // one sentence
    /// Puts a value that the key accepts where programs look for it.
    void (*store)(Configuration& configuration, const ConfigurationValue& value) = nullptr;
};

/// All keys, in the order of minikvm.toml(5). Thread: any thread.
std::span<const ConfigurationKey> configuration_keys();

/// nullptr when there is no such key. Thread: any thread.
const ConfigurationKey* find_configuration_key(std::string_view name);

bool accepts(const ConfigurationKey& key, const ConfigurationValue& value);

/// What would be right, to be read after "has to be": `a number, 500 to 60000 (ms)`.
std::string what_is_accepted(const ConfigurationKey& key);

/// As it is written in a file: `true`, `3000`, `"auto"`.
std::string value_text(const ConfigurationValue& value);

}  // namespace minikvm
