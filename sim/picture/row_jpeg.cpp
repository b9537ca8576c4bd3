// SPDX-License-Identifier: MIT
// Cutting JPEGs of rows apart, then splicing them.

#include "sim/picture/row_jpeg.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "sim/picture/jpeg_markers.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kRestartCount = 8;
constexpr std::size_t kMarkerBytes = 2;

// The header's length: every marker segment until SOS, and SOS itself.
std::size_t header_bytes(std::span<const std::uint8_t> jpeg) {
    std::size_t at = kMarkerBytes;  // SOI
    while (true) {
        const std::uint8_t marker = jpeg[at + 1];
        const std::size_t length_bytes = static_cast<std::size_t>(jpeg[at + 2]) << 8 | jpeg[at + 3];
        at += kMarkerBytes + length_bytes;
        if (marker == jpeg_marker::kStartOfScan) {
            return at;
        }
    }
}

// The coded data of each row: what lies between the markers.
std::vector<std::vector<std::uint8_t>> split_rows(std::span<const std::uint8_t> scan) {
    std::vector<std::vector<std::uint8_t>> rows;
    std::size_t begin = 0;
    for (std::size_t at = 0; at + 1 < scan.size(); ++at) {
        if (scan[at] == jpeg_marker::kPrefix && scan[at + 1] != jpeg_marker::kStuffing) {
            rows.emplace_back(scan.begin() + static_cast<std::ptrdiff_t>(begin),
                              scan.begin() + static_cast<std::ptrdiff_t>(at));
            begin = at + kMarkerBytes;
            ++at;
        }
    }
    return rows;
}

}  // namespace

RowJpeg::RowJpeg(const Canvas& canvas) {
    assert(canvas.width_px() % kColumnPixels == 0 && canvas.height_px() % kRowLines == 0);
    const auto jpeg = encode_rows(canvas, 0, canvas.height_px() / kRowLines);
    const std::size_t header = header_bytes(jpeg);
    header_.assign(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(header));
    rows_ = split_rows(std::span(jpeg).subspan(header));
    assert(rows_.size() == canvas.height_px() / kRowLines);
}

void RowJpeg::update(const Canvas& canvas, unsigned first_row, unsigned row_count) {
    const auto jpeg = encode_rows(canvas, first_row, row_count);
    auto rows = split_rows(std::span(jpeg).subspan(header_bytes(jpeg)));
    assert(rows.size() == row_count && first_row + row_count <= rows_.size());
    std::move(rows.begin(), rows.end(), rows_.begin() + static_cast<std::ptrdiff_t>(first_row));
}

void RowJpeg::assemble(std::vector<std::uint8_t>& jpeg) const {
    jpeg.assign(header_.begin(), header_.end());
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        if (row != 0) {
            jpeg.push_back(jpeg_marker::kPrefix);
            jpeg.push_back(
                static_cast<std::uint8_t>(jpeg_marker::kRestart + (row - 1) % kRestartCount));
        }
        jpeg.insert(jpeg.end(), rows_[row].begin(), rows_[row].end());
    }
    jpeg.push_back(jpeg_marker::kPrefix);
    jpeg.push_back(jpeg_marker::kEndOfImage);
}

}  // namespace minikvm::sim
