// SPDX-License-Identifier: MIT
// Files and programs of a computer.

#include "clients/ctl/doctor/machine.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "common/file.h"

namespace minikvm {

namespace files = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

Machine::Machine(MachineSources sources) : sources_(std::move(sources)) {
}

std::string Machine::text(const std::string& path) const {
    return read_text_file(this->path(path)).value_or(std::string());
}

bool Machine::has(const std::string& path) const {
    std::error_code ignored;
    return files::exists(this->path(path), ignored);
}

std::vector<std::string> Machine::names(const std::string& path) const {
    std::error_code ignored;
    std::vector<std::string> names;
    for (auto entry = files::directory_iterator(this->path(path), ignored);
         entry != files::directory_iterator(); entry.increment(ignored)) {
        names.push_back(entry->path().filename());
    }
    std::ranges::sort(names);
    return names;
}

std::string Machine::link(const std::string& path) const {
    std::error_code ignored;
    return files::read_symlink(this->path(path), ignored);
}

std::optional<FileOwner> Machine::owner(const std::string& path) const {
    constexpr mode_t kPermissions = 07777;
    struct stat status {};
    if (::stat(this->path(path).c_str(), &status) < 0) {
        return std::nullopt;
    }
    return FileOwner{status.st_uid, status.st_mode & kPermissions};
}

std::optional<uid_t> Machine::user_id(const std::string& name) const {
    for (const std::string& line : lines_of(text("/etc/passwd"))) {
        if (!line.starts_with(name + ":")) {
            continue;
        }
        const std::size_t number = line.find(':', name.size() + 1) + 1;
        uid_t id = 0;
        std::from_chars(line.data() + number, line.data() + line.size(), id);
        return id;
    }
    return std::nullopt;
}

std::optional<std::string> Machine::run(const std::vector<std::string>& words) const {
    return sources_.run(words);
}

std::string Machine::udev_property(const std::string& directory,
                                   const std::string& property) const {
    return sources_.udev_property(directory, property);
}

const std::vector<std::string>& Machine::kernel_log() const {
    if (!kernel_log_) {
        kernel_log_ = lines_of(run({"journalctl", "--dmesg", "--boot", "--since=-1h",
                                    "--output=cat", "--no-pager", "--quiet"})
                                   .value_or(std::string()));
    }
    return *kernel_log_;
}

}  // namespace minikvm
