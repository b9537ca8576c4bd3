// SPDX-License-Identifier: MIT
// Settings from one process to the next: a line for each, "NAME VALUE", a tab, and the file's
// value.

#include "daemon/kept_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "common/file.h"
#include "common/log.h"
#include "control/attribute_text.h"

namespace minikvm {
namespace {

struct Pair {
    std::string_view attribute;
    std::string_view key;
};

constexpr std::array kPairs = {
    Pair{"input/jiggler", "input.jiggler_s"}, Pair{"usb/follow_slide", "usb.follow_slide"},
    Pair{"video/format", "video.format"},     Pair{"video/rate_hz", "video.rate_hz"},
    Pair{"video/size", "video.size"},
};

const ConfigurationKey* key_of(std::string_view attribute) {
    const auto* const found = std::ranges::find(kPairs, attribute, &Pair::attribute);
    return found == kPairs.end() ? nullptr : find_configuration_key(found->key);
}

// The attribute's value as a file would give it.
std::optional<ConfigurationValue> as_configured(const ConfigurationKey& key,
                                                const std::string& value) {
    ConfigurationValue configured = value;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (key.kind == ValueKind::YesNo) {
        configured = value == yes_or_no(true);
    } else if (key.kind == ValueKind::Number && error == std::errc() &&
               end == value.data() + value.size()) {
        configured = number;
    }
    return accepts(key, configured) ? std::optional(configured) : std::nullopt;
}

}  // namespace

KeptSettings::KeptSettings(std::string path, std::string stick_id)
    : path_(std::move(path)), stick_id_(std::move(stick_id)) {
    std::istringstream lines(read_text_file(path_).value_or(""));
    std::string attribute;
    Kept kept;
    while (std::getline(lines, attribute, ' ') && std::getline(lines, kept.value, '\t') &&
           std::getline(lines, kept.configured)) {
        const ConfigurationKey* const key = key_of(attribute);
        if (key != nullptr && as_configured(*key, kept.value)) {
            kept_[attribute] = kept;
        }
    }
}

Result<void> KeptSettings::note(std::string_view attribute, const std::string& value,
                                const Settings& files) {
    const ConfigurationKey* const key = key_of(attribute);
    if (key == nullptr || !as_configured(*key, value)) {
        return {};
    }
    kept_[std::string(attribute)] = {value, value_text(files.of_stick(stick_id_, *key).value)};
    return write();
}

Settings KeptSettings::over(Settings files) {
    const std::size_t dropped = std::erase_if(kept_, [&](const auto& entry) {
        const ConfigurationKey& key = *key_of(entry.first);
        return entry.second.configured != value_text(files.of_stick(stick_id_, key).value);
    });
    // Or it would come back when the file says again what it said then.
    if (const Result<void> written = dropped > 0 ? write() : Result<void>(); !written) {
        log::warning("kernel: {}", written.error().message());
    }
    for (const auto& [attribute, kept] : kept_) {
        const ConfigurationKey& key = *key_of(attribute);
        files.set_for_stick(stick_id_, key, {*as_configured(key, kept.value), path_});
    }
    return files;
}

Result<void> KeptSettings::write() const {
    std::string text;
    for (const auto& [attribute, kept] : kept_) {
        text += fmt::format("{} {}\t{}\n", attribute, kept.value, kept.configured);
    }
    return replace_text_file(path_, text);
}

}  // namespace minikvm
