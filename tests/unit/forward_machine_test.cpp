// SPDX-License-Identifier: MIT
// Where keyboard and mouse go: hotkeys, panic, sticks that come and go, trials.

#include "clients/forward/forward_machine.h"

#include <linux/input-event-codes.h>

#include <sstream>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Writes down what the machine has done, as words.
class WrittenActions final : public ForwardActions {
public:
    std::vector<std::string> sticks() override { return present; }
    void connect(const std::string& stick) override { say("connect-" + stick); }
    void disconnect() override { say("disconnect"); }
    bool grab() override {
        say(key_is_down ? "no-grab" : "grab");
        return !key_is_down;
    }
    void give_back() override { say("give-back"); }

    std::vector<std::string> present = {"usb3", "usb5"};
    bool key_is_down = false;
    std::string said;

private:
    void say(const std::string& word) { said += (said.empty() ? "" : " ") + word; }
};

/// Plays scripts of words:
///
///     +L -L      left Ctrl goes down, up; R right Ctrl; A, B letters; E Esc; M a mouse button
///     ok         the stick answers         lost, silent   it does not any more
///     3s         that much time goes by    gone           the keyboard is unplugged
///
/// `+A!` and `-A!` are keys that the target is to get, `+A` and `-A` those that it is not.
class AForwardMachine : public testing::Test {
protected:
    AForwardMachine() {
        machine_.set_chords({.hotkey = {KEY_LEFTCTRL, KEY_RIGHTCTRL},
                             .panic = {KEY_ESC, KEY_RIGHTCTRL},
                             .sticks = {{"usb5", {KEY_LEFTCTRL, KEY_B}}}});
    }

    /// What was done meanwhile.
    std::string play(const std::string& script) {
        actions_.said.clear();
        std::istringstream words(script);
        for (std::string word; words >> word;) {
            play_word(word);
        }
        return actions_.said;
    }
    std::string state() const { return std::string(forward_state_name(machine_.state())); }
    std::string given_back() const { return std::string(given_back_name(machine_.given_back())); }
    void take() { play("+L +R -L -R ok"); }

    WrittenActions actions_;
    ForwardMachine machine_{actions_};
    ForwardMachine::TimePoint now_{seconds(100)};

private:
    static std::uint16_t code_of(char letter) {
        switch (letter) {
            case 'L':
                return KEY_LEFTCTRL;
            case 'R':
                return KEY_RIGHTCTRL;
            case 'A':
                return KEY_A;
            case 'B':
                return KEY_B;
            case 'E':
                return KEY_ESC;
            default:
                return BTN_LEFT;
        }
    }

    void play_word(const std::string& word) {
        if (word[0] == '+' || word[0] == '-') {
            const DeviceId device{word[1] == 'M' ? 2U : 1U};
            EXPECT_EQ(machine_.key(device, code_of(word[1]), word[0] == '+'), word.back() == '!')
                << word;
            machine_.settle(now_);
        } else if (word == "ok") {
            machine_.connected(now_);
        } else if (word == "lost") {
            machine_.lost(GivenBack::StickGone);
        } else if (word == "silent") {
            machine_.lost(GivenBack::Silent);
        } else if (word == "gone") {
            machine_.device_gone(DeviceId{1}, now_);
        } else {
            now_ += seconds(std::stoi(word));
            machine_.tick(now_);
        }
    }
};

TEST_F(AForwardMachine, GoesToTheFirstStickAtTheHotkey) {
    EXPECT_EQ(play("+L +R -R -L ok"), "connect-usb3 grab");
    EXPECT_EQ(state(), "grabbed");
    EXPECT_EQ(machine_.stick(), "usb3");
}

TEST_F(AForwardMachine, TakesTheDevicesOnlyWhenEveryKeyIsUp) {
    EXPECT_EQ(play("+L +R ok -R"), "connect-usb3");
    EXPECT_EQ(play("+M -L"), "");
    EXPECT_EQ(state(), "joining");
    EXPECT_EQ(play("-M"), "grab");
}

TEST_F(AForwardMachine, TakesTheDevicesOnlyWhenTheStickHasAnswered) {
    EXPECT_EQ(play("+L +R -R -L"), "connect-usb3");
    EXPECT_EQ(play("+A -A"), "");
    EXPECT_EQ(play("ok"), "grab");
}

TEST_F(AForwardMachine, WaitsOnWhenTheKernelKnowsOfAKeyThatIsDown) {
    actions_.key_is_down = true;
    EXPECT_EQ(play("+L +R -R -L ok"), "connect-usb3 no-grab");
    EXPECT_EQ(state(), "joining");

    actions_.key_is_down = false;
    EXPECT_EQ(play("+A -A"), "grab");
}

TEST_F(AForwardMachine, LetsNothingThroughUntilTheDevicesAreTaken) {
    play("+A -A +L +R +B -B -R -L +A -A");
    EXPECT_FALSE(machine_.forwards());
}

TEST_F(AForwardMachine, ForwardsKeysAndButtonsFromThenOn) {
    take();

    EXPECT_EQ(play("+A! -A! +L! +A! -A! -L! +M! -M!"), "");
    EXPECT_TRUE(machine_.forwards());
}

TEST_F(AForwardMachine, IgnoresTheHotkeyWithAnotherKeyDown) {
    EXPECT_EQ(play("+A +L +R -R -L -A"), "");
    EXPECT_EQ(play("+M +L +R -R -L -M"), "");
}

TEST_F(AForwardMachine, CyclesThroughTheSticksAndBack) {
    take();

    EXPECT_EQ(play("+L! +R -R -L ok"), "connect-usb5");
    EXPECT_EQ(state(), "grabbed");
    EXPECT_EQ(play("+L! +R"), "disconnect");
    EXPECT_EQ(state(), "leaving");
    EXPECT_EQ(play("-R -L"), "give-back");
    EXPECT_EQ(state() + " " + given_back(), "host hotkey");
}

TEST_F(AForwardMachine, SendsNothingWhileItChangesSticks) {
    take();

    play("+L! +R +A -A -R -L +B -B");
    EXPECT_EQ(state(), "joining");
    EXPECT_TRUE(machine_.holds());
}

TEST_F(AForwardMachine, StaysWhereNoStickIs) {
    actions_.present.clear();

    EXPECT_EQ(play("+L +R -R -L"), "");
    EXPECT_EQ(state(), "host");
}

TEST_F(AForwardMachine, ComesBackWhenTheNextStickDoesNotAnswer) {
    take();

    EXPECT_EQ(play("+L! +R -R -L lost"), "connect-usb5 disconnect give-back");
    EXPECT_EQ(state() + " " + given_back(), "host stick-gone");
}

TEST_F(AForwardMachine, GoesStraightToAStickAtItsOwnHotkeyAndBackAtTheSame) {
    EXPECT_EQ(play("+L +B -B -L ok"), "connect-usb5 grab");
    EXPECT_EQ(play("+L! +B -B -L"), "disconnect give-back");
    EXPECT_EQ(state(), "host");
}

TEST_F(AForwardMachine, GivesBackAtOnceAtThePanicChord) {
    take();

    EXPECT_EQ(play("+A! +E! +R"), "disconnect give-back");
    EXPECT_EQ(state() + " " + given_back(), "host panic");
}

TEST_F(AForwardMachine, ObeysThePanicChordWhileItJoinsAndWhileItLeaves) {
    EXPECT_EQ(play("+L +R +E"), "connect-usb3 disconnect");
    EXPECT_EQ(state(), "host");

    play("-L -R -E");
    actions_.present = {"usb3"};
    take();
    EXPECT_EQ(play("+L! +R +E"), "disconnect give-back");
    EXPECT_EQ(state() + " " + given_back(), "host panic");
}

TEST_F(AForwardMachine, GivesTheTargetTheHotkeyOnlyWhenToldTo) {
    machine_.set_chords({.hotkey = {KEY_LEFTCTRL, KEY_RIGHTCTRL},
                         .panic = {},
                         .sticks = {},
                         .propagate_hotkey = true});
    take();

    play("+L! +R! -R -L");
}

TEST_F(AForwardMachine, GivesBackAtOnceWhenTheStickGoes) {
    take();

    EXPECT_EQ(play("+A! lost"), "disconnect give-back");
    EXPECT_EQ(state() + " " + given_back(), "host stick-gone");
    EXPECT_EQ(play("-A"), "");
}

TEST_F(AForwardMachine, GivesBackAtOnceWhenTheDaemonFallsSilent) {
    take();

    EXPECT_EQ(play("silent"), "disconnect give-back");
    EXPECT_EQ(given_back(), "silent");
}

TEST_F(AForwardMachine, EndsATrialByItself) {
    machine_.go_to("usb5", seconds(15), now_);
    EXPECT_EQ(machine_.deadline(), std::nullopt);
    play("ok");
    EXPECT_EQ(machine_.deadline(), now_ + seconds(15));

    EXPECT_EQ(play("14"), "");
    EXPECT_EQ(play("1"), "disconnect give-back");
    EXPECT_EQ(state() + " " + given_back(), "host trial");
    EXPECT_EQ(machine_.deadline(), std::nullopt);
}

TEST_F(AForwardMachine, ForgetsATrialThatAHotkeyHasEnded) {
    machine_.go_to("usb3", seconds(15), now_);
    play("ok +L! +R -R -L ok");

    EXPECT_EQ(machine_.deadline(), std::nullopt);
    EXPECT_EQ(play("60"), "");
}

TEST_F(AForwardMachine, GoesWhereAClientWantsItTo) {
    machine_.go_to("usb5", {}, now_);
    EXPECT_EQ(actions_.said, "connect-usb5");
    play("ok");

    machine_.come_back(GivenBack::Client);
    EXPECT_EQ(actions_.said, "grab disconnect give-back");
    EXPECT_EQ(given_back(), "client");
}

TEST_F(AForwardMachine, StaysAtTheStickThatAClientNamesAgain) {
    take();

    machine_.go_to("usb3", {}, now_);
    EXPECT_EQ(play("+A! -A!"), "");
}

TEST_F(AForwardMachine, GoesOnForAClientAsForTheHotkey) {
    machine_.go_to_next({}, now_);
    play("ok");
    EXPECT_EQ(machine_.stick(), "usb3");
    machine_.go_to_next({}, now_);
    play("ok");
    EXPECT_EQ(machine_.stick(), "usb5");
    machine_.go_to_next({}, now_);
    EXPECT_EQ(state(), "host");
}

TEST_F(AForwardMachine, ForgetsTheKeysOfAKeyboardThatIsUnplugged) {
    play("+L +R ok");

    EXPECT_EQ(play("gone"), "grab");
}

TEST_F(AForwardMachine, GivesBackWhatNobodyCanEndAnyMore) {
    take();
    actions_.said.clear();

    machine_.devices_gone();

    EXPECT_EQ(actions_.said, "disconnect give-back");
    EXPECT_EQ(given_back(), "no-device");
}

TEST_F(AForwardMachine, KnowsAKeyOnTwoKeyboardsAsTwo) {
    HeldKeys held;
    held.press(DeviceId{1}, KEY_A);
    held.press(DeviceId{2}, KEY_A);

    held.release(DeviceId{1}, KEY_A);

    EXPECT_TRUE(held.are({KEY_A}));
    EXPECT_TRUE(held.none_of(DeviceId{1}));
    EXPECT_FALSE(held.none_of(DeviceId{2}));
}

}  // namespace
}  // namespace minikvm
