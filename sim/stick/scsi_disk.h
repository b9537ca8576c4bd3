// SPDX-License-Identifier: MIT
// ScsiDisk: a file that answers SCSI commands as a memory stick does.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace minikvm::sim {

struct ScsiAnswer {
    bool good = false;
    std::vector<std::uint8_t> data;  // for the host

    static ScsiAnswer done() { return {true, {}}; }
};

/// Shape:   command() for each command block, with what the host sent after it. One that is refused
///          leaves its reason for REQUEST SENSE.
/// Errors:  open(): no such file, not writable, no whole number of blocks (EINVAL).
/// Limits:  one unit; block addresses of 32 bits; whatever a boot from it needs, and no more.
/// Thread:  the thread that made it; blocks as long as the file does.
/// Source:  SPC-4 and SBC-3, as drivers/scsi/sd.c of Linux uses them.
class ScsiDisk final {
public:
    static constexpr std::uint32_t kBlockBytes = 512;

    static Result<ScsiDisk> open(const std::string& path);

    ScsiAnswer command(std::span<const std::uint8_t> block, std::span<const std::uint8_t> sent);

private:
    ScsiDisk(UniqueFd file, std::uint32_t blocks) : file_(std::move(file)), blocks_(blocks) {}

    struct Extent {
        std::uint64_t offset_bytes;
        std::size_t bytes;
    };

    std::optional<Extent> extent(std::span<const std::uint8_t> block) const;
    ScsiAnswer read(std::span<const std::uint8_t> block);
    ScsiAnswer write(std::span<const std::uint8_t> block, std::span<const std::uint8_t> sent);
    ScsiAnswer synchronize();
    std::vector<std::uint8_t> take_sense();
    ScsiAnswer refuse(std::uint8_t key, std::uint8_t code);

    UniqueFd file_;
    std::uint32_t blocks_;
    std::uint8_t sense_key_ = 0;
    std::uint8_t sense_code_ = 0;
};

}  // namespace minikvm::sim
