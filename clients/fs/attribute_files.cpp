// SPDX-License-Identifier: MIT
// Names as paths.

#include "clients/fs/attribute_files.h"

#include <sys/stat.h>

namespace minikvm {
namespace {

constexpr mode_t kFolderMode = S_IFDIR | 0555;

mode_t mode_of(std::string_view access) {
    mode_t mode = S_IFREG;
    if (access.find('r') != std::string_view::npos) {
        mode |= 0444;
    }
    if (access.find('w') != std::string_view::npos) {
        mode |= 0200;
    }
    return mode;
}

}  // namespace

AttributeFiles::AttributeFiles(const std::vector<ControlAnswer>& attributes) {
    files_["/"] = {kFolderMode, 0};
    for (const ControlAnswer& attribute : attributes) {
        const std::string path = "/" + attribute.name;
        for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
            files_[path.substr(0, slash)] = {kFolderMode, 0};
        }
        files_[path] = {mode_of(attribute.text), 0};
    }
}

const AttributeFile* AttributeFiles::find(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
}

std::vector<std::string> AttributeFiles::names_in(std::string_view folder) const {
    const std::string prefix = folder == "/" ? "/" : std::string(folder) + "/";
    std::vector<std::string> names;
    for (auto file = files_.upper_bound(prefix);
         file != files_.end() && file->first.starts_with(prefix); ++file) {
        if (file->first.find('/', prefix.size()) == std::string::npos) {
            names.push_back(file->first.substr(prefix.size()));
        }
    }
    return names;
}

bool AttributeFiles::changed(std::string_view attribute) {
    const auto found = files_.find("/" + std::string(attribute));
    if (found == files_.end()) {
        return false;
    }
    ++found->second.changes;
    return true;
}

void AttributeFiles::all_changed() {
    for (auto& [path, file] : files_) {
        ++file.changes;
    }
}

std::string attribute_of(std::string_view path) {
    return std::string(path.substr(path.find_first_not_of('/')));
}

}  // namespace minikvm
