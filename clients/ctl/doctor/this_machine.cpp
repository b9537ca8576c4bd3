// SPDX-License-Identifier: MIT
// The computer that the process runs on: its user, its kernel, its udev.

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "clients/ctl/doctor/machine.h"
#include "clients/ctl/doctor/program.h"
#include "common/udev.h"

namespace minikvm {
namespace {

// There is one thread, so that the answers of these functions stay until the next call.
// NOLINTBEGIN(concurrency-mt-unsafe)
std::string group_name(gid_t id) {
    const group* found = ::getgrgid(id);
    return found != nullptr ? found->gr_name : std::to_string(id);
}

std::string user_name() {
    const char* behind_sudo = ::getuid() == 0 ? ::getenv("SUDO_USER") : nullptr;
    if (behind_sudo != nullptr) {
        return behind_sudo;
    }
    const passwd* found = ::getpwuid(::getuid());
    return found != nullptr ? found->pw_name : std::to_string(::getuid());
}

std::vector<std::string> listed_groups(const std::string& user) {
    const passwd* found = ::getpwnam(user.c_str());
    if (found == nullptr) {
        return {};
    }
    int count = 0;
    ::getgrouplist(user.c_str(), found->pw_gid, nullptr, &count);
    std::vector<gid_t> ids(static_cast<std::size_t>(count));
    ::getgrouplist(user.c_str(), found->pw_gid, ids.data(), &count);
    std::vector<std::string> names;
    for (const gid_t id : ids) {
        names.push_back(group_name(id));
    }
    return names;
}
// NOLINTEND(concurrency-mt-unsafe)

std::vector<std::string> session_groups() {
    std::vector<gid_t> ids(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    ids.resize(static_cast<std::size_t>(
        std::max(::getgroups(static_cast<int>(ids.size()), ids.data()), 0)));
    ids.push_back(::getegid());
    std::vector<std::string> names;
    for (const gid_t id : ids) {
        names.push_back(group_name(id));
    }
    return names;
}

std::string udev_property_of(const std::string& directory, const std::string& property) {
    const UdevPtr context(udev_new());
    const UdevDevicePtr device(udev_device_new_from_syspath(context.get(), directory.c_str()));
    const char* value =
        device ? udev_device_get_property_value(device.get(), property.c_str()) : nullptr;
    return value != nullptr ? value : std::string();
}

}  // namespace

Machine Machine::here() {
    utsname kernel{};
    ::uname(&kernel);
    const std::string user = user_name();
    return Machine({.root = {},
                    .user = {.name = user,
                             .is_root = ::getuid() == 0,
                             .listed_groups = listed_groups(user),
                             .session_groups = session_groups()},
                    .kernel_release = kernel.release,
                    .run = output_of,
                    .udev_property = udev_property_of});
}

}  // namespace minikvm
