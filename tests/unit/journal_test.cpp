// SPDX-License-Identifier: MIT
// When the log goes to the journal, and with which fields.

#include "common/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log.h"
#include "common/unique_fd.h"

namespace minikvm::log {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

std::string stream_of(int fd) {
    struct stat status {};
    ::fstat(fd, &status);
    return fmt::format("{}:{}", status.st_dev, status.st_ino);
}

TEST(Journal, IsWhatTheEnvironmentDescribes) {
    const UniqueFd fd(::open("/dev/null", O_WRONLY | O_CLOEXEC));

    EXPECT_TRUE(is_journal(fd.get(), stream_of(fd.get()).c_str()));
}

TEST(Journal, IsNotAFileThatStderrWasLedIntoLater) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd reading(ends[0]);
    const UniqueFd writing(ends[1]);
    const UniqueFd other(::open("/dev/null", O_WRONLY | O_CLOEXEC));

    EXPECT_FALSE(is_journal(other.get(), stream_of(writing.get()).c_str()));
}

TEST(Journal, IsNotThereWithoutTheEnvironmentsWord) {
    EXPECT_FALSE(is_journal(STDERR_FILENO, nullptr));
    EXPECT_FALSE(is_journal(STDERR_FILENO, ""));
}

TEST(JournalFields, SayWhichStickALineIsAboutAndWhatItMeans) {
    const MessageId message{"1169a20d8b4a459c9159a0021a0a8250"};

    EXPECT_THAT(
        journal_fields(Level::Error, message, "1-2", "kernel: no camera"),
        ElementsAre("MESSAGE=kernel: no camera", "PRIORITY=3", StartsWith("SYSLOG_IDENTIFIER="),
                    "MESSAGE_ID=1169a20d8b4a459c9159a0021a0a8250", "MINIKVM_ID=1-2"));
}

TEST(JournalFields, LeaveOutWhatHasNoValue) {
    EXPECT_THAT(
        journal_fields(Level::Info, MessageId(), "", "hello"),
        AllOf(Not(Contains(StartsWith("MESSAGE_ID="))), Not(Contains(StartsWith("MINIKVM_ID=")))));
}

}  // namespace
}  // namespace minikvm::log
