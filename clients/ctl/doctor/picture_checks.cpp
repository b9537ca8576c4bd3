// SPDX-License-Identifier: MIT
// Do the stick's pictures arrive whole?

#include <charconv>
#include <cstdint>
#include <sstream>

#include <fmt/format.h>

#include "clients/ctl/doctor/check_table.h"

namespace minikvm {
namespace {

// One in a hundred is seen as flicker; a few at the start of a stream are usual.
constexpr std::uint64_t kMostInHundred = 1;
constexpr std::uint64_t kFew = 10;

struct Counted {
    std::uint64_t all = 0;
    std::uint64_t damaged = 0;

    bool is_bad() const { return damaged > kFew && damaged * 100 > all * kMostInHundred; }
};

std::uint64_t number_in(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Counted counted_by_daemon(const StickTree& tree) {
    const std::uint64_t damaged = number_in(tree.value("video/broken"));
    return {.all = number_in(tree.value("video/frames")) + damaged, .damaged = damaged};
}

/// Of the last stream. Source: uvc_video_stats_dump() in drivers/media/usb/uvc/uvc_video.c; the
/// file is called BUS-DEVICE-INTERFACE, and only root may read it.
Counted counted_by_driver(const Machine& machine, const UsbHalf& capture) {
    const std::string device = fmt::format("{}-{}-", machine.text(capture.directory + "/busnum"),
                                           machine.text(capture.directory + "/devnum"));
    const std::string folder = "/sys/kernel/debug/usb/uvcvideo";
    Counted counted;
    for (const std::string& name : machine.names(folder)) {
        if (!name.starts_with(device)) {
            continue;
        }
        for (const std::string& line :
             lines_of(machine.text(fmt::format("{}/{}/stats", folder, name)))) {
            std::istringstream words(line);
            std::string what;
            std::uint64_t count = 0;
            words >> what >> count;
            counted.all = what == "frames:" ? count : counted.all;
            counted.damaged = what == "errors:" ? count : counted.damaged;
        }
    }
    return counted;
}

void report(const Counted& counted, const std::string& who, const std::string& id,
            Findings& findings) {
    findings.fault(Fault::BrokenPictures,
                   fmt::format("of {} pictures {} came damaged: {} counts them", counted.all,
                               counted.damaged, who),
                   "take another cable or port, and no hub without a power supply of its own; see "
                   "what is said of the kernel's log",
                   id);
}

void check_picture_of(const Examination& examination, const UsbStick& stick, Findings& findings) {
    const StickTree* tree = examination.tree(stick.id);
    const Counted daemon = tree == nullptr ? Counted() : counted_by_daemon(*tree);
    const Counted driver = counted_by_driver(examination.machine(), *stick.capture);
    if (daemon.is_bad()) {
        report(daemon, "the daemon", stick.id, findings);
    } else if (driver.is_bad()) {
        report(driver, "uvcvideo", stick.id, findings);
    } else {
        findings.good(
            fmt::format("pictures arrive whole: {} of {} were damaged", daemon.damaged, daemon.all),
            stick.id);
    }
}

}  // namespace

void check_pictures(const Examination& examination, Findings& findings) {
    for (const UsbStick& stick : examination.usb()) {
        if (stick.is_whole()) {
            check_picture_of(examination, stick, findings);
        }
    }
    if (!examination.has_whole_stick()) {
        findings.good("there is no stick that could send pictures");
    }
}

}  // namespace minikvm
