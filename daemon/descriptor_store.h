// SPDX-License-Identifier: MIT
// DescriptorStore: open descriptors that outlive this process, in the service manager's hands.

#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// Shape:   create() once, before anything else is opened: takes over what an earlier process of
///          the same service has kept. take() hands that out, name by name. keep() gives the
///          service manager a duplicate, which the next process gets after a restart or a crash;
///          forget() closes it. Nothing is kept beyond a stop of the service.
///          Without a service manager nothing is ever kept, and that is no error.
/// Errors:  keep: EINVAL for a name that systemd refuses (empty, above 255 bytes, control
///          characters, a colon); what sending gives. More descriptors than the unit's
///          FileDescriptorStoreMax= are closed by systemd without a word.
///          forget: ETIMEDOUT when the service manager did not answer for 5 s.
/// Limits:  kept descriptors are not watched for hang-ups (FDPOLL=0): one of a device that is gone
///          is kept until forget(), and its node's number is not free until then.
/// Thread:  the thread that made it (main), except where it says otherwise.
/// Source:  sd_pid_notify_with_fds(3), sd_listen_fds(3), sd_notify_barrier(3).
class DescriptorStore final {
public:
    /// Errors: what sd_listen_fds_with_names() gives, when the environment makes no sense.
    static Result<DescriptorStore> create();

    /// What an earlier process kept under this name, in no particular order; each once.
    std::vector<UniqueFd> take(const std::string& name);

    /// Names of what nobody has taken yet.
    std::vector<std::string> untaken() const;

    /// Keeps all of them under one name, besides what it has already. Any thread.
    static Result<void> keep(const std::string& name, std::span<const int> fds);

    /// Returns when the service manager has closed all that it kept under this name. What was not
    /// taken is closed here too. A name that is not there is none of its concerns.
    Result<void> forget(const std::string& name);

    /// As forget(), for a name of which everything was taken. Any thread.
    static Result<void> release(const std::string& name);

private:
    DescriptorStore() = default;

    std::map<std::string, std::vector<UniqueFd>> inherited_;
};

}  // namespace minikvm
