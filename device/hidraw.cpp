// SPDX-License-Identifier: MIT

#include "device/hidraw.h"

#include <fcntl.h>
#include <linux/hidraw.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>

namespace minikvm {
namespace {

// The largest report that the chips of this family number (docs/hardware.md 3.2) is 64 bytes.
constexpr std::size_t kMaxReportBytes = 65;

}  // namespace

Result<std::unique_ptr<FeatureReports>> Hidraw::open(const std::string& node) {
    UniqueFd fd(::open(node.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return errno_error("open " + node);
    }
    return std::unique_ptr<FeatureReports>(new Hidraw(std::move(fd)));
}

Result<void> Hidraw::set_feature(std::span<const std::uint8_t> report) {
    // The kernel only reads it, but its interface has no const.
    std::array<std::uint8_t, kMaxReportBytes> copy{};
    const std::size_t size = std::min(report.size(), copy.size());
    std::copy_n(report.begin(), size, copy.begin());
    if (::ioctl(fd_.get(), HIDIOCSFEATURE(size), copy.data()) < 0) {
        return errno_error("set a feature report");
    }
    return {};
}

Result<std::size_t> Hidraw::get_feature(std::span<std::uint8_t> report) {
    const int size = ::ioctl(fd_.get(), HIDIOCGFEATURE(report.size()), report.data());
    if (size < 0) {
        return errno_error("get a feature report");
    }
    return static_cast<std::size_t>(size);
}

}  // namespace minikvm
