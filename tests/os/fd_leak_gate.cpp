// SPDX-License-Identifier: MIT
// The gate in every os test program: a test that leaves a descriptor open fails.

#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

namespace minikvm {
namespace {

using Descriptors = std::map<std::string, std::string>;  // number and what it leads to

Descriptors open_descriptors() {
    std::vector<std::filesystem::path> entries;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        entries.push_back(entry.path());
    }
    Descriptors open;
    for (const std::filesystem::path& entry : entries) {
        // The descriptor that the directory was read with is closed by now.
        std::error_code gone;
        const std::filesystem::path target = std::filesystem::read_symlink(entry, gone);
        if (!gone) {
            open.emplace(entry.filename(), target);
        }
    }
    return open;
}

class FdLeakGate final : public testing::EmptyTestEventListener {
    void OnTestStart(const testing::TestInfo& /*test*/) override { before_ = open_descriptors(); }

    // Called once the test and its fixture are destroyed.
    void OnTestEnd(const testing::TestInfo& /*test*/) override {
        for (const auto& [number, target] : open_descriptors()) {
            if (!before_.contains(number)) {
                ADD_FAILURE() << "descriptor " << number << " was left open: " << target;
            }
        }
    }

    Descriptors before_;
};

// GoogleTest owns its listeners.
const bool kInstalled = [] {
    testing::UnitTest::GetInstance()->listeners().Append(new FdLeakGate);
    return true;
}();

}  // namespace
}  // namespace minikvm
