// SPDX-License-Identifier: MIT
// A control tree as folders and files.

#include "clients/fs/attribute_files.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/fs/control_errno.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

AttributeFiles some_files() {
    return AttributeFiles({{ControlLine::Item, "chip/input/model", "r"},
                           {ControlLine::Item, "state", "r"},
                           {ControlLine::Item, "usb/reset", "w"},
                           {ControlLine::Item, "usb/switch", "rw"}});
}

TEST(AttributeFiles, HaveAFolderForEachLevelOfAName) {
    const AttributeFiles files = some_files();

    EXPECT_THAT(files.names_in("/"), ElementsAre("chip", "state", "usb"));
    EXPECT_THAT(files.names_in("/chip"), ElementsAre("input"));
    EXPECT_THAT(files.names_in("/usb"), ElementsAre("reset", "switch"));
}

TEST(AttributeFiles, ShowInTheirModeWhatCanBeDone) {
    const AttributeFiles files = some_files();

    EXPECT_EQ(files.find("/state")->mode, S_IFREG | 0444U);
    EXPECT_EQ(files.find("/usb/reset")->mode, S_IFREG | 0200U);
    EXPECT_EQ(files.find("/usb/switch")->mode, S_IFREG | 0644U);
    EXPECT_EQ(files.find("/usb")->mode, S_IFDIR | 0555U);
}

TEST(AttributeFiles, AreNotFoundUnderOtherNames) {
    const AttributeFiles files = some_files();

    EXPECT_EQ(files.find("/usb/swi"), nullptr);
    EXPECT_EQ(files.find("usb"), nullptr);
    EXPECT_THAT(files.names_in("/us"), IsEmpty());
}

TEST(AttributeFiles, CountTheirChanges) {
    AttributeFiles files = some_files();

    EXPECT_TRUE(files.changed("usb/switch"));
    EXPECT_FALSE(files.changed("missed"));

    EXPECT_EQ(files.find("/usb/switch")->changes, 1U);
    EXPECT_EQ(files.find("/state")->changes, 0U);
}

TEST(AttributeFiles, AreNamedAsTheirAttributes) {
    EXPECT_EQ(attribute_of("/usb/switch"), "usb/switch");
}

TEST(ControlErrno, SaysWhatAShellUnderstands) {
    EXPECT_EQ(errno_for({make_error_code(ControlError::BadValue), ""}), EINVAL);
    EXPECT_EQ(errno_for({make_error_code(ControlError::Busy), ""}), EBUSY);
    EXPECT_EQ(errno_for({std::make_error_code(std::errc::no_such_device), ""}), ENODEV);
    EXPECT_EQ(errno_for({make_error_code(ProtocolError::BadReply), ""}), EIO);
}

}  // namespace
}  // namespace minikvm
