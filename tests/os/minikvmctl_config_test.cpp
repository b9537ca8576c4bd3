// SPDX-License-Identifier: MIT
// minikvmctl config, on files of a user's.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using testing::HasSubstr;
using testing::Not;

class MinikvmctlConfig : public testing::Test {
protected:
    void write(const std::string& name, const std::string& toml) const {
        const std::filesystem::path path = directory_.path() + "/" + name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << toml;
    }

    int run(std::vector<std::string> words) {
        words.insert(words.begin(), {MINIKVMCTL, "config"});
        words.insert(words.end(), {"--config", directory_.path() + "/minikvm.toml"});
        ChildProcess process(words);
        output_ = process.output();
        errors_ = process.errors();
        return process.wait();
    }

    TemporaryDirectory directory_;
    std::string output_;
    std::string errors_;
};

TEST_F(MinikvmctlConfig, FindsNothingWrongWhereNothingIsConfigured) {
    EXPECT_EQ(run({"check"}), 0);
    EXPECT_THAT(output_, HasSubstr("minikvm.toml is not there: everything is as by default"));
    EXPECT_EQ(errors_, "");
}

TEST_F(MinikvmctlConfig, NamesFileAndLineOfWhatIsWrong) {
    write("minikvm.toml", "video.rate_hz = 60\n");
    write("minikvm.toml.d/10-lab.toml", "\nvideo.rate_hz = 600\n");

    EXPECT_EQ(run({"check"}), 1);
    EXPECT_THAT(errors_, HasSubstr(directory_.path() +
                                   "/minikvm.toml.d/10-lab.toml:2: video.rate_hz = 600: has to be "
                                   "a number, 1 to 120 (Hz); it stays 60"));
}

TEST_F(MinikvmctlConfig, ReadsDropInsByName) {
    write("minikvm.toml.d/20.toml", "video.rate_hz = 20\n");
    write("minikvm.toml.d/10.toml", "video.rate_hz = 10\n");
    write("minikvm.toml.d/30.toml.off", "video.rate_hz = 30\n");

    EXPECT_EQ(run({"show"}), 0);
    EXPECT_THAT(output_, HasSubstr("video.rate_hz = 20"));
    EXPECT_THAT(output_, HasSubstr("/minikvm.toml.d/20.toml:1\n"));
}

TEST_F(MinikvmctlConfig, ShowsDefaultsAsSuch) {
    EXPECT_EQ(run({"show"}), 0);
    EXPECT_THAT(output_, testing::ContainsRegex("video.rate_hz = 30 +# default\n"));
}

TEST_F(MinikvmctlConfig, ShowsWhatItReadsItself) {
    write("minikvm.toml", "[sticks.\"1-2.4\"]\nname = 'rack-3'\nusb.at_start = 'host'\n");
    ASSERT_EQ(run({"show"}), 0);
    const std::string shown = output_;
    write("minikvm.toml", shown);

    EXPECT_EQ(run({"show"}), 0);
    EXPECT_THAT(output_, HasSubstr("sticks.\"1-2.4\".name = \"rack-3\""));
    EXPECT_THAT(output_, Not(HasSubstr("# default")));
    EXPECT_EQ(errors_, "");
}

TEST_F(MinikvmctlConfig, ShowsJson) {
    write("minikvm.toml", "video.rate_hz = 60\nx = 1\n");

    EXPECT_EQ(run({"show", "--json"}), 1);
    EXPECT_THAT(output_, HasSubstr(R"({"stick":null,"key":"video.rate_hz","value":60,"default":30,)"
                                   R"("unit":"Hz","place":")"));
    EXPECT_THAT(output_, HasSubstr(R"(minikvm.toml:2","text":"x: no such key;)"));
}

TEST_F(MinikvmctlConfig, NamesAFileThatItMayNotRead) {
    std::filesystem::create_directory(directory_.path() + "/minikvm.toml");

    EXPECT_EQ(run({"check"}), 1);
    EXPECT_THAT(errors_, HasSubstr("minikvm.toml: Is a directory; it is left out"));
}

TEST_F(MinikvmctlConfig, LeavesOutAFileThatIsTooLong) {
    write("minikvm.toml", "video.rate_hz = 60\n" + std::string(70000, '#'));

    EXPECT_EQ(run({"check"}), 1);
    EXPECT_THAT(errors_, HasSubstr("longer than 64 KiB; the whole file is left out"));
}

}  // namespace
}  // namespace minikvm
