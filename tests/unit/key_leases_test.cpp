// SPDX-License-Identifier: MIT
// Who holds what, and when a node loses it.

#include "uinput-bridge/key_leases.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "uinput-bridge/lease_rule.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr hid::KeyCode kA{KEY_A};
constexpr hid::KeyCode kB{KEY_B};
constexpr hid::KeyCode kConfig{KEY_CONFIG};
constexpr hid::KeyCode kMedia{KEY_MEDIA};
constexpr hid::KeyCode kUnsendable{KEY_BRIGHTNESSUP};

// Two letters, and two codes that mean one media key.
std::optional<TargetKey> meaning(hid::KeyCode code) {
    switch (static_cast<int>(code)) {
        case KEY_A:
            return TargetKey{TargetKey::Kind::Key, 0x04};
        case KEY_B:
            return TargetKey{TargetKey::Kind::Key, 0x05};
        case KEY_CONFIG:
        case KEY_MEDIA:
            return TargetKey{TargetKey::Kind::Consumer, 16};
        default:
            return std::nullopt;
    }
}

struct Dropped {
    std::vector<hid::KeyCode> codes;
    std::vector<TargetKey> keys;
};

Dropped drop(KeyLeases& leases, SourceId source) {
    Dropped dropped;
    leases.drop(
        source, [&](hid::KeyCode code) { dropped.codes.push_back(code); },
        [&](TargetKey key) { dropped.keys.push_back(key); });
    return dropped;
}

class KeyLeasesTest : public testing::Test {
protected:
    KeyLeases leases_;
    SourceId first_ = leases_.add_source(meaning);
    SourceId second_ = leases_.add_source(meaning);
};

TEST_F(KeyLeasesTest, PressesAKeyOnceHoweverManyHoldIt) {
    EXPECT_TRUE(leases_.press(first_, kA));
    EXPECT_FALSE(leases_.press(second_, kA));
    EXPECT_EQ(leases_.held(), 1U);
    EXPECT_EQ(leases_.sources(), 2U);
}

TEST_F(KeyLeasesTest, ReleasesAKeyWhenTheLastHolderLetsGo) {
    leases_.press(first_, kA);
    leases_.press(second_, kA);

    EXPECT_FALSE(leases_.release(first_, kA));
    EXPECT_TRUE(leases_.release(second_, kA));
    EXPECT_EQ(leases_.held(), 0U);
}

TEST_F(KeyLeasesTest, HoldsAKeyWhileEitherOfItsTwoCodesIsDown) {
    leases_.press(first_, kConfig);
    leases_.press(first_, kMedia);

    EXPECT_FALSE(leases_.release(first_, kConfig));
    EXPECT_TRUE(leases_.release(first_, kMedia));
}

TEST_F(KeyLeasesTest, IgnoresARepeatedPress) {
    leases_.press(first_, kA);

    EXPECT_FALSE(leases_.press(first_, kA));
    EXPECT_TRUE(leases_.release(first_, kA));
}

TEST_F(KeyLeasesTest, IgnoresAReleaseOfWhatIsNotHeld) {
    leases_.press(first_, kA);

    EXPECT_FALSE(leases_.release(second_, kA));
    EXPECT_FALSE(leases_.release(first_, kB));
    EXPECT_EQ(leases_.held(), 1U);
}

TEST_F(KeyLeasesTest, HoldsNothingForACodeWithoutMeaning) {
    EXPECT_FALSE(leases_.press(first_, kUnsendable));
    EXPECT_EQ(leases_.sources(), 0U);
}

TEST_F(KeyLeasesTest, ReleasesWhatOnlyTheDeadSourceHeld) {
    leases_.press(first_, kA);
    leases_.press(first_, kB);
    leases_.press(second_, kB);

    const Dropped dropped = drop(leases_, first_);

    EXPECT_THAT(dropped.keys, ElementsAre(*meaning(kA)));
    EXPECT_EQ(leases_.sources(), 1U);
}

TEST_F(KeyLeasesTest, NamesEveryCodeThatTheDeadSourceHeld) {
    leases_.press(first_, kA);
    leases_.press(first_, kB);
    leases_.press(second_, kB);

    EXPECT_THAT(drop(leases_, first_).codes, ElementsAre(kA, kB));
    EXPECT_THAT(drop(leases_, first_).codes, IsEmpty());
}

constexpr TimePoint kStart{};
using Node = LeaseRule::Node;

TEST(LeaseRule, LetsANodeHoldWhileItsWriterLives) {
    LeaseRule rule;
    rule.on_event(kStart, Node::Holds);

    EXPECT_FALSE(rule.deadline());
}

TEST(LeaseRule, EndsAHundredMillisecondsAfterTheLastEvent) {
    LeaseRule rule;
    rule.on_event(kStart + 50ms, Node::Holds);
    rule.on_writer_closed(Node::Holds);

    EXPECT_EQ(rule.deadline(), kStart + 150ms);
}

TEST(LeaseRule, WaitsWhileAnotherWriterIsBusy) {
    LeaseRule rule;
    rule.on_event(kStart, Node::Holds);
    rule.on_writer_closed(Node::Holds);
    rule.on_event(kStart + 90ms, Node::Holds);

    EXPECT_EQ(rule.deadline(), kStart + 190ms);
}

TEST(LeaseRule, ForgetsACloseOnceNothingIsHeld) {
    LeaseRule rule;
    rule.on_event(kStart, Node::Holds);
    rule.on_writer_closed(Node::Holds);
    rule.on_event(kStart + 10ms, Node::IsEmpty);
    rule.on_event(kStart + 20ms, Node::Holds);

    EXPECT_FALSE(rule.deadline());
}

TEST(LeaseRule, DoesNotMindAWriterThatLeavesNothingPressed) {
    LeaseRule rule;
    rule.on_event(kStart, Node::IsEmpty);
    rule.on_writer_closed(Node::IsEmpty);

    EXPECT_FALSE(rule.deadline());
}

}  // namespace
}  // namespace minikvm
