// SPDX-License-Identifier: MIT
// A planted leak, which the descriptor gate must catch.

#include <fcntl.h>

#include <gtest/gtest.h>

#include "common/unique_fd.h"

namespace minikvm {
namespace {

TEST(FdLeakGatePlanted, LeavesADescriptorOpen) {
    UniqueFd leaked(::open("/dev/null", O_RDONLY | O_CLOEXEC));

    EXPECT_GE(leaked.release(), 0);
}

}  // namespace
}  // namespace minikvm
