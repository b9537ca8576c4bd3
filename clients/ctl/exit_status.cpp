// SPDX-License-Identifier: MIT
// Errors as exit statuses.

#include "clients/ctl/exit_status.h"

#include "clients/ctl/output.h"
#include "protocol/errors.h"

namespace minikvm {

ExitStatus status_for(const Error& error) {
    if (error.code == std::errc::no_such_device) {
        return ExitStatus::NoSuchStick;
    }
    if (error.code == std::errc::permission_denied || error.code == ControlError::NotAllowed) {
        return ExitStatus::NotAllowed;
    }
    for (const ControlError usage :
         {ControlError::NoSuchAttribute, ControlError::ReadOnly, ControlError::WriteOnly,
          ControlError::BadValue, ControlError::BadRequest}) {
        if (error.code == usage) {
            return ExitStatus::Usage;
        }
    }
    return ExitStatus::Failed;
}

ExitStatus complain(const Error& error) {
    // A ControlError's context is the daemon's whole sentence.
    const bool whole = error.code.category() == control_category() ||
                       error.code == std::errc::no_such_device ||
                       error.code == std::errc::invalid_argument;
    print_error(whole ? error.context : error.message());
    if (error.code == std::errc::permission_denied) {
        print_error(
            "only members of group minikvm may: sudo adduser YOUR-NAME minikvm, then log "
            "in again");
    }
    return status_for(error);
}

}  // namespace minikvm
