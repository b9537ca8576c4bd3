// SPDX-License-Identifier: MIT
// One check after the other.

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {

Findings run_checks(const Examination& examination) {
    Findings findings;
    for (const Check& check : kChecks) {
        findings.begin(check.name);
        check.look(examination, findings);
    }
    return findings;
}

}  // namespace minikvm
