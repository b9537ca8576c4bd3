// SPDX-License-Identifier: MIT
// Which input devices are forwarded.

#include "clients/forward/device_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

InputDevice device(int number, const std::string& kind, const std::string& phys = "") {
    return {.node = "/dev/input/event" + std::to_string(number),
            .name = "Cherry " + kind,
            .phys = phys,
            .links = {"/dev/input/by-id/usb-" + std::to_string(number)},
            .properties = {{"ID_INPUT", "1"}, {kind, "1"}}};
}

std::vector<DeviceRule> rule(const std::string& text) {
    return {parse_device_rule(text).value()};
}

std::set<std::string> chosen(const std::vector<InputDevice>& devices, DeviceRules rules = {}) {
    return choose_devices(devices, rules);
}

TEST(DeviceChoice, TakesKeyboardsAndMice) {
    EXPECT_THAT(chosen({device(1, "ID_INPUT_KEYBOARD"), device(2, "ID_INPUT_MOUSE")}),
                ElementsAre("/dev/input/event1", "/dev/input/event2"));
}

TEST(DeviceChoice, LeavesPowerButtonsPadsAndSwitchesAlone) {
    InputDevice pad = device(3, "ID_INPUT_TOUCHPAD");
    pad.properties["ID_INPUT_MOUSE"] = "1";

    EXPECT_THAT(chosen({device(1, "ID_INPUT_KEY", "PNP0C0C/button/input0"),
                        device(2, "ID_INPUT_SWITCH"), pad}),
                IsEmpty());
}

TEST(DeviceChoice, TakesTheExtraKeysOfAKeyboardWithIt) {
    const InputDevice keyboard = device(1, "ID_INPUT_KEYBOARD", "usb-0000:00:14.0-2/input0");
    const InputDevice media = device(2, "ID_INPUT_KEY", "usb-0000:00:14.0-2/input1");
    const InputDevice headset = device(3, "ID_INPUT_KEY", "usb-0000:00:14.0-3/input2");

    EXPECT_THAT(chosen({keyboard, media, headset}),
                UnorderedElementsAre("/dev/input/event1", "/dev/input/event2"));
    EXPECT_THAT(chosen({media, headset}), IsEmpty());
}

TEST(DeviceChoice, NeverTakesASticksSink) {
    const InputDevice sink = device(1, "ID_INPUT_KEYBOARD", "minikvm/1-2/keyboard");

    EXPECT_THAT(chosen({sink}), IsEmpty());
    EXPECT_THAT(chosen({sink}, {.devices = rule("name:*"), .ignore = {}}), IsEmpty());
}

TEST(DeviceChoice, NeverTakesTheKeyboardThatAStickIsOnThisMachine) {
    InputDevice chip = device(1, "ID_INPUT_KEYBOARD", "usb-0000:00:14.0-4/input0");
    chip.properties["ID_VENDOR_ID"] = "1a86";
    chip.properties["ID_MODEL_ID"] = "e129";

    EXPECT_THAT(chosen({chip}), IsEmpty());
}

TEST(DeviceChoice, TakesWhatRulesNameInsteadOfAnyOther) {
    const std::vector<InputDevice> devices = {
        device(1, "ID_INPUT_KEYBOARD"), device(2, "ID_INPUT_KEY"), device(3, "ID_INPUT_MOUSE")};

    EXPECT_THAT(chosen(devices, {.devices = rule("name:*INPUT_KEY"), .ignore = {}}),
                ElementsAre("/dev/input/event2"));
    EXPECT_THAT(chosen(devices, {.devices = rule("path:/dev/input/by-id/usb-3"), .ignore = {}}),
                ElementsAre("/dev/input/event3"));
    EXPECT_THAT(chosen(devices, {.devices = rule("path:/dev/input/event1"), .ignore = {}}),
                ElementsAre("/dev/input/event1"));
    EXPECT_THAT(chosen(devices, {.devices = rule("property:ID_INPUT_MOUSE=?"), .ignore = {}}),
                ElementsAre("/dev/input/event3"));
}

TEST(DeviceChoice, LeavesWhatIsToBeIgnored) {
    EXPECT_THAT(chosen({device(1, "ID_INPUT_KEYBOARD"), device(2, "ID_INPUT_MOUSE")},
                       {.devices = {}, .ignore = rule("property:ID_INPUT_MOUSE=1")}),
                ElementsAre("/dev/input/event1"));
}

TEST(DeviceRule, SaysWhatIsMatchedWithWhat) {
    EXPECT_EQ(parse_device_rule("name:Cherry*").value(),
              (DeviceRule{DeviceRule::Subject::Name, "", "Cherry*"}));
    EXPECT_EQ(parse_device_rule("property:ID_BUS=usb").value(),
              (DeviceRule{DeviceRule::Subject::Property, "ID_BUS", "usb"}));
}

TEST(DeviceRule, RefusesWhatIsNone) {
    for (const char* const wrong : {"", "Cherry", "name:", "property:ID_BUS", "property:ID_BUS="}) {
        EXPECT_FALSE(parse_device_rule(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace minikvm
