// SPDX-License-Identifier: MIT
// Machine: all that the doctor reads of the computer it runs on, through one seam.

#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace minikvm {

/// Who is to use the stick: who runs the program, or who had it run by sudo.
struct User {
    std::string name;
    bool is_root = false;                     // so this process may look everywhere
    std::vector<std::string> listed_groups;   // as the user database has it
    std::vector<std::string> session_groups;  // as this session began
};

struct FileOwner {
    uid_t user = 0;
    mode_t mode = 0;  // permission bits alone
};

/// Where a Machine gets its answers from; a test puts recorded ones in their place.
struct MachineSources {
    std::string root;  // stands in front of every path; empty on a real machine
    User user;
    std::string kernel_release;  // as uname(2) says it
    /// Standard output of a program that ended with status 0; of none other.
    std::function<std::optional<std::string>(const std::vector<std::string>& words)> run;
    /// A property that udev keeps of the device with this directory in sysfs, or nothing.
    std::function<std::string(const std::string& directory, const std::string& property)>
        udev_property;
};

/// Shape:   asks, changes nothing, and never opens a device's node.
/// Errors:  none: what cannot be read is empty, and the check that wanted it says so.
/// Thread:  the thread that made it.
class Machine final {
public:
    explicit Machine(MachineSources sources);

    /// The computer that this process runs on.
    static Machine here();

    const User& user() const { return sources_.user; }
    const std::string& kernel_release() const { return sources_.kernel_release; }
    std::string path(const std::string& path) const { return sources_.root + path; }

    std::string text(const std::string& path) const;
    bool has(const std::string& path) const;
    /// What is in a directory, sorted.
    std::vector<std::string> names(const std::string& path) const;
    /// Where a symbolic link points.
    std::string link(const std::string& path) const;
    std::optional<FileOwner> owner(const std::string& path) const;
    /// Number of a user in /etc/passwd.
    std::optional<uid_t> user_id(const std::string& name) const;

    std::optional<std::string> run(const std::vector<std::string>& words) const;
    std::string udev_property(const std::string& directory, const std::string& property) const;

    /// What the kernel has said in the last hour, a line each; nothing when it may not be read.
    const std::vector<std::string>& kernel_log() const;

private:
    MachineSources sources_;
    mutable std::optional<std::vector<std::string>> kernel_log_;
};

/// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace minikvm
