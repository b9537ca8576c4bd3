// SPDX-License-Identifier: MIT
// The simulator's control socket from both of its ends.

#include <thread>

#include <gtest/gtest.h>

#include "sim/stick/control_server.h"
#include "sim/stick/ctl.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm::sim {
namespace {

class ControlServerTest : public testing::Test {
protected:
    // The client blocks, so it is on a thread of its own.
    Result<std::string> ask(const std::vector<std::string>& words) {
        Result<std::string> answer = make_error(std::error_code(), "not asked");
        std::thread client([&] {
            answer = send_command(path_, words);
            loop_->stop();
        });
        EXPECT_TRUE(loop_->run());
        client.join();
        return answer;
    }

    TemporaryDirectory folder_;
    std::string path_ = std::string(folder_.path()) + "/ctl";
    std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
    std::unique_ptr<ControlServer> server_ =
        ControlServer::create(*loop_, path_,
                              [](const std::vector<std::string>& words) -> Result<std::string> {
                                  if (words.front() == "wrong") {
                                      return make_error(
                                          std::make_error_code(std::errc::invalid_argument),
                                          "\"wrong\" is no command");
                                  }
                                  return words.back() + "\nsecond line\n";
                              })
            .value();
};

TEST_F(ControlServerTest, AnswersWithLines) {
    EXPECT_EQ(ask({"echo", "first line"}).value(), "line\nsecond line\n");
}

TEST_F(ControlServerTest, SaysWhatWasWrong) {
    EXPECT_EQ(ask({"wrong"}).error().context, "\"wrong\" is no command");
}

TEST_F(ControlServerTest, TakesItsSocketAwayWhenItEnds) {
    server_.reset();

    EXPECT_FALSE(send_command(path_, {"echo"}));
}

TEST(ControlLine, IsSplitAtItsSpaces) {
    EXPECT_EQ(split_words("  fault  no-frames on "),
              (std::vector<std::string>{"fault", "no-frames", "on"}));
}

}  // namespace
}  // namespace minikvm::sim
