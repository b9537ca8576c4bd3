// SPDX-License-Identifier: MIT
// NodeOpeners: who has a node open, learnt from its opens and closes.

#include "daemon/node_openers.h"

#include <fcntl.h>

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

class SomeNodeOpeners : public testing::Test {
protected:
    void SetUp() override {
        for (const std::string& node : {keyboard_, mouse_}) {
            const UniqueFd made(::open(node.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        }
        openers_ = std::move(NodeOpeners::create(*loop_, [this] { loop_->stop(); }).value());
    }

    static UniqueFd open(const std::string& node, int flags) {
        return UniqueFd(::open(node.c_str(), flags | O_CLOEXEC));
    }

    /// Until the count has changed.
    void run() {
        Timer limit = std::move(loop_->timer([this](TimePoint) { loop_->stop(); }).value());
        limit.arm_after(std::chrono::seconds(10));
        ASSERT_TRUE(loop_->run());
    }

    TemporaryDirectory directory_;
    std::string keyboard_ = directory_.path() + "/event7";
    std::string mouse_ = directory_.path() + "/event8";
    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    std::unique_ptr<NodeOpeners> openers_;
};

TEST_F(SomeNodeOpeners, AreNoneAtFirst) {
    openers_->watch({keyboard_});

    EXPECT_EQ(openers_->count(), 0U);
}

TEST_F(SomeNodeOpeners, CountReadersLikeWriters) {
    openers_->watch({keyboard_, mouse_});
    const UniqueFd reader = open(keyboard_, O_RDONLY);
    const UniqueFd other = open(mouse_, O_RDONLY);
    const UniqueFd writer = open(keyboard_, O_WRONLY);

    run();

    EXPECT_EQ(openers_->count(), 3U);
}

TEST_F(SomeNodeOpeners, AreLessAfterAClose) {
    openers_->watch({keyboard_, mouse_});
    const UniqueFd reader = open(keyboard_, O_RDONLY);
    open(mouse_, O_WRONLY).reset();

    run();

    EXPECT_EQ(openers_->count(), 1U);
}

TEST_F(SomeNodeOpeners, DoNotIncludeWhoWasThereBefore) {
    UniqueFd before = open(keyboard_, O_RDONLY);
    openers_->watch({keyboard_});
    before.reset();
    const UniqueFd reader = open(keyboard_, O_RDONLY);

    run();

    EXPECT_EQ(openers_->count(), 1U);
}

TEST_F(SomeNodeOpeners, KeepTheirCountWhenANodeIsAdded) {
    openers_->watch({keyboard_});
    const UniqueFd reader = open(keyboard_, O_RDONLY);
    run();

    openers_->watch({keyboard_, mouse_});

    EXPECT_EQ(openers_->count(), 1U);
}

TEST_F(SomeNodeOpeners, AreNoneOfANodeThatIsNoLongerWatched) {
    openers_->watch({keyboard_});
    const UniqueFd reader = open(keyboard_, O_RDONLY);
    run();

    openers_->watch({});

    EXPECT_EQ(openers_->count(), 0U);
}

TEST_F(SomeNodeOpeners, AreNoneOfANodeThatDoesNotExist) {
    openers_->watch({directory_.path() + "/event9", ""});

    EXPECT_EQ(openers_->count(), 0U);
}

}  // namespace
}  // namespace minikvm
