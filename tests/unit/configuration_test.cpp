// SPDX-License-Identifier: MIT
// What a stick's daemon gets from the text of configuration files.

#include "configuration/configuration.h"

#include <linux/input-event-codes.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "configuration/settings_reader.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ReadSettings read(const std::string& toml) {
    const std::vector<ConfigurationText> files = {{"minikvm.toml", toml}};
    return read_settings(files);
}

Configuration configured(const std::string& toml, const std::string& stick_id = "1-2") {
    const ReadSettings result = read(toml);
    EXPECT_THAT(result.complaints, IsEmpty());
    return configuration_of(result.settings, stick_id);
}

std::vector<std::string> complaints(const std::string& toml) {
    std::vector<std::string> messages;
    for (const Complaint& complaint : read(toml).complaints) {
        messages.push_back(complaint.message());
    }
    return messages;
}

TEST(Configuration, HasADefaultForEveryKey) {
    const Configuration configuration = configured("");

    EXPECT_EQ(configuration.name, "");
    EXPECT_EQ(configuration.video.rate_hz, 30);
    EXPECT_EQ(configuration.video.stall, std::chrono::seconds(3));
    EXPECT_EQ(configuration.video.size->width_px, 1920);
    EXPECT_EQ(configuration.video.max_cameras, 4);
    EXPECT_FALSE(configuration.video.first_node);
    EXPECT_FALSE(configuration.input.jiggler);
    EXPECT_TRUE(configuration.serial.raise_baud);
    EXPECT_FALSE(configuration.usb.at_start);
    EXPECT_EQ(configuration.log_level, log::Level::Info);
}

TEST(Configuration, TakesKeysFromTables) {
    const Configuration configuration = configured("[video]\nsize = '1280x720'\nrate_hz = 50\n");

    EXPECT_EQ(configuration.video.size->height_px, 720);
    EXPECT_EQ(configuration.video.rate_hz, 50);
}

TEST(Configuration, HasNoSizeWhereTheTargetsIsWanted) {
    EXPECT_FALSE(configured("video.size = 'auto'").video.size);
}

TEST(Configuration, TakesDottedKeys) {
    EXPECT_FALSE(configured("usb.follow_slide = false").usb.follow_slide);
    EXPECT_EQ(configured("usb.at_stop = 'host'").usb.at_stop, SwitchPosition::Host);
}

TEST(Configuration, TakesAWordWhereANumberMayStand) {
    EXPECT_EQ(configured("input.jiggler_s = 60").input.jiggler, std::chrono::minutes(1));
    EXPECT_FALSE(configured("input.jiggler_s = 'off'").input.jiggler);
    EXPECT_EQ(configured("video.first_node = 20").video.first_node, 20);
    EXPECT_FALSE(configured("video.first_node = 'auto'").video.first_node);
}

TEST(Configuration, TakesKeysByTheirNames) {
    using testing::UnorderedElementsAre;

    EXPECT_THAT(configured("").forward.hotkey, UnorderedElementsAre(KEY_LEFTCTRL, KEY_RIGHTCTRL));
    EXPECT_THAT(configured("forward.hotkey = 'ScrollLock'").forward.hotkey,
                UnorderedElementsAre(KEY_SCROLLLOCK));
    EXPECT_THAT(configured("forward.hotkey = 'off'").forward.hotkey, IsEmpty());
}

TEST(Configuration, TakesListsOfDeviceRules) {
    const Configuration configuration =
        configured("[forward]\nignore = ['name:Yubico*', 'property:ID_BUS=usb']\n");

    EXPECT_EQ(configuration.forward.ignore.size(), 2U);
    EXPECT_THAT(configuration.forward.devices, IsEmpty());
}

TEST(Configuration, RefusesKeysAndRulesThatThereAreNot) {
    EXPECT_THAT(complaints("forward.hotkey = 'leftctrl+nose'"),
                ElementsAre(HasSubstr("has to be keys such as")));
    EXPECT_THAT(complaints("forward.panic = 'off'"),
                ElementsAre(HasSubstr("stays \"backspace+esc+enter\"")));
    EXPECT_THAT(complaints("forward.ignore = ['Yubico']"),
                ElementsAre(HasSubstr("has to be a list of rules such as")));
    EXPECT_THAT(complaints("forward.ignore = [1]"),
                ElementsAre(HasSubstr("has to be a list of rules such as")));
}

TEST(Configuration, KeepsTheMachinesKeysOutOfTheSticks) {
    EXPECT_THAT(complaints("[sticks.\"1-2\"]\nforward.panic = 'esc+enter'\n"),
                ElementsAre(HasSubstr("forward.panic: is no stick's own")));
    EXPECT_THAT(complaints("forward.stick_hotkey = 'f11'"),
                ElementsAre(HasSubstr("belongs in a stick's own section")));
}

TEST(Configuration, GivesOneStickItsOwnValues) {
    const std::string toml =
        "video.rate_hz = 20\n"
        "[sticks.\"1-2.4\"]\nname = 'rack-3'\nvideo.rate_hz = 50\n";

    EXPECT_EQ(configured(toml, "1-2.4").video.rate_hz, 50);
    EXPECT_EQ(configured(toml, "1-2.4").name, "rack-3");
    EXPECT_EQ(configured(toml, "1-2").video.rate_hz, 20);
    EXPECT_EQ(configured(toml, "1-2").name, "");
}

TEST(Configuration, TakesTheLastFilesValue) {
    const std::vector<ConfigurationText> files = {
        {"minikvm.toml", "video.rate_hz = 60\nvideo.format = 'nv12'"},
        {"minikvm.toml.d/lab.toml", "video.rate_hz = 5"}};
    const ReadSettings result = read_settings(files);

    EXPECT_EQ(configuration_of(result.settings, "1-2").video.rate_hz, 5);
    EXPECT_EQ(configuration_of(result.settings, "1-2").video.format, "nv12");
    EXPECT_EQ(result.settings.of_any_stick(*find_configuration_key("video.rate_hz")).place,
              "minikvm.toml.d/lab.toml:1");
}

TEST(Configuration, NamesTheKeysThatAReloadChanges) {
    const ReadSettings before = read("video.rate_hz = 60");
    const ReadSettings after = read("video.rate_hz = 60\n[sticks.1-2]\nname = 'x'");

    const auto changed = changed_keys(before.settings, after.settings, "1-2");
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed.front()->name, "name");
    EXPECT_THAT(changed_keys(before.settings, after.settings, "1-3"), IsEmpty());
}

// Every way a file can be wrong.

TEST(Configuration, NamesFileAndLineOfAnUnknownKeyWithTheOneMeant) {
    EXPECT_THAT(
        complaints("\n[video]\nformaat = 'yuyv'"),
        ElementsAre("minikvm.toml:3: video.formaat: no such key; did you mean video.format?"));
}

TEST(Configuration, PointsToTheManualWhereNoKeyIsNear) {
    EXPECT_THAT(complaints("colour = 'blue'"),
                ElementsAre("minikvm.toml:1: colour: no such key; minikvm.toml(5) lists all keys"));
}

TEST(Configuration, NamesAnUnknownSectionOnce) {
    EXPECT_THAT(complaints("[sound]\na = 1\nb = 2"),
                ElementsAre(HasSubstr("minikvm.toml:1: sound: no such section")));
}

TEST(Configuration, NamesTheRangeOfANumberOutsideOfIt) {
    EXPECT_THAT(
        complaints("input.jiggler_s = 4"),
        ElementsAre("minikvm.toml:1: input.jiggler_s = 4: has to be a number, 5 to 3600 (s) "
                    "or \"off\"; it stays \"off\""));
    EXPECT_THAT(complaints("video.rate_hz = 121"), ElementsAre(HasSubstr("1 to 120")));
    EXPECT_THAT(complaints("video.rate_hz = 0"), ElementsAre(HasSubstr("1 to 120")));
    EXPECT_THAT(complaints("video.max_cameras = 9"), ElementsAre(HasSubstr("1 to 8")));
    EXPECT_THAT(complaints("video.first_node = 256"), ElementsAre(HasSubstr("0 to 255")));
}

TEST(Configuration, NamesTheWordsThatWouldBeRight) {
    EXPECT_THAT(complaints("usb.at_start = 'left'"),
                ElementsAre(HasSubstr(R"(has to be one of "leave", "host", "target")")));
}

TEST(Configuration, RefusesAnotherKindOfValue) {
    EXPECT_THAT(complaints("video.rate_hz = '30'"), ElementsAre(HasSubstr("has to be a number")));
    EXPECT_THAT(complaints("video.rate_hz = true"), ElementsAre(HasSubstr("has to be a number")));
    EXPECT_THAT(complaints("serial.raise_baud = 'yes'"), ElementsAre(HasSubstr("true or false")));
    EXPECT_THAT(complaints("video.format = [1]"), ElementsAre(HasSubstr("this kind of")));
    EXPECT_THAT(complaints("video.rate_hz = 1.5"), ElementsAre(HasSubstr("has to be a number")));
}

TEST(Configuration, RefusesASizeThatIsNone) {
    for (const char* size : {"big", "1920x", "x1080", "0x0", "1920x1080x3", "-1x1"}) {
        EXPECT_THAT(complaints(std::string("video.size = '") + size + "'"),
                    ElementsAre(HasSubstr("has to be a size such as")));
    }
}

TEST(Configuration, KeepsTheEarlierFilesValueForABadOne) {
    const std::vector<ConfigurationText> files = {{"a", "video.rate_hz = 60"},
                                                  {"b", "video.rate_hz = 0"}};
    const ReadSettings result = read_settings(files);

    EXPECT_EQ(configuration_of(result.settings, "1-2").video.rate_hz, 60);
    EXPECT_THAT(result.complaints.front().text, HasSubstr("it stays 60"));
}

TEST(Configuration, LeavesOutAFileThatIsNotToml) {
    EXPECT_THAT(complaints("video.rate_hz = 60\nvideo.rate_hz ="),
                ElementsAre(HasSubstr("minikvm.toml:2: not TOML: ")));
}

TEST(Configuration, WantsAStickForAStickName) {
    EXPECT_THAT(complaints("name = 'rack-3'"), ElementsAre(HasSubstr("[sticks.\"1-2.4\"]")));
    EXPECT_THAT(complaints("[sticks]\n1-2 = 'rack-3'"), ElementsAre(HasSubstr("a section")));
}

TEST(Configuration, RefusesANameThatCannotBeTyped) {
    for (const char* name : {"a b", "a/b", "-a", ".a", "thisnameislongerthan22c"}) {
        EXPECT_THAT(complaints(std::string("[sticks.1-2]\nname = '") + name + "'"),
                    ElementsAre(HasSubstr("has to be a name of at most 22 letters")));
    }
}

TEST(Configuration, GivesANameToOneStickOnly) {
    EXPECT_THAT(complaints("[sticks.1-1]\nname = 'a'\n[sticks.1-2]\nname = 'a'"),
                ElementsAre(HasSubstr("the stick 1-1 is called so already")));
    EXPECT_THAT(complaints("[sticks.1-1]\nname = '1-2'\n[sticks.1-2]\nname = 'a'"),
                ElementsAre(HasSubstr("the stick 1-2 is called so already")));
}

}  // namespace
}  // namespace minikvm
