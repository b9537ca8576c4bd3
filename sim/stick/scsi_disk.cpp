// SPDX-License-Identifier: MIT
// SCSI commands on a file.

#include "sim/stick/scsi_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace minikvm::sim {
namespace {

// SPC-4 and SBC-3.
enum class Operation : std::uint8_t {
    TestUnitReady = 0x00,
    RequestSense = 0x03,
    Inquiry = 0x12,
    ModeSense6 = 0x1A,
    StartStopUnit = 0x1B,
    PreventRemoval = 0x1E,
    ReadCapacity10 = 0x25,
    Read10 = 0x28,
    Write10 = 0x2A,
    SynchronizeCache10 = 0x35,
};

constexpr std::uint8_t kMediumError = 0x3;
constexpr std::uint8_t kIllegalRequest = 0x5;
constexpr std::uint8_t kReadFailed = 0x11;
constexpr std::uint8_t kWriteFailed = 0x0C;
constexpr std::uint8_t kInvalidOperation = 0x20;
constexpr std::uint8_t kOutOfRange = 0x21;
constexpr std::uint8_t kInvalidField = 0x24;

constexpr std::uint8_t kVitalProductData = 0x01;  // a bit of INQUIRY, for pages that we have not

std::uint32_t big_endian_32(std::span<const std::uint8_t, 4> bytes) {
    return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
           std::uint32_t{bytes[2]} << 8U | bytes[3];
}

void append_32(std::vector<std::uint8_t>& data, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        data.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

/// A removable disk of SPC-2: sd asks no more of one than what is here.
std::vector<std::uint8_t> inquiry() {
    constexpr std::array<std::uint8_t, 8> kHead = {0x00, 0x80, 0x04, 0x02, 0x1F, 0x00, 0x00, 0x00};
    constexpr std::string_view kNames =
        "minikvm Memory stick    0001";  // vendor, product, revision
    std::vector<std::uint8_t> data(kHead.size() + kNames.size());
    const auto names = std::copy(kHead.begin(), kHead.end(), data.begin());
    std::copy(kNames.begin(), kNames.end(), names);
    return data;
}

/// It may be written, and has one page, whichever is asked for: caching, of which it does none.
std::vector<std::uint8_t> mode_sense() {
    std::vector<std::uint8_t> data(4 + 20);
    data[0] = static_cast<std::uint8_t>(data.size() - 1);
    data[4] = 0x08;  // SBC-3, 6.5.5
    data[5] = 0x12;
    return data;
}

}  // namespace

Result<ScsiDisk> ScsiDisk::open(const std::string& path) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!file) {
        return errno_error("open " + path);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) < 0) {
        return errno_error("look at " + path);
    }
    const auto blocks = static_cast<std::uint64_t>(status.st_size) / kBlockBytes;
    if (status.st_size % kBlockBytes != 0 || blocks == 0 ||
        blocks > std::numeric_limits<std::uint32_t>::max()) {
        return make_error(std::make_error_code(std::errc::invalid_argument),
                          fmt::format("take {} for a disk: it has {} bytes, not one or more blocks "
                                      "of {}",
                                      path, status.st_size, kBlockBytes));
    }
    return ScsiDisk(std::move(file), static_cast<std::uint32_t>(blocks));
}

ScsiAnswer ScsiDisk::command(std::span<const std::uint8_t> block,
                             std::span<const std::uint8_t> sent) {
    if (block.size() < 6) {
        return refuse(kIllegalRequest, kInvalidField);
    }
    switch (static_cast<Operation>(block[0])) {
        case Operation::TestUnitReady:
        case Operation::StartStopUnit:
        case Operation::PreventRemoval:
            return ScsiAnswer::done();
        case Operation::RequestSense:
            return {true, take_sense()};
        case Operation::Inquiry:
            return (block[1] & kVitalProductData) != 0 ? refuse(kIllegalRequest, kInvalidField)
                                                       : ScsiAnswer{true, inquiry()};
        case Operation::ModeSense6:
            return {true, mode_sense()};
        case Operation::ReadCapacity10: {
            ScsiAnswer capacity = ScsiAnswer::done();
            append_32(capacity.data, blocks_ - 1);
            append_32(capacity.data, kBlockBytes);
            return capacity;
        }
        case Operation::Read10:
            return read(block);
        case Operation::Write10:
            return write(block, sent);
        case Operation::SynchronizeCache10:
            return synchronize();
    }
    return refuse(kIllegalRequest, kInvalidOperation);
}

std::optional<ScsiDisk::Extent> ScsiDisk::extent(std::span<const std::uint8_t> block) const {
    if (block.size() < 10) {
        return std::nullopt;
    }
    const std::uint32_t first = big_endian_32(block.subspan<2, 4>());
    const std::uint32_t count = std::uint32_t{block[7]} << 8U | block[8];
    if (first > blocks_ || count > blocks_ - first) {
        return std::nullopt;
    }
    return Extent{std::uint64_t{first} * kBlockBytes, std::size_t{count} * kBlockBytes};
}

ScsiAnswer ScsiDisk::read(std::span<const std::uint8_t> block) {
    const auto wanted = extent(block);
    if (!wanted) {
        return refuse(kIllegalRequest, kOutOfRange);
    }
    ScsiAnswer answer{true, std::vector<std::uint8_t>(wanted->bytes)};
    const ssize_t count = ::pread(file_.get(), answer.data.data(), wanted->bytes,
                                  static_cast<off_t>(wanted->offset_bytes));
    if (count != static_cast<ssize_t>(wanted->bytes)) {
        return refuse(kMediumError, kReadFailed);
    }
    return answer;
}

ScsiAnswer ScsiDisk::write(std::span<const std::uint8_t> block,
                           std::span<const std::uint8_t> sent) {
    const auto wanted = extent(block);
    if (!wanted || sent.size() < wanted->bytes) {
        return refuse(kIllegalRequest, kOutOfRange);
    }
    const ssize_t count =
        ::pwrite(file_.get(), sent.data(), wanted->bytes, static_cast<off_t>(wanted->offset_bytes));
    return count == static_cast<ssize_t>(wanted->bytes) ? ScsiAnswer::done()
                                                        : refuse(kMediumError, kWriteFailed);
}

ScsiAnswer ScsiDisk::synchronize() {
    return ::fdatasync(file_.get()) == 0 ? ScsiAnswer::done() : refuse(kMediumError, kWriteFailed);
}

std::vector<std::uint8_t> ScsiDisk::take_sense() {
    std::vector<std::uint8_t> sense(18);  // fixed format: SPC-4, 4.5.3
    sense[0] = 0x70;
    sense[2] = std::exchange(sense_key_, 0);
    sense[7] = 10;  // bytes that follow
    sense[12] = std::exchange(sense_code_, 0);
    return sense;
}

ScsiAnswer ScsiDisk::refuse(std::uint8_t key, std::uint8_t code) {
    sense_key_ = key;
    sense_code_ = code;
    return {};
}

}  // namespace minikvm::sim
