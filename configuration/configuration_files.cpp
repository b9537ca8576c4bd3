// SPDX-License-Identifier: MIT
// Which files there are.

#include "configuration/configuration_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "common/file.h"

namespace minikvm {
namespace {

constexpr std::size_t kTooLongBytes = 65535;  // where read_text_file() may have cut the text

std::vector<std::string> drop_ins(const std::string& directory) {
    // A directory that is not there has none.
    std::error_code ignored;
    std::vector<std::string> paths;
    for (auto entry = std::filesystem::directory_iterator(directory, ignored);
         entry != std::filesystem::directory_iterator(); entry.increment(ignored)) {
        if (entry->path().extension() == ".toml") {
            paths.push_back(entry->path());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

}  // namespace

ConfigurationFiles read_configuration(const std::string& path) {
    std::vector<std::string> candidates = drop_ins(path + ".d");
    candidates.insert(candidates.begin(), path);
    ConfigurationFiles files;
    std::vector<ConfigurationText> texts;
    std::vector<Complaint> unread;
    for (const std::string& candidate : candidates) {
        Result<std::string> text = read_text_file(candidate);
        if (text && text->size() < kTooLongBytes) {
            files.paths.push_back(candidate);
            texts.push_back({candidate, std::move(*text)});
        } else if (text) {
            unread.push_back({candidate, "longer than 64 KiB; the whole file is left out"});
        } else if (text.error().code != std::errc::no_such_file_or_directory) {
            unread.push_back({candidate, text.error().code.message() + "; it is left out"});
        }
    }
    files.read = read_settings(texts);
    files.read.complaints.insert(files.read.complaints.begin(), unread.begin(), unread.end());
    return files;
}

}  // namespace minikvm
