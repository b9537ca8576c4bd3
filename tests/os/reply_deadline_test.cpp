// SPDX-License-Identifier: MIT
// ReplyDeadline: one answer in time, whatever a chip does.

#include "daemon/reply_deadline.h"

#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/errors.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

class AReplyDeadline : public testing::Test {
protected:
    AttributeTree::Reply bound() {
        return deadline_->bound("usb/switch", [this](Result<std::string> answer) {
            answers_.push_back(std::move(answer));
            loop_->stop();
        });
    }

    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    std::vector<Result<std::string>> answers_;
    std::unique_ptr<ReplyDeadline> deadline_ = std::make_unique<ReplyDeadline>(*loop_);
};

TEST_F(AReplyDeadline, PassesAnAnswerOn) {
    bound()("target");

    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_EQ(answers_.front(), "target");
}

TEST_F(AReplyDeadline, PassesOnlyTheFirstAnswerOn) {
    const AttributeTree::Reply reply = bound();

    reply("target");
    reply("host");

    EXPECT_EQ(answers_.size(), 1U);
}

TEST_F(AReplyDeadline, AnswersForAChipThatIsWedged) {
    const TimePoint start = Clock::now();
    const AttributeTree::Reply reply = bound();

    ASSERT_TRUE(loop_->run());
    reply("target");  // late

    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_EQ(answers_.front().error().code, ControlError::Busy);
    EXPECT_THAT(answers_.front().error().context, HasSubstr("usb/switch: "));
    EXPECT_GE(Clock::now() - start, ReplyDeadline::kLongest);
}

TEST_F(AReplyDeadline, AnswersForAStickThatWent) {
    const AttributeTree::Reply reply = bound();

    deadline_.reset();

    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_EQ(answers_.front().error().code, ControlError::NoDevice);
}

}  // namespace
}  // namespace minikvm
