// SPDX-License-Identifier: MIT
// Errors as numbers.

#include "clients/fs/control_errno.h"

#include <array>
#include <cerrno>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr std::array<std::pair<ControlError, int>, 9> kNumbers = {{
    {ControlError::NoSuchAttribute, ENOENT},
    {ControlError::ReadOnly, EACCES},
    {ControlError::WriteOnly, EACCES},
    {ControlError::BadValue, EINVAL},
    {ControlError::Busy, EBUSY},
    {ControlError::NoDevice, ENODEV},
    {ControlError::BadRequest, EINVAL},
    {ControlError::NotAllowed, EPERM},
    {ControlError::Failed, EIO},
}};

}  // namespace

int errno_for(const Error& error) {
    for (const auto& [code, number] : kNumbers) {
        if (error.code == code) {
            return number;
        }
    }
    const bool from_kernel = error.code.category() == std::generic_category() ||
                             error.code.category() == std::system_category();
    return from_kernel && error.code.value() > 0 ? error.code.value() : EIO;
}

}  // namespace minikvm
