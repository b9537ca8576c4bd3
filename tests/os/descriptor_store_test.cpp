// SPDX-License-Identifier: MIT
// DescriptorStore in front of a stand-in for the service manager.

#include "daemon/descriptor_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/service_manager.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

UniqueFd any_fd() {
    return UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

// What a service is started with that has kept /dev/null twice as "pair" and / once as "root".
void inherit_three_descriptors() {
    UniqueFd null = any_fd();
    UniqueFd root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    null.reset(::fcntl(null.get(), F_DUPFD_CLOEXEC, 40));  // out of the way of 3, 4 and 5
    root.reset(::fcntl(root.get(), F_DUPFD_CLOEXEC, 40));
    ::dup2(null.get(), 3);
    ::dup2(null.get(), 4);
    ::dup2(root.get(), 5);
    // The only thread of a child process.
    // NOLINTBEGIN(concurrency-mt-unsafe)
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "3", 1);
    ::setenv("LISTEN_FDNAMES", "pair:pair:root", 1);
    // NOLINTEND(concurrency-mt-unsafe)
}

bool closes_at_exec(int fd) {
    return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

void take_everything_over() {
    inherit_three_descriptors();
    DescriptorStore store = DescriptorStore::create().value();
    const auto untaken = store.untaken();
    const auto pair = store.take("pair");
    const auto root = store.take("root");
    const bool good = untaken == std::vector<std::string>{"pair", "root"} && pair.size() == 2 &&
                      root.size() == 1 && closes_at_exec(root[0].get()) &&
                      ::faccessat(root[0].get(), "dev", F_OK, 0) == 0 &&
                      store.take("root").empty() && store.untaken().empty();
    ::_exit(good ? 0 : 1);
}

void drop_what_is_not_taken() {
    inherit_three_descriptors();
    DescriptorStore store = DescriptorStore::create().value();
    const bool forgotten = static_cast<bool>(store.forget("root"));
    const bool closed = ::fcntl(5, F_GETFD) < 0;
    ::_exit(forgotten && closed && store.take("root").empty() ? 0 : 1);
}

TEST(DescriptorStore, HandsOutWhatAnEarlierProcessHasKept) {
    EXPECT_EXIT(take_everything_over(), testing::ExitedWithCode(0), "");
}

TEST(DescriptorStore, ClosesWhatItForgetsUntaken) {
    EXPECT_EXIT(drop_what_is_not_taken(), testing::ExitedWithCode(0), "");
}

TEST(DescriptorStore, HasNothingInAProcessThatNobodyManages) {
    DescriptorStore store = DescriptorStore::create().value();

    EXPECT_THAT(store.take("tty"), IsEmpty());
    EXPECT_TRUE(store.keep("tty", std::array{any_fd().get()}));
    EXPECT_TRUE(store.forget("tty"));
}

TEST(DescriptorStore, KeepsADescriptorWithoutWatchingIt) {
    const FakeServiceManager manager;
    DescriptorStore store = DescriptorStore::create().value();
    const UniqueFd fd = any_fd();

    ASSERT_TRUE(store.keep("tty", std::array{fd.get()}));
    ASSERT_TRUE(store.forget("nothing"));  // a barrier: the manager has heard everything

    EXPECT_EQ(manager.kept("tty"), 1U);
    EXPECT_THAT(manager.messages(),
                ElementsAre("FDSTORE=1\nFDNAME=tty\nFDPOLL=0", "FDSTOREREMOVE=1\nFDNAME=nothing"));
}

TEST(DescriptorStore, KeepsAPairInOneMessage) {
    const FakeServiceManager manager;
    DescriptorStore store = DescriptorStore::create().value();
    const std::array fds = {any_fd(), any_fd()};

    ASSERT_TRUE(store.keep("sink", std::array{fds[0].get(), fds[1].get()}));
    ASSERT_TRUE(store.forget("nothing"));

    EXPECT_EQ(manager.kept("sink"), 2U);
    EXPECT_EQ(manager.messages().size(), 2U);
}

TEST(DescriptorStore, HasForgottenWhenItReturns) {
    const FakeServiceManager manager;
    DescriptorStore store = DescriptorStore::create().value();
    const UniqueFd fd = any_fd();
    ASSERT_TRUE(store.keep("tty", std::array{fd.get()}));

    ASSERT_TRUE(store.forget("tty"));

    EXPECT_EQ(manager.kept("tty"), 0U);
}

TEST(DescriptorStore, RefusesANameThatWouldBeLost) {
    DescriptorStore store = DescriptorStore::create().value();
    const UniqueFd fd = any_fd();

    for (const std::string& name :
         {std::string(), std::string("a:b"), std::string("a\nFDPOLL=1"), std::string(256, 'x')}) {
        EXPECT_EQ(store.keep(name, std::array{fd.get()}).error().code, std::errc::invalid_argument);
    }
}

}  // namespace
}  // namespace minikvm
