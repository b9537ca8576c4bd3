// SPDX-License-Identifier: MIT
// Is a stick on the bus, whole, at full speed, with its drivers?

#include <algorithm>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

// docs/hardware.md 2.1: on a slower link the capture chip offers 640x480 and nothing else.
constexpr int kHighSpeedMbit = 480;
constexpr const char* kCh340 = "1a86:7523";  // the other serial chip is a CDC-ACM device

bool has_node(const UsbHalf& half, std::string_view subsystem) {
    return std::ranges::find(half.nodes, subsystem, &HalfNode::subsystem) != half.nodes.end();
}

void check_node(const Machine& machine, const UsbStick& stick, const UsbHalf& half,
                std::string_view subsystem, const std::string& driver, Findings& findings) {
    if (has_node(half, subsystem)) {
        return;
    }
    const bool has_driver =
        machine.run({"/usr/sbin/modinfo", "--field=filename", driver}).has_value();
    const std::string mend =
        has_driver
            ? fmt::format("sudo modprobe {}, then pull the stick and plug it in again", driver)
            : fmt::format("kernel {} has no {}: sudo apt install linux-image-amd64, then reboot",
                          machine.kernel_release(), driver);
    findings.fault(Fault::NoNodes,
                   fmt::format("{} has no {} node: the driver {} has not taken it", half.name,
                               subsystem, driver),
                   mend, stick.id);
}

void check_whole(const Machine& machine, const UsbStick& stick, Findings& findings) {
    const int speed = stick.capture->speed_mbit;
    if (speed > 0 && speed < kHighSpeedMbit) {
        findings.fault(
            Fault::SlowLink,
            fmt::format("the stick runs at {} Mbit/s, where it sends 640x480 at most", speed),
            "plug it into another port, without an old hub or a long cable between: "
            "it wants 480 Mbit/s",
            stick.id);
    } else {
        findings.good(fmt::format("both halves are on hub {}, the capture chip at {} Mbit/s",
                                  stick.id, speed),
                      stick.id);
    }
    check_node(machine, stick, *stick.capture, "video4linux", "uvcvideo", findings);
    check_node(machine, stick, *stick.capture, "hidraw", "usbhid", findings);
    check_node(machine, stick, *stick.serial, "tty",
               stick.serial->usb_id == kCh340 ? "ch341" : "cdc_acm", findings);
}

void check_lone(const Examination& examination, const UsbStick& stick, Findings& findings) {
    const UsbHalf& half = stick.capture ? *stick.capture : *stick.serial;
    const std::string there =
        fmt::format("a {} chip ({})", stick.capture ? "capture" : "serial", half.usb_id);
    const std::string away = stick.capture ? fmt::format("serial chip ({})", kSerialIds)
                                           : fmt::format("capture chip ({})", kCaptureIds);
    // Whoever has a whole stick has a reason for the other thing. But a hub that once was a stick's
    // still is.
    if (examination.has_whole_stick() && examination.tree(stick.id) == nullptr) {
        findings.good(
            fmt::format("{} alone on hub {} is no stick, and left alone", there, stick.id));
        return;
    }
    findings.fault(
        Fault::LoneHalf,
        fmt::format("hub {} has {}, and no {} beside it: half a stick", stick.id, there, away),
        "pull the stick's host cable and plug it in again, into another port if that does not "
        "help; "
        "a capture dongle or a serial adapter of another make needs nothing",
        stick.id);
}

}  // namespace

void check_usb(const Examination& examination, Findings& findings) {
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole()) {
            check_whole(examination.machine(), stick, findings);
        } else {
            check_lone(examination, stick, findings);
        }
    }
    if (examination.usb().empty()) {
        findings.fault(
            Fault::NoStick, "no Mini-KVM is on the USB bus",
            fmt::format("plug the stick's host cable in: lsusb should show {}, and {}; try another "
                        "cable, one that carries data, and another port",
                        kCaptureIds, kSerialIds));
    }
}

}  // namespace minikvm
