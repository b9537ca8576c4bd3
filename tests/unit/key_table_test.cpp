// SPDX-License-Identifier: MIT
// The table of configuration keys: right in itself, and the same as its manual page.

#include "configuration/key_table.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "configuration/configuration.h"

namespace minikvm {
namespace {

std::string manual_page() {
    std::ifstream file(MINIKVM_MANUALS "/minikvm.toml.5.scd");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// The paragraph that begins with the key's name in bold, up to the next key, on one line; scdoc
// wants a backslash before some letters.
std::string entry_of(const ConfigurationKey& key, const std::string& manual) {
    std::string plain;
    for (const char letter : manual) {
        if (letter != '\\') {
            plain += letter;
        }
    }
    const std::size_t begin = plain.find("\n*" + std::string(key.name) + "*");
    if (begin == std::string::npos) {
        return "";
    }
    std::istringstream words(plain.substr(begin, plain.find("\n*", begin + 1) - begin));
    std::string line;
    for (std::string word; words >> word;) {
        line += word + " ";
    }
    return line;
}

TEST(KeyTable, HasNoNameTwice) {
    std::set<std::string_view> names;
    for (const ConfigurationKey& key : configuration_keys()) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
    }
}

TEST(KeyTable, AcceptsItsOwnDefaults) {
    for (const ConfigurationKey& key : configuration_keys()) {
        EXPECT_TRUE(accepts(key, key.standard)) << key.name;
    }
}

TEST(KeyTable, AcceptsBothEndsOfARangeAndNothingBeyond) {
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.kind == ValueKind::Number) {
            EXPECT_TRUE(accepts(key, key.range.least)) << key.name;
            EXPECT_TRUE(accepts(key, key.range.most)) << key.name;
            EXPECT_FALSE(accepts(key, key.range.least - 1)) << key.name;
            EXPECT_FALSE(accepts(key, key.range.most + 1)) << key.name;
        }
    }
}

TEST(KeyTable, SaysWhatItAccepts) {
    EXPECT_EQ(what_is_accepted(*find_configuration_key("usb.follow_slide")), "true or false");
    EXPECT_EQ(what_is_accepted(*find_configuration_key("input.jiggler_s")),
              "a number, 5 to 3600 (s) or \"off\"");
    EXPECT_EQ(what_is_accepted(*find_configuration_key("video.size")),
              "a size such as \"1280x720\" or \"auto\"");
}

TEST(KeyTable, IsDescribedInTheManualWithValuesUnitsAndDefaults) {
    const std::string manual = manual_page();
    for (const ConfigurationKey& key : configuration_keys()) {
        const std::string entry = entry_of(key, manual);
        EXPECT_NE(entry.find(what_is_accepted(key)), std::string::npos)
            << key.name << " has to be " << what_is_accepted(key) << ", not:" << entry;
        EXPECT_NE(entry.find("Default: " + value_text(key.standard)), std::string::npos)
            << key.name << " has the default " << value_text(key.standard);
        const bool said = entry.find("At a reload.") != std::string::npos;
        EXPECT_EQ(said, key.effect == KeyEffect::AtReload) << key.name;
    }
}

TEST(KeyTable, HasEveryKeyOfTheManual) {
    std::istringstream manual(manual_page());
    std::size_t entries = 0;
    for (std::string line; std::getline(manual, line);) {
        entries += line.starts_with("*") && line.ends_with("*") ? 1 : 0;
    }
    EXPECT_EQ(entries, configuration_keys().size());
}

}  // namespace
}  // namespace minikvm
