// SPDX-License-Identifier: MIT
// The v4l2loopback module: which of its two ways of having cameras it knows, and its nodes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm {

/// A node of v4l2loopback, by the name that the kernel knows it by.
struct LoopbackNode {
    unsigned number = 0;
    std::string label;

    std::string node() const;   // "/dev/video10"
    std::string sysfs() const;  // "/sys/devices/virtual/video4linux/video10"
};

/// Every node of v4l2loopback with its label, lowest number first. Errors: none; without the
/// module there is none.
std::vector<LoopbackNode> loopback_nodes();

/// How many buffers each camera has, so that a slow reader seldom sees a picture change under it.
/// Source: docs/performance.md, "Buffers"; 4 would spoil four times as many frames.
inline constexpr std::uint32_t kCameraBuffers = 16;

/// What a label has room for, one byte staying zero.
inline constexpr std::size_t kMaxLabelBytes = 31;

/// Real cameras have the low numbers, and come and go.
inline constexpr unsigned kFirstNode = 10;
inline constexpr unsigned kLastNode = 255;  // kernel v4l2-dev.c, VIDEO_NUM_DEVICES

/// The module's control device, which versions from 0.13 on have: it makes and removes nodes.
///
/// Errors:  open(): ENOENT without it (older module or none), EACCES when it is not for us.
///          remove(): EBUSY while anyone has the node open.
/// Thread:  any thread, one at a time.
/// Source:  v4l2loopback.h of 0.15.0.
class LoopbackControl final {
public:
    static Result<LoopbackControl> open();

    std::uint32_t version() const { return version_; }

    /// A new node that is a capture device to everyone else while we write. It gets the lowest free
    /// number from `first` on: left to itself the module asks for numbers that real cameras have,
    /// and the kernel logs a warning. `label` has at most kMaxLabelBytes.
    Result<LoopbackNode> add(const std::string& label, unsigned first = kFirstNode) const;

    Result<void> remove(unsigned number) const;

private:
    LoopbackControl(UniqueFd fd, std::uint32_t version) : fd_(std::move(fd)), version_(version) {}
    Result<LoopbackNode> add_numbered(unsigned number, const std::string& label) const;

    UniqueFd fd_;
    std::uint32_t version_;
};

}  // namespace minikvm
