// SPDX-License-Identifier: MIT
// What UniqueFd promises.

#include "common/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

UniqueFd some_fd() {
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

TEST(UniqueFd, ClosesWhatItOwnsWhenItIsDestroyed) {
    int number = -1;
    {
        const UniqueFd fd = some_fd();
        number = fd.get();
        ASSERT_TRUE(is_open(number));
    }

    EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, LeavesNothingBehindWhenMovedFrom) {
    UniqueFd first = some_fd();
    const int number = first.get();

    const UniqueFd second = std::move(first);

    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): the moved-from state is the subject
    EXPECT_EQ(second.get(), number);
}

TEST(UniqueFd, ClosesTheOldDescriptorWhenAssigned) {
    UniqueFd fd = some_fd();
    const int old = fd.get();

    fd = some_fd();

    EXPECT_FALSE(is_open(old) && old != fd.get());
}

TEST(UniqueFd, GivesUpOwnershipOnRelease) {
    UniqueFd fd = some_fd();

    const int number = fd.release();

    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(number));
    ::close(number);
}

}  // namespace
}  // namespace minikvm
