// SPDX-License-Identifier: MIT
// RuntimeLinks: names that lead to a node, or do not exist.

#include "daemon/runtime_links.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

class SomeRuntimeLinks : public testing::Test {
protected:
    std::string target() const {
        std::error_code missing;
        return std::filesystem::read_symlink(camera(), missing);
    }
    std::filesystem::path camera() const { return directory_.path() + "/camera"; }
    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
    }

    TemporaryDirectory directory_;
    std::unique_ptr<RuntimeLinks> links_ = std::make_unique<RuntimeLinks>(directory_.path());
};

TEST_F(SomeRuntimeLinks, LeadToTheNode) {
    ASSERT_TRUE(links_->point("camera", "/dev/video10"));

    EXPECT_EQ(target(), "/dev/video10");
}

TEST_F(SomeRuntimeLinks, FollowANodeThatChanges) {
    ASSERT_TRUE(links_->point("camera", "/dev/video10"));
    ASSERT_TRUE(links_->point("camera", "/dev/video11"));

    EXPECT_EQ(target(), "/dev/video11");
    EXPECT_EQ(entries(), 1U);
}

TEST_F(SomeRuntimeLinks, AreRemovedWithTheNode) {
    ASSERT_TRUE(links_->point("camera", "/dev/video10"));
    ASSERT_TRUE(links_->point("camera", ""));

    EXPECT_EQ(entries(), 0U);
}

TEST_F(SomeRuntimeLinks, AreRemovedAtTheEnd) {
    ASSERT_TRUE(links_->point("camera", "/dev/video10"));

    links_.reset();

    EXPECT_EQ(entries(), 0U);
}

TEST_F(SomeRuntimeLinks, ReplaceWhatAProcessThatWasKilledLeft) {
    std::filesystem::create_symlink("/dev/video3", camera());
    std::filesystem::create_symlink("/dev/video4", camera().string() + ".new");

    ASSERT_TRUE(links_->point("camera", "/dev/video10"));

    EXPECT_EQ(target(), "/dev/video10");
    EXPECT_EQ(entries(), 1U);
}

TEST_F(SomeRuntimeLinks, SayThatTheirDirectoryIsGone) {
    RuntimeLinks links(directory_.path() + "/missing");

    EXPECT_EQ(links.point("camera", "/dev/video10").error().code,
              std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace minikvm
