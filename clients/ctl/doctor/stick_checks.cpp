// SPDX-License-Identifier: MIT
// What the stick's own daemon says of it.

#include <charconv>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

constexpr int kUsualBaud = 115200;

void check_firmware(const StickTree& tree, Findings& findings) {
    const std::string trouble = tree.value("chip/video/problem");
    const std::string usb = tree.value("usb/problem");
    if (!trouble.empty()) {
        findings.fault(
            Fault::RegistersSilent,
            "the capture chip does not answer about its registers: " + trouble,
            "wait a minute; then pull both cables of the stick, so that it has no power, "
            "and plug them in again",
            tree.id);
    } else if (!usb.empty()) {
        findings.fault(Fault::OtherFirmware, usb,
                       "picture and input work; for the USB switch the vendor's firmware has to be "
                       "put on the stick, see the vendor's support pages",
                       tree.id);
    } else {
        findings.good(
            "the capture chip answers, with firmware " + tree.value("chip/video/firmware"),
            tree.id);
    }
}

void check_picture(const StickTree& tree, Findings& findings) {
    const std::string problem = tree.value("video/problem");
    if (tree.value("state") == "no-camera") {
        findings.fault(
            Fault::NoCamera, "the stick has no camera: " + problem,
            fmt::format("mend first what is said of modules; then sudo systemctl restart "
                        "minikvmd@{}.service",
                        tree.id),
            tree.id);
    } else if (!problem.empty()) {
        findings.fault(
            Fault::NoPicture, "there is no picture: " + problem,
            fmt::format("see that nobody else has the stick's nodes open (holders); then "
                        "sudo systemctl restart minikvmd@{}.service",
                        tree.id),
            tree.id);
    }
    if (tree.value("hdmi/connected") == "no") {
        findings.fault(Fault::NoSignal, "no screen signal comes from the target",
                       "plug in the HDMI cable, wake the target, and have it use that output "
                       "(1920x1080 at 60 Hz works always)",
                       tree.id);
    } else if (tree.value("hdmi/connected") == "yes" && problem.empty()) {
        findings.good(fmt::format("the target's screen arrives, {}, and is on {}",
                                  tree.value("hdmi/mode"), tree.value("video/cameras")),
                      tree.id);
    }
}

void check_speed(const StickTree& tree, Findings& findings) {
    const std::string baud = tree.value("serial/baud_bd");
    int speed = 0;
    std::from_chars(baud.data(), baud.data() + baud.size(), speed);
    if (speed > 0 && speed < kUsualBaud) {
        findings.fault(
            Fault::SlowSerial,
            fmt::format("the input chip runs at {} Bd, too slow for a mouse", speed),
            fmt::format("have serial.raise_baud = true in /etc/minikvm/minikvm.toml, then "
                        "sudo systemctl restart minikvmd@{}.service",
                        tree.id),
            tree.id);
    }
}

void check_input(const StickTree& tree, Findings& findings) {
    const std::string problem = tree.value("input/problem");
    check_speed(tree, findings);
    if (!problem.empty()) {
        findings.fault(
            Fault::NoInput, "typing and pointing do not work: " + problem,
            fmt::format("sudo systemctl restart minikvmd@{}.service; if that does not help, "
                        "pull both cables of the stick and plug them in again",
                        tree.id),
            tree.id);
    } else if (tree.value("input/target") == "absent") {
        findings.fault(Fault::TargetAbsent,
                       "the target has not taken the stick's keyboard and mouse",
                       "switch the target on, and plug the stick's target cable into it; some "
                       "targets give their USB ports no power while they sleep",
                       tree.id);
    } else if (tree.value("input/target") == "connected") {
        findings.good(fmt::format("the target has taken the keyboard and mouse, at {} Bd",
                                  tree.value("serial/baud_bd")),
                      tree.id);
    }
}

void check_tree(const StickTree& tree, Findings& findings) {
    if (tree.is_forbidden) {
        findings.unknown("its daemon may not be asked", "see what is said of permissions", tree.id);
    } else if (!tree.refusal.empty()) {
        findings.fault(Fault::NoAnswer, "its daemon does not answer: " + tree.refusal,
                       fmt::format("sudo systemctl restart minikvmd@{}.service", tree.id), tree.id);
    } else if (tree.value("state") == "absent") {
        findings.good("its daemon waits for it to be plugged in again", tree.id);
    } else {
        check_firmware(tree, findings);
        check_picture(tree, findings);
        check_input(tree, findings);
    }
}

}  // namespace

void check_sticks(const Examination& examination, Findings& findings) {
    for (const StickTree& tree : examination.trees()) {
        check_tree(tree, findings);
    }
    if (examination.trees().empty()) {
        findings.unknown("there is no daemon that could be asked about a stick",
                         "see what is said of usb and services");
    }
}

}  // namespace minikvm
