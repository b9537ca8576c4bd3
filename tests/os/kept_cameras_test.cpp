// SPDX-License-Identifier: MIT
// KeptCameras in front of a stand-in for the service manager.

#include "daemon/kept_cameras.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/service_manager.h"

namespace minikvm {
namespace {

// What a service is started with that has kept camera 10 whole, and of camera 11 only the lock.
void inherit(const std::string& names) {
    UniqueFd device(::open("/dev/null", O_RDWR | O_CLOEXEC));
    UniqueFd lock(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    device.reset(::fcntl(device.get(), F_DUPFD_CLOEXEC, 40));  // out of the way of 3, 4 and 5
    lock.reset(::fcntl(lock.get(), F_DUPFD_CLOEXEC, 40));
    ::dup2(lock.get(), 3);
    ::dup2(device.get(), 4);
    ::dup2(lock.get(), 5);
    // The only thread of a child process.
    // NOLINTBEGIN(concurrency-mt-unsafe)
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "3", 1);
    ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
    // NOLINTEND(concurrency-mt-unsafe)
}

void take_the_whole_camera_only() {
    inherit("camera-10:camera-10:camera-11");
    DescriptorStore store = DescriptorStore::create().value();
    const auto cameras = KeptCameras(store).take();
    const bool good = cameras.size() == 1 && cameras[0].number == 10 &&
                      ::faccessat(cameras[0].lock.get(), "dev", F_OK, 0) == 0 &&
                      ::write(cameras[0].device.get(), "x", 1) == 1 && store.untaken().empty();
    ::_exit(good ? 0 : 1);
}

void leave_other_names() {
    inherit("tty:camera-:camera-1x");
    DescriptorStore store = DescriptorStore::create().value();
    const bool good = KeptCameras(store).take().empty() && store.untaken().size() == 3;
    ::_exit(good ? 0 : 1);
}

TEST(KeptCamerasDeathTest, TakesWhatIsWhole) {
    EXPECT_EXIT(take_the_whole_camera_only(), testing::ExitedWithCode(0), "");
}

TEST(KeptCamerasDeathTest, LeavesWhatIsNoCamera) {
    EXPECT_EXIT(leave_other_names(), testing::ExitedWithCode(0), "");
}

TEST(KeptCameras, KeepsBothDescriptorsUntilTheyAreForgotten) {
    FakeServiceManager manager;
    DescriptorStore store = DescriptorStore::create().value();
    KeptCameras cameras(store);
    const UniqueFd device(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const UniqueFd lock(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

    cameras.keep(10, device.get(), lock.get());
    cameras.keep(11, device.get(), lock.get());
    cameras.forget(10);

    EXPECT_EQ(manager.kept("camera-10"), 0U);
    EXPECT_EQ(manager.kept("camera-11"), 2U);
}

}  // namespace
}  // namespace minikvm
