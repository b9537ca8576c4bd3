// SPDX-License-Identifier: MIT
// A folder of JPEG files.

#include "sim/picture/jpeg_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "common/log.h"
#include "common/unique_fd.h"

namespace minikvm::sim {
namespace {

constexpr std::size_t kMaxFileBytes = 8U << 20;

Result<void> read_whole(const std::string& path, std::vector<std::uint8_t>& bytes) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) {
        return errno_error("open " + path);
    }
    bytes.resize(std::min(static_cast<std::size_t>(status.st_size), kMaxFileBytes));
    const ssize_t count = ::read(fd.get(), bytes.data(), bytes.size());
    if (count < 0) {
        return errno_error("read " + path);
    }
    bytes.resize(static_cast<std::size_t>(count));
    return {};
}

struct JpegSize {
    unsigned width_px;
    unsigned height_px;
};

// From the frame header, SOF0 to SOF2 (ITU T.81, B.2.2).
std::optional<JpegSize> jpeg_size(std::span<const std::uint8_t> jpeg) {
    const auto word = [&jpeg](std::size_t at) {
        return static_cast<unsigned>(jpeg[at]) << 8 | jpeg[at + 1];
    };
    std::size_t at = 2;
    while (at + 9 < jpeg.size() && jpeg[0] == 0xFF && jpeg[1] == 0xD8 && jpeg[at] == 0xFF) {
        if (jpeg[at + 1] >= 0xC0 && jpeg[at + 1] <= 0xC2) {
            return JpegSize{word(at + 7), word(at + 5)};
        }
        at += 2 + word(at + 2);
    }
    return std::nullopt;
}

bool has_jpeg_name(const std::filesystem::path& path) {
    return path.extension() == ".jpg" || path.extension() == ".jpeg";
}

}  // namespace

Result<std::unique_ptr<JpegFolder>> JpegFolder::open(const std::string& folder) {
    std::error_code code;
    std::vector<File> files;
    std::vector<std::uint8_t> bytes;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
        if (!has_jpeg_name(entry.path())) {
            continue;
        }
        MINIKVM_TRY(read_whole(entry.path().string(), bytes));
        if (const auto size = jpeg_size(bytes)) {
            files.push_back({entry.path().string(), size->width_px, size->height_px});
        }
    }
    if (code) {
        return make_error(code, "open folder " + folder);
    }
    if (files.empty()) {
        return make_error(std::make_error_code(std::errc::no_such_file_or_directory),
                          folder + ": look for JPEG files (.jpg, .jpeg)");
    }
    std::sort(files.begin(), files.end(),
              [](const File& a, const File& b) { return a.path < b.path; });
    return std::unique_ptr<JpegFolder>(new JpegFolder(std::move(files)));
}

void JpegFolder::start(const StreamFormat& format) {
    shown_.clear();
    for (const File& file : files_) {
        if (format.pixels == PixelFormat::Mjpeg && file.width_px == format.width_px &&
            file.height_px == format.height_px) {
            shown_.push_back(&file);
        }
    }
    if (shown_.empty()) {
        log::warning("no JPEG of the folder has the stream's size: the filler is sent size={}x{}",
                     format.width_px, format.height_px);
    }
}

void JpegFolder::stop() {
    shown_.clear();
}

Rendered JpegFolder::render(std::uint32_t frame_number, TimePoint /*now*/,
                            std::vector<std::uint8_t>& frame) {
    if (shown_.empty()) {
        return Rendered::Nothing;
    }
    const bool read = read_whole(shown_[frame_number % shown_.size()]->path, frame).has_value();
    return read && !frame.empty() ? Rendered::Frame : Rendered::Nothing;
}

void JpegFolder::set_nonce(std::uint32_t /*nonce*/) {
}

}  // namespace minikvm::sim
