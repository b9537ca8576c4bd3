// SPDX-License-Identifier: MIT
// AttributeTree: what a client of the control tree can read, set and ask for.

#include "control/attribute_tree.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/attribute_text.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::array<AttributeDeclaration, 5> kDeclarations = {{
    {"input/release_all", Access::Write, "", "1", ""},
    {"state", Access::Read, "ready, absent", "", ""},
    {"usb/slide", Access::Read, "host, target", "", ""},
    {"usb/switch", Access::ReadWrite, "host, target", "host target toggle", ""},
    {"usb_other", Access::Read, "", "", ""},
}};

class AnAttributeTree : public testing::Test {
protected:
    Result<std::string> set(const std::string& name, const std::string& value) {
        Result<std::string> answer = make_error(ControlError::Busy, "no answer yet");
        tree_.set(name, value, [&](Result<std::string> result) { answer = std::move(result); });
        return answer;
    }

    std::vector<std::string> names_under(const std::string& prefix) const {
        std::vector<std::string> names;
        const auto found = tree_.list(prefix);
        for (const AttributeDeclaration* declaration :
             found.value_or(std::vector<const AttributeDeclaration*>())) {
            names.emplace_back(declaration->name);
        }
        return names;
    }

    AttributeTree tree_{kDeclarations};
};

TEST_F(AnAttributeTree, AnswersWhatWasPublishedLast) {
    tree_.publish("state", "absent");
    tree_.publish("state", "ready");

    EXPECT_EQ(tree_.get("state"), "ready");
}

TEST_F(AnAttributeTree, ReadsUnknownWhereThereIsNoValueNow) {
    tree_.publish("state", "ready");
    tree_.publish("state", std::nullopt);

    EXPECT_EQ(tree_.get("state"), "unknown");
    EXPECT_EQ(tree_.get("usb/slide"), "unknown");
}

TEST_F(AnAttributeTree, TellsOfChangesOnly) {
    std::vector<std::pair<std::string, std::string>> changes;
    tree_.on_change([&](auto name, auto value) { changes.emplace_back(name, value); });

    tree_.publish("state", "ready");
    tree_.publish("state", "ready");
    tree_.publish("state", std::nullopt);

    EXPECT_THAT(changes, ElementsAre(Pair("state", "ready"), Pair("state", "unknown")));
}

TEST_F(AnAttributeTree, GivesASetToTheSetter) {
    tree_.on_set("usb/switch", [](const std::string& value, const AttributeTree::Reply& reply) {
        reply("is now " + value);
    });

    EXPECT_EQ(set("usb/switch", "target"), "is now target");
}

TEST_F(AnAttributeTree, RefusesASetThatNobodyCanCarryOutNow) {
    EXPECT_EQ(set("usb/switch", "target").error().code, ControlError::NoDevice);
}

TEST_F(AnAttributeTree, NamesTheGoodValuesWhenItRefusesABadOne) {
    const Result<std::string> answer = set("usb/switch", "sideways");

    EXPECT_EQ(answer.error().code, ControlError::BadValue);
    EXPECT_EQ(answer.error().context, "usb/switch: \"sideways\" is not one of: host target toggle");
}

TEST_F(AnAttributeTree, RefusesAnEmptyValueWhereWordsAreWanted) {
    EXPECT_EQ(set("usb/switch", "").error().code, ControlError::BadValue);
}

TEST_F(AnAttributeTree, RefusesToSetWhatCanOnlyBeRead) {
    EXPECT_EQ(set("state", "ready").error().code, ControlError::ReadOnly);
}

TEST_F(AnAttributeTree, RefusesToReadWhatCanOnlyBeSet) {
    EXPECT_EQ(tree_.get("input/release_all").error().code, ControlError::WriteOnly);
}

TEST_F(AnAttributeTree, NamesTheNearestAttributeForAWrongName) {
    const Result<std::string> answer = tree_.get("usb/swich");

    EXPECT_EQ(answer.error().code, ControlError::NoSuchAttribute);
    EXPECT_EQ(answer.error().context, "usb/swich: no such attribute; did you mean usb/switch");
}

TEST_F(AnAttributeTree, FindsTheAttributeWhoseFolderWasLeftOut) {
    EXPECT_THAT(tree_.get("switch").error().context, HasSubstr("did you mean usb/switch"));
}

TEST_F(AnAttributeTree, GuessesNothingForAnotherWord) {
    EXPECT_EQ(tree_.get("temperature").error().context,
              "temperature: no such attribute; ls shows all");
}

TEST_F(AnAttributeTree, ListsEverythingForAnEmptyPrefix) {
    EXPECT_EQ(names_under("").size(), kDeclarations.size());
}

TEST_F(AnAttributeTree, ListsAFolderWithAndWithoutItsSlash) {
    EXPECT_THAT(names_under("usb"), ElementsAre("usb/slide", "usb/switch"));
    EXPECT_THAT(names_under("usb/"), ElementsAre("usb/slide", "usb/switch"));
}

TEST_F(AnAttributeTree, ListsOneAttributeByItsName) {
    EXPECT_THAT(names_under("usb/switch"), ElementsAre("usb/switch"));
}

TEST_F(AnAttributeTree, RefusesToListWhatDoesNotExist) {
    EXPECT_EQ(tree_.list("sub").error().code, ControlError::NoSuchAttribute);
    EXPECT_EQ(tree_.list("usb/sw").error().code, ControlError::NoSuchAttribute);
}

TEST_F(AnAttributeTree, TellsWhatWasCarriedOut) {
    std::vector<std::pair<std::string, std::string>> carried_out;
    tree_.on_carried_out(
        [&](auto name, auto value) { carried_out.emplace_back(std::string(name), value); });
    tree_.on_set("usb/switch", [](const std::string& value, const auto& reply) {
        reply(value == "toggle" ? Result<std::string>("target")
                                : make_error(ControlError::Failed, "stuck"));
    });

    EXPECT_EQ(set("usb/switch", "toggle"), "target");
    EXPECT_FALSE(set("usb/switch", "host"));
    EXPECT_FALSE(set("usb/switch", "sideways"));

    EXPECT_THAT(carried_out, ElementsAre(Pair("usb/switch", "toggle")));
}

TEST_F(AnAttributeTree, HasNotWhatThisStickCannotHave) {
    constexpr std::array<std::string_view, 1> kAbsent = {"usb/slide"};
    tree_.set_absent(kAbsent);

    EXPECT_EQ(tree_.get("usb/slide").error().code, ControlError::NoSuchAttribute);
    EXPECT_THAT(tree_.get("usb/slide").error().context, HasSubstr("this stick has none"));
    EXPECT_THAT(names_under("usb"), ElementsAre("usb/switch"));
}

TEST_F(AnAttributeTree, HasAgainWhatTheNextStickHas) {
    constexpr std::array<std::string_view, 1> kAbsent = {"usb/slide"};
    tree_.set_absent(kAbsent);
    tree_.publish("usb/slide", "host");

    tree_.set_absent({});

    EXPECT_EQ(tree_.get("usb/slide").value(), "host");
}

TEST(AttributeText, ShortensWhatIsTooLongToRepeat) {
    EXPECT_EQ(in_quotes("short"), "\"short\"");
    EXPECT_EQ(in_quotes(std::string(1000, 'x')), '"' + std::string(64, 'x') + "\"...");
}

TEST(AttributeText, FindsWholeWordsOnly) {
    EXPECT_TRUE(has_word("host target toggle", "target"));
    EXPECT_FALSE(has_word("host target toggle", "tog"));
    EXPECT_FALSE(has_word("host target toggle", "host target"));
    EXPECT_FALSE(has_word("host target toggle", ""));
}

}  // namespace
}  // namespace minikvm
