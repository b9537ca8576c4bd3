// SPDX-License-Identifier: MIT
// The declarations of the control tree.

#include "daemon/attribute_list.h"

namespace minikvm {
namespace {

constexpr auto kRead = Access::Read;
constexpr auto kWrite = Access::Write;
constexpr auto kReadWrite = Access::ReadWrite;

constexpr AttributeDeclaration kAttributes[] = {
    {"chip/input/model", kRead, "CH9329, CH32V208", "",
     "The chip that types and points on the target."},
    {"chip/input/version", kRead, "1.1", "", "The version that the input chip says it has."},
    {"chip/video/firmware", kRead, "24081309", "", "The firmware of the capture chip."},
    {"chip/video/model", kRead, "MS2109, MS2109S, MS2130S", "",
     "The chip that captures the target's screen."},
    {"chip/video/problem", kRead, "one phrase, or empty", "",
     "Why the capture chip's registers cannot be read now; the last values stay."},
    {"extension/host/device", kRead, "1d6b:0104 Product, or empty", "",
     "The USB device on the host pair of the extension pins."},
    {"extension/host/reset", kWrite, "", "1", "Resets that device on the USB bus."},
    {"generation", kRead, "mini-kvm-1.6, mini-kvm-1.9, mini-kvm-2, kvm-go", "",
     "Which of the sold sticks this is."},
    {"hdmi/connected", kRead, "yes, no", "", "Whether the target's screen signal arrives."},
    {"hdmi/mode", kRead, "1920x1080@60.00", "", "Size in pixels and rate in Hz of that signal."},
    {"hdmi/pixel_clock_khz", kRead, "148500", "", "Pixel clock of that signal, in kHz."},
    {"id", kRead, "1-2", "", "Kernel name of the USB hub inside the stick."},
    {"input/errors", kRead, "a count", "",
     "Commands that the input chip refused or never answered."},
    {"input/held", kRead, "a count", "", "How many keys and buttons are down at the target."},
    {"input/jiggler", kReadWrite, "off, or seconds", "",
     "After so much idleness the target's pointer moves a little, again and again."},
    {"input/keyboard", kRead, "/dev/input/event7", "", "Key events written here are typed."},
    {"input/latency_p50_us", kRead, "a count", "",
     "Microseconds from reading an event to the input chip's acknowledgement; half of the last "
     "1,000 measured took no longer."},
    {"input/latency_p99_us", kRead, "a count", "", "The same for 99 of 100."},
    {"input/leds", kRead, "any of num caps scroll, or empty", "",
     "The lock lights that the target has switched on."},
    {"input/merged_moves", kRead, "a count", "", "Motions that went out together with others."},
    {"input/mouse", kRead, "/dev/input/event8", "", "Relative motion written here moves."},
    {"input/problem", kRead, "one phrase, or empty", "", "Why input does not work now."},
    {"input/release_all", kWrite, "", "1", "Lifts every key and button at the target."},
    {"input/reports", kRead, "a count", "", "Reports that the input chip has acknowledged."},
    {"input/resets", kRead, "a count", "",
     "Times that the input chip was told to reset itself, since it had fallen silent."},
    {"input/resyncs", kRead, "a count", "",
     "Times that the bytes of the line had lost their order."},
    {"input/retries", kRead, "a count", "", "Reports that were sent a second time."},
    {"input/sources", kRead, "a count", "", "How many sources hold a key or button now."},
    {"input/tablet", kRead, "/dev/input/event9", "", "Absolute positions written here point."},
    {"input/target", kRead, "connected, absent", "",
     "Whether the target's USB port has taken the stick's keyboard."},
    {"input/unconfirmed", kRead, "a count", "",
     "Motion reports whose acknowledgement was lost, so that nobody knows whether they arrived."},
    {"input/unsendable", kRead, "a count", "", "Keys and motions that the input chip cannot send."},
    {"name", kRead, "desk", "", "The user's name for this stick; its id where none is given."},
    {"serial/baud_bd", kRead, "115200", "", "Speed of the line to the input chip, in baud."},
    {"serial/node", kRead, "/dev/ttyUSB0, /dev/ttyACM0", "", "The line to the input chip."},
    {"serial/reopens", kRead, "a count", "",
     "Times that this line was opened anew, since the input chip had fallen silent."},
    {"serial/resets", kRead, "a count", "",
     "Times that the serial half was reset on the USB bus, since the input chip had fallen "
     "silent."},
    {"state", kRead, "ready, no-capture, no-serial, no-camera, absent", "",
     "What of the stick is plugged in and works."},
    {"usb/device", kRead, "1d6b:0104 Product, or empty", "",
     "The USB device in the switchable port, while that port is the host's."},
    {"usb/follow_slide", kReadWrite, "yes, no", "yes no",
     "Whether moving the slide switch moves the USB port."},
    {"usb/moved_by", kRead, "client, slide, start, without-target", "",
     "Who moved the switch last; unknown while nobody has since the stick was plugged in."},
    {"usb/power", kReadWrite, "on, off", "on off cycle",
     "Whether the device in the switchable port has power."},
    {"usb/problem", kRead, "one phrase, or empty", "", "Why the USB port cannot be switched now."},
    {"usb/reset", kWrite, "", "1",
     "Resets the USB device in the switchable port, while that port is the host's."},
    {"usb/slide", kRead, "host, target", "", "Where the slide switch on the case stands."},
    {"usb/switch", kReadWrite, "host, target", "host target toggle",
     "Which computer the switchable USB port belongs to."},
    {"usb/verified", kRead, "pending, yes, no, unknown", "",
     "Whether the last switch, or change of power, was seen to happen."},
    {"video/broken", kRead, "a count", "", "Frames that were not a whole picture."},
    {"video/cameras", kRead, "/dev/video10 /dev/video11", "",
     "The cameras that show the target's screen, one for each viewer and a free one."},
    {"video/card", kRead, "none, starting, no-signal, stalled, no-stick", "",
     "The status card that viewers see instead of a picture."},
    {"video/decoded", kRead, "a count", "", "Frames that were decoded for the camera."},
    {"video/dropped", kRead, "a count", "", "Frames that the stick numbered and that never came."},
    {"video/filler", kRead, "a count", "",
     "Frames that the stick sends before its first picture, or without a signal."},
    {"video/format", kReadWrite, "yuyv, yu12, nv12, mjpg", "yuyv yu12 nv12 mjpg",
     "The camera's picture format; mjpg passes the stick's own pictures on."},
    {"video/frames", kRead, "a count", "",
     "Frames shown since the start, each counted once however many cameras show it."},
    {"video/latency_p50_us", kRead, "a count", "",
     "Microseconds from the stick's driver to the camera; half of the last 1,000 frames took no "
     "longer."},
    {"video/latency_p99_us", kRead, "a count", "", "The same for 99 of 100 frames."},
    {"video/problem", kRead, "one phrase, or empty", "", "Why there is no picture now."},
    {"video/rate_hz", kReadWrite, "30", "", "Pictures a second that the camera announces."},
    {"video/repeated", kRead, "a count", "",
     "Frames that were the same as the one before, and not decoded again."},
    {"video/resets", kRead, "a count", "",
     "Times that the stick was to be reset, since it had fallen silent."},
    {"video/restarts", kRead, "a count", "",
     "Times that the stick's stream was started anew, since it had fallen silent."},
    {"video/size", kReadWrite, "1920x1080", "", "The camera's size in pixels."},
    {"video/skipped", kRead, "a count", "", "Whole frames left out because a newer one was there."},
    {"video/streaming", kRead, "yes, no", "", "Whether the stick is sending pictures."},
    {"video/viewers", kRead, "a count", "", "How many programs watch, all cameras together."},
};

}  // namespace

std::span<const AttributeDeclaration> attribute_list() {
    return kAttributes;
}

}  // namespace minikvm
