// SPDX-License-Identifier: MIT
// Is something wrong in the configuration files?

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"
#include "configuration/configuration_files.h"

namespace minikvm {

void check_configuration(const Examination& examination, Findings& findings) {
    const ConfigurationFiles files =
        read_configuration(examination.machine().path(kConfigurationPath));
    for (const Complaint& complaint : files.read.complaints) {
        findings.fault(
            Fault::Configuration, complaint.message(),
            fmt::format("correct it in {}, see minikvm.toml(5), then sudo systemctl reload "
                        "'minikvmd@*'",
                        complaint.place));
    }
    if (!files.read.complaints.empty()) {
        return;
    }
    findings.good(files.paths.empty()
                      ? std::string("nothing is configured: everything is as by default")
                      : fmt::format("{} files, and nothing wrong in them", files.paths.size()));
}

}  // namespace minikvm
