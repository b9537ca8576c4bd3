// SPDX-License-Identifier: MIT
// A stick's files over a real control socket, without FUSE.

#include "clients/fs/stick_files.h"

#include <memory>

#include <gtest/gtest.h>

#include "protocol/errors.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

class StickFilesTest : public testing::Test {
protected:
    void SetUp() override {
        start_daemon();
        files_ = std::move(StickFiles::create(daemon_->socket_path()).value());
    }

    void start_daemon() { daemon_ = std::make_unique<ControlDaemon>(directory_.path(), "usb3"); }

    std::string read(std::uint64_t opening) const {
        constexpr std::size_t kEnough = 4096;
        return files_->read(opening, 0, kEnough).value();
    }

    TemporaryDirectory directory_;
    std::unique_ptr<ControlDaemon> daemon_;
    std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
    std::unique_ptr<StickFiles> files_;
};

TEST_F(StickFilesTest, ReadAValueWithANewline) {
    EXPECT_EQ(read(files_->open("/usb/switch")), "host\n");
}

TEST_F(StickFilesTest, ReadOnFromTheAnswerThatTheyHave) {
    const std::uint64_t opening = files_->open("/usb/switch");

    EXPECT_EQ(files_->read(opening, 0, 2).value(), "ho");
    daemon_->publish("usb/switch", "target");
    EXPECT_EQ(files_->read(opening, 2, 4096).value(), "st\n");
    EXPECT_EQ(files_->read(opening, 5, 4096).value(), "");
}

TEST_F(StickFilesTest, SetWhatIsWrittenWithoutItsNewline) {
    ASSERT_TRUE(files_->write(files_->open("/usb/switch"), "target\n"));

    EXPECT_EQ(read(files_->open("/usb/switch")), "target\n");
}

TEST_F(StickFilesTest, PassOnWhatTheDaemonRefuses) {
    const Result<void> written = files_->write(files_->open("/usb/switch"), "sideways\n");

    EXPECT_EQ(written.error().code, ControlError::BadValue);
}

TEST_F(StickFilesTest, TellOfAChangeUntilItIsRead) {
    const std::uint64_t opening = files_->open("/usb/switch");
    ASSERT_TRUE(files_->follow(*loop_, [this](std::uint64_t) { loop_->stop(); }));
    EXPECT_FALSE(files_->poll(opening));

    daemon_->publish("usb/switch", "target");
    ASSERT_TRUE(loop_->run());

    EXPECT_TRUE(files_->poll(opening));
    EXPECT_EQ(read(opening), "target\n");
    EXPECT_FALSE(files_->poll(opening));
}

TEST_F(StickFilesTest, CallEverythingChangedWhenTheDaemonEnds) {
    const std::uint64_t opening = files_->open("/state");
    ASSERT_TRUE(files_->follow(*loop_, [this](std::uint64_t) { loop_->stop(); }));

    daemon_.reset();
    ASSERT_TRUE(loop_->run());

    EXPECT_TRUE(files_->poll(opening));
}

TEST_F(StickFilesTest, GoOnWithANewDaemon) {
    const std::uint64_t opening = files_->open("/usb/switch");
    EXPECT_EQ(read(opening), "host\n");

    daemon_.reset();
    start_daemon();

    EXPECT_EQ(read(opening), "host\n");
}

TEST_F(StickFilesTest, SayThatNoDaemonIsThere) {
    daemon_.reset();

    const Result<std::string> text = files_->read(files_->open("/state"), 0, 4096);

    EXPECT_EQ(text.error().code, std::errc::no_such_device);
}

}  // namespace
}  // namespace minikvm
