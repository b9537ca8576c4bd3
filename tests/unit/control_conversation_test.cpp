// SPDX-License-Identifier: MIT
// ControlConversation: what one client is answered, whatever it sends or does not read.

#include "control/control_conversation.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::array<AttributeDeclaration, 4> kConversationTree = {{
    {"input/release_all", Access::Write, "", "1", ""},
    {"state", Access::Read, "ready", "", ""},
    {"usb/slide", Access::Read, "host, target", "", ""},
    {"usb/switch", Access::ReadWrite, "host, target", "host target", ""},
}};

class AControlConversation : public testing::Test {
protected:
    AControlConversation() {
        tree_.publish("state", "ready");
        tree_.publish("usb/switch", "host");
        tree_.on_change(
            [this](auto name, auto value) { conversation_.attribute_changed(name, value); });
    }

    std::string say(std::string_view bytes) {
        conversation_.receive(bytes);
        return read_all();
    }

    std::string read_all() {
        std::string read;
        while (!conversation_.output().empty()) {
            read += conversation_.output();
            conversation_.sent(conversation_.output().size());
            conversation_.begin_turn();
            conversation_.resume();
        }
        return read;
    }

    /// A client that asks and asks, and reads nothing.
    void fill_output() {
        while (conversation_.wants_input()) {
            conversation_.receive("ls\n");
            conversation_.begin_turn();
        }
    }

    AttributeTree tree_{kConversationTree};
    /// A picture that stands for any: what it is called, and a number that is no descriptor.
    static ControlPicture picture() {
        return {"jpeg 640x480", std::make_shared<const UniqueFd>(kNoDescriptor)};
    }

    // A number that nobody opens.
    static constexpr int kNoDescriptor = 1 << 20;

    std::vector<std::pair<std::string, std::string>> sets_;
    std::vector<ScreenshotWish> wishes_;
    ControlConversation conversation_{
        tree_, [this](const auto& name, const auto& value) { sets_.emplace_back(name, value); },
        [this](ScreenshotWish wish) { wishes_.push_back(wish); }};
};

TEST_F(AControlConversation, AnswersAGetWithTheValue) {
    EXPECT_EQ(say("get state\n"), "ok ready\n");
}

TEST_F(AControlConversation, AnswersALsWithNamesAndAccess) {
    EXPECT_EQ(say("ls usb\n"), "usb/slide r\nusb/switch rw\nok\n");
}

TEST_F(AControlConversation, AnswersASetOnceItsResultIsThere) {
    EXPECT_EQ(say("set usb/switch target\n"), "");

    conversation_.answer("target");

    EXPECT_EQ(read_all(), "ok target\n");
}

TEST_F(AControlConversation, KeepsTheOrderOfRequestsBehindASet) {
    EXPECT_EQ(say("set usb/switch target\nget state\n"), "");
    EXPECT_FALSE(conversation_.wants_input());

    conversation_.answer("target");

    EXPECT_EQ(read_all(), "ok target\nok ready\n");
}

TEST_F(AControlConversation, TellsTheClientWhyASetFailed) {
    say("set usb/switch target\n");

    conversation_.answer(make_error(ControlError::NoDevice, "usb/switch: no stick"));

    EXPECT_EQ(read_all(), "error no-device usb/switch: no stick\n");
}

TEST_F(AControlConversation, AsksForAScreenshotOrForACardInstead) {
    say("screenshot\nscreenshot card\n");
    EXPECT_EQ(wishes_, std::vector{ScreenshotWish::Target});

    conversation_.answer_picture(make_error(ControlError::Failed, "screenshot: no signal"));

    EXPECT_EQ(read_all(), "error failed screenshot: no signal\n");
    EXPECT_EQ(wishes_, (std::vector{ScreenshotWish::Target, ScreenshotWish::TargetOrCard}));
}

TEST_F(AControlConversation, GivesAPictureWithTheFirstByteOfItsLine) {
    say("watch usb/switch\nscreenshot\n");
    tree_.publish("usb/switch", "target");
    conversation_.answer_picture(picture());

    EXPECT_EQ(conversation_.output(), "usb/switch target\n");
    EXPECT_EQ(conversation_.descriptor(), -1);
    conversation_.sent(conversation_.output().size());

    EXPECT_EQ(conversation_.output(), "ok jpeg 640x480\n");
    EXPECT_EQ(conversation_.descriptor(), kNoDescriptor);
    conversation_.sent(1);
    EXPECT_EQ(conversation_.descriptor(), -1);
    EXPECT_EQ(read_all(), "k jpeg 640x480\n");
}

TEST_F(AControlConversation, TakesNoMoreRequestsBeforeAPictureIsSent) {
    say("screenshot\n");
    conversation_.answer_picture(picture());

    EXPECT_FALSE(conversation_.wants_input());

    conversation_.sent(conversation_.output().size());
    EXPECT_TRUE(conversation_.wants_input());
}

TEST_F(AControlConversation, AnswersALineThatArrivesInPieces) {
    EXPECT_EQ(say("get st"), "");
    EXPECT_EQ(say("ate\nget"), "ok ready\n");
}

TEST_F(AControlConversation, StartsAWatchWithThePresentValues) {
    EXPECT_EQ(say("watch state usb\n"), "state ready\nusb/slide unknown\nusb/switch host\nok\n");
}

TEST_F(AControlConversation, TellsAWatcherOfEachChange) {
    say("watch usb\n");

    tree_.publish("usb/switch", "target");
    tree_.publish("state", "absent");

    EXPECT_EQ(read_all(), "usb/switch target\n");
}

TEST_F(AControlConversation, AnswersRequestsOfAWatcher) {
    say("watch usb\n");

    EXPECT_EQ(say("get state\n"), "ok ready\n");
}

TEST_F(AControlConversation, LeavesWhatCannotBeReadOutOfAWatchedFolder) {
    EXPECT_EQ(say("watch input\n"), "ok\n");
}

TEST_F(AControlConversation, RefusesToWatchWhatCannotBeRead) {
    EXPECT_THAT(say("watch state input/release_all\n"), StartsWith("error write-only "));

    tree_.publish("state", "absent");

    EXPECT_EQ(read_all(), "");
}

TEST_F(AControlConversation, IsNotFinishedWhileItWatches) {
    say("watch usb\n");

    conversation_.end_input();

    EXPECT_FALSE(conversation_.finished());
}

TEST_F(AControlConversation, IsFinishedWhenAllIsAnsweredAndRead) {
    conversation_.receive("get state\n");
    conversation_.end_input();
    EXPECT_FALSE(conversation_.finished());

    read_all();

    EXPECT_TRUE(conversation_.finished());
}

// Every way in which a client can be wrong.

TEST_F(AControlConversation, RefusesALineThatIsNoRequest) {
    EXPECT_THAT(say("open sesame\n"), StartsWith("error bad-request "));
}

TEST_F(AControlConversation, GoesOnAfterABadLine) {
    EXPECT_THAT(say("\nget state\n"), AllOf(StartsWith("error "), HasSubstr("\nok ready\n")));
}

TEST_F(AControlConversation, RefusesANulByte) {
    EXPECT_THAT(say(std::string("get state\0\n", 11)), StartsWith("error bad-request "));
}

TEST_F(AControlConversation, RefusesALineWithoutAnEnd) {
    conversation_.receive("get state");

    conversation_.end_input();

    EXPECT_THAT(read_all(), AllOf(StartsWith("error bad-request "), HasSubstr("newline")));
}

TEST_F(AControlConversation, TakesTheLongestLineThereMayBe) {
    const std::string name(kMaxRequestBytes - std::string_view("get ").size(), 'x');

    EXPECT_THAT(say("get " + name + "\n"), StartsWith("error no-such-attribute "));
}

TEST_F(AControlConversation, RefusesALineThatIsOneByteTooLong) {
    const std::string name(kMaxRequestBytes - std::string_view("get").size(), 'x');

    EXPECT_THAT(say("get " + name + "\n"), StartsWith("error bad-request "));
}

TEST_F(AControlConversation, AnswersAMegabyteWithoutANewlineOnce) {
    std::string answers;
    for (int chunk = 0; chunk < 256; ++chunk) {
        answers += say(std::string(4096, 'x'));
        conversation_.begin_turn();
    }
    answers += say("\nget state\n");

    EXPECT_EQ(answers, "error bad-request the line is longer than 4096 bytes\nok ready\n");
}

TEST_F(AControlConversation, SaysNothingMoreAboutALongLineThatNeverEnds) {
    say(std::string(5000, 'x'));
    say("more");

    conversation_.end_input();

    EXPECT_EQ(read_all(), "");
}

TEST_F(AControlConversation, StopsTakingRequestsOfAClientThatReadsNoAnswers) {
    fill_output();

    EXPECT_LT(conversation_.output().size(), 2 * ControlConversation::kFullOutputBytes);
    EXPECT_FALSE(conversation_.wants_input());
}

TEST_F(AControlConversation, TakesSoManyRequestsATurn) {
    for (int count = 0; count < ControlConversation::kRequestsPerTurn; ++count) {
        conversation_.receive("get nothing\n");
    }
    EXPECT_FALSE(conversation_.wants_input());
    conversation_.receive("get state\n");
    conversation_.end_input();
    EXPECT_FALSE(conversation_.finished());

    EXPECT_THAT(read_all(), testing::EndsWith("\nok ready\n"));
    EXPECT_TRUE(conversation_.finished());
}

TEST_F(AControlConversation, AnswersWhatWasAskedBeforeTheEndOnceThereIsRoom) {
    fill_output();
    conversation_.receive("get state\n");
    conversation_.end_input();

    EXPECT_THAT(read_all(), testing::EndsWith("\nok ready\n"));
}

TEST_F(AControlConversation, GoesOnOnceTheAnswersAreRead) {
    fill_output();

    read_all();

    EXPECT_EQ(say("get state\n"), "ok ready\n");
}

TEST_F(AControlConversation, GivesASlowWatcherTheNewestValuesOnly) {
    say("watch usb\n");
    fill_output();
    for (const char* side : {"host", "target", "host", "target"}) {
        tree_.publish("usb/slide", side);
    }

    EXPECT_THAT(read_all(), testing::EndsWith("ok\nmissed 3\nusb/slide target\n"));
}

TEST_F(AControlConversation, TellsASlowWatcherWhoMissedNothingOfTheLastChange) {
    say("watch usb\n");
    fill_output();
    tree_.publish("usb/slide", "target");

    EXPECT_THAT(read_all(), testing::EndsWith("ok\nusb/slide target\n"));
}

}  // namespace
}  // namespace minikvm
