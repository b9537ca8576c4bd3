// SPDX-License-Identifier: MIT
// v4l2loopback as it is on disk: its versions, for which kernel it is built, and who signed it.

#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "clients/ctl/doctor/machine.h"

namespace minikvm {

struct Version {
    int major = 0;
    int minor = 0;
    int patch = 0;

    auto operator<=>(const Version&) const = default;
};

/// Of "6.12.57+deb13-amd64" it is 6.12.57; what is not there is 0.
Version version_of(const std::string& text);

/// Whether the one that is loaded has the nodes that it was loaded with, and can make no others.
bool has_fixed_nodes(const Machine& machine);

/// What each of its nodes is called.
std::vector<std::string> loopback_labels(const Machine& machine);

/// The version of the sources that DKMS would build; empty: there are none.
std::string loopback_sources(const Machine& machine);

/// The least version that a kernel needs, or nothing: any will do.
/// Source:  the table of docs/v4l2loopback.md, as it is installed.
std::optional<std::string> least_loopback_for(const Machine& machine, const std::string& kernel);

/// Limits:  looks where DKMS and the module's own Makefile put it, and nowhere else.
bool has_loopback(const Machine& machine, const std::string& kernel);

/// The newest installed kernel that is newer than the running one; empty: there is none.
std::string next_kernel(const Machine& machine);

/// Whose key signed the running kernel's module; empty: nobody's.
std::string loopback_signer(const Machine& machine);

}  // namespace minikvm
