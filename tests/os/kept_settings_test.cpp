// SPDX-License-Identifier: MIT
// What clients have set, from one process to the next.

#include "daemon/kept_settings.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "configuration/configuration.h"
#include "configuration/settings_reader.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

constexpr const char* kStick = "1-2";

Settings files(const std::string& toml) {
    const ConfigurationText text{"minikvm.toml", toml};
    return read_settings(std::span(&text, 1)).settings;
}

class SomeKeptSettings : public testing::Test {
protected:
    std::string path() const { return directory_.path() + "/settings"; }

    void note(const std::string& attribute, const std::string& value, const std::string& toml) {
        ASSERT_TRUE(KeptSettings(path(), kStick).note(attribute, value, files(toml)));
    }

    // As a process has it that starts now.
    Configuration next(const std::string& toml) const {
        return configuration_of(KeptSettings(path(), kStick).over(files(toml)), kStick);
    }

    TemporaryDirectory directory_;
};

TEST_F(SomeKeptSettings, AreNoneAtFirst) {
    EXPECT_EQ(next("video.format = 'nv12'").video.format, "nv12");
}

TEST_F(SomeKeptSettings, GoBeforeTheFiles) {
    KeptSettings settings(path(), kStick);
    ASSERT_TRUE(settings.note("video/format", "yuyv", files("")));
    ASSERT_TRUE(settings.note("video/size", "1280x720", files("")));
    ASSERT_TRUE(settings.note("video/rate_hz", "50", files("")));
    ASSERT_TRUE(settings.note("usb/follow_slide", "no", files("")));
    ASSERT_TRUE(settings.note("input/jiggler", "60", files("")));

    const Configuration kept = next("");

    EXPECT_EQ(kept.video.format, "yuyv");
    ASSERT_TRUE(kept.video.size);
    EXPECT_EQ(kept.video.size->height_px, 720);
    EXPECT_EQ(kept.video.rate_hz, 50);
    EXPECT_FALSE(kept.usb.follow_slide);
    EXPECT_EQ(kept.input.jiggler, std::chrono::seconds(60));
}

TEST_F(SomeKeptSettings, KnowWordsBesidesNumbers) {
    const std::string file = "input.jiggler_s = 60\nvideo.size = '1280x720'";
    note("input/jiggler", "off", file);
    EXPECT_EQ(next(file).input.jiggler, std::nullopt);

    note("video/size", "auto", file);
    EXPECT_EQ(next(file).video.size, std::nullopt);
}

TEST_F(SomeKeptSettings, GiveWayToAFileThatHasChangedSince) {
    note("video/format", "yuyv", "video.format = 'mjpg'");

    EXPECT_EQ(next("video.format = 'mjpg'").video.format, "yuyv");
    EXPECT_EQ(next("video.format = 'nv12'").video.format, "nv12");
    EXPECT_EQ(next("video.format = 'mjpg'").video.format, "mjpg") << "what was dropped came back";
}

TEST_F(SomeKeptSettings, LeaveOutWhatTheConfigurationHasNot) {
    note("usb/switch", "target", "");

    EXPECT_FALSE(std::ifstream(path()).good());
}

TEST_F(SomeKeptSettings, LeaveOutLinesThatMakeNoSense) {
    std::ofstream(path()) << "video/format sideways\t\"mjpg\"\nusb/switch host\t\n"
                             "video/rate_hz 60\t30\nvideo/size";

    EXPECT_EQ(next("").video.format, "yuyv");
    EXPECT_EQ(next("").video.rate_hz, 60);
}

TEST_F(SomeKeptSettings, AreTheirOwnersAlone) {
    note("video/format", "yuyv", "");

    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace minikvm
