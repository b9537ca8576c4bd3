// SPDX-License-Identifier: MIT
// The declarations of the forwarder's control tree.

#include "clients/forward/forward_attributes.h"

namespace minikvm {
namespace {

constexpr AttributeDeclaration kAttributes[] = {
    {"devices", Access::Read, "/dev/input/event3 /dev/input/event5, or empty", "",
     "The keyboards and mice of this machine that are forwarded."},
    {"given_back", Access::Read,
     "never, hotkey, panic, trial, client, stick-gone, silent, no-device, stopping", "",
     "Why they came back to this machine last."},
    {"grabbed", Access::Read, "/dev/input/event3 /dev/input/event5, or empty", "",
     "Those of them that this machine gets nothing from now."},
    {"problem", Access::Read, "one phrase, or empty", "", "Why the last wish was not fulfilled."},
    {"reports", Access::Read, "a count", "", "Reports of these devices that went to a stick."},
    {"state", Access::Read, "host, joining, grabbed, leaving", "",
     "Where the devices are: joining and leaving last until every key is up."},
    {"target", Access::ReadWrite, "host, or a stick's ID", "",
     "Where keyboard and mouse go, or are to go."},
    {"trial_s", Access::ReadWrite, "off, or seconds", "",
     "The next turn that target begins ends by itself after so long."},
};

}  // namespace

std::span<const AttributeDeclaration> forward_attributes() {
    return kAttributes;
}

}  // namespace minikvm
