// SPDX-License-Identifier: MIT
// TemporaryDirectory: a fresh directory that is removed with all that is in it.

#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace minikvm {

class TemporaryDirectory {
public:
    // mkdtemp(3) puts a name that nobody has in the place of the six X.
    TemporaryDirectory()
        : path_((std::filesystem::temp_directory_path() / "minikvm-XXXXXX").string()) {
        made_ = ::mkdtemp(path_.data()) != nullptr;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        if (made_) {
            std::filesystem::remove_all(path_, ignored);
        }
    }

    const std::string& path() const { return path_; }

private:
    std::string path_;
    bool made_ = false;
};

}  // namespace minikvm
