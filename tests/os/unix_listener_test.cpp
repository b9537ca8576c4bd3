// SPDX-License-Identifier: MIT
// What UnixListener promises, with real sockets.

#include "common/unix_listener.h"

#include <sys/stat.h>

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class UnixListenerTest : public testing::Test {
protected:
    void SetUp() override {
        loop_ = std::move(EventLoop::create().value());
        stop_ = loop_->timer([this](TimePoint) { loop_->stop(); }).value();
        listener_ =
            UnixListener::create(*loop_, {path(), SocketType::Stream, "test"},
                                 [this](UniqueFd client) { return take(std::move(client)); })
                .value();
    }

    std::string path() const { return directory_.path() + "/socket"; }
    UniqueFd connect() { return connect_unix(path(), SocketType::Stream).value(); }

    // Once a test: a loop that was stopped does not run again.
    void run_until_clients(std::size_t count) {
        wanted_ = count;
        stop_.arm_after(10s);
        ASSERT_TRUE(loop_->run());
        ASSERT_EQ(clients_.size(), count);
    }

    bool refuse_next_ = false;
    TimePoint refused_at_;
    TimePoint taken_at_;  // the last one
    std::vector<UniqueFd> clients_;
    std::unique_ptr<UnixListener> listener_;

private:
    Result<void> take(UniqueFd client) {
        if (std::exchange(refuse_next_, false)) {
            refused_at_ = Clock::now();
            return make_error(std::make_error_code(std::errc::too_many_files_open), "take it");
        }
        taken_at_ = Clock::now();
        clients_.push_back(std::move(client));
        if (clients_.size() == wanted_) {
            loop_->stop();
        }
        return {};
    }

    TemporaryDirectory directory_;
    std::unique_ptr<EventLoop> loop_;
    Timer stop_;
    std::size_t wanted_ = 0;
};

TEST_F(UnixListenerTest, HandsOverEachWhoConnects) {
    const UniqueFd first = connect();
    const UniqueFd second = connect();

    run_until_clients(2);
}

TEST_F(UnixListenerTest, LetsOwnerAndGroupIn) {
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(UnixListenerTest, LeavesNoSocketBehind) {
    listener_.reset();

    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(UnixListenerTest, RestsAfterAFailureThenGoesOn) {
    refuse_next_ = true;
    const UniqueFd refused = connect();
    const UniqueFd waits = connect();

    run_until_clients(1);

    EXPECT_GE(taken_at_ - refused_at_, UnixListener::kPause);
}

}  // namespace
}  // namespace minikvm
