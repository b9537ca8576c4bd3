// SPDX-License-Identifier: MIT
// Encoding bands of rows with libjpeg, then splicing them.

#include "sim/picture/row_jpeg.h"

// clang-format off
// jpeglib.h wants FILE and size_t declared before it.
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <memory>
#include <span>

#include "common/log.h"
#include "sim/picture/jpeg_markers.h"

namespace minikvm::sim {
namespace {

constexpr int kQuality = 75;
constexpr std::uint8_t kRestartCount = 8;
constexpr std::size_t kMarkerBytes = 2;

// Encoding to memory fails only by a bug of ours or for want of memory.
[[noreturn]] void on_libjpeg_error(j_common_ptr info) {
    std::array<char, JMSG_LENGTH_MAX> message{};
    info->err->format_message(info, message.data());
    log::error("bug: libjpeg refuses the test picture: {}", message.data());
    std::abort();
}

using JpegBytes = std::unique_ptr<unsigned char, decltype(&std::free)>;

enum class Restarts { None, EachRow };

void set_parameters(jpeg_compress_struct& encoder, unsigned width_px, unsigned height_px,
                    Restarts restarts) {
    encoder.image_width = width_px;
    encoder.image_height = height_px;
    encoder.input_components = 3;
    encoder.in_color_space = JCS_YCbCr;
    jpeg_set_defaults(&encoder);
    jpeg_set_quality(&encoder, kQuality, TRUE);
    encoder.raw_data_in = TRUE;
    encoder.restart_in_rows = restarts == Restarts::EachRow ? 1 : 0;
    // 2x1,1x1,1x1: Chromium's decoder refuses the other ways to write 4:2:2.
    encoder.comp_info[0].h_samp_factor = 2;
    encoder.comp_info[0].v_samp_factor = 1;
    for (const int chroma : {1, 2}) {
        encoder.comp_info[chroma].h_samp_factor = 1;
        encoder.comp_info[chroma].v_samp_factor = 1;
    }
}

// libjpeg only reads the lines, though its types do not say so.
JSAMPROW line_pointer(std::span<const std::uint8_t> line) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return const_cast<JSAMPROW>(line.data());
}

void write_row(jpeg_compress_struct& encoder, const Canvas& canvas, unsigned first_line) {
    std::array<std::array<JSAMPROW, kRowLines>, 3> lines{};
    for (unsigned i = 0; i < kRowLines; ++i) {
        lines[0].at(i) = line_pointer(canvas.luma(first_line + i));
        lines[1].at(i) = line_pointer(canvas.blue(first_line + i));
        lines[2].at(i) = line_pointer(canvas.red(first_line + i));
    }
    std::array<JSAMPARRAY, 3> planes = {lines[0].data(), lines[1].data(), lines[2].data()};
    jpeg_write_raw_data(&encoder, planes.data(), kRowLines);
}

std::vector<std::uint8_t> encode_band(const Canvas& canvas, unsigned first_row, unsigned row_count,
                                      Restarts restarts) {
    jpeg_compress_struct encoder{};
    jpeg_error_mgr errors{};
    encoder.err = jpeg_std_error(&errors);
    errors.error_exit = on_libjpeg_error;
    jpeg_create_compress(&encoder);
    unsigned char* bytes = nullptr;
    unsigned long size_bytes = 0;
    jpeg_mem_dest(&encoder, &bytes, &size_bytes);
    set_parameters(encoder, canvas.width_px(), row_count * kRowLines, restarts);
    jpeg_start_compress(&encoder, TRUE);
    for (unsigned row = first_row; row < first_row + row_count; ++row) {
        write_row(encoder, canvas, row * kRowLines);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    const JpegBytes owned(bytes, &std::free);
    return {bytes, bytes + size_bytes};
}

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

std::vector<std::uint8_t> encode_jpeg(const Canvas& canvas) {
    return encode_band(canvas, 0, canvas.height_px() / kRowLines, Restarts::None);
}

RowJpeg::RowJpeg(const Canvas& canvas) {
    assert(canvas.width_px() % kColumnPixels == 0 && canvas.height_px() % kRowLines == 0);
    const auto jpeg = encode_band(canvas, 0, canvas.height_px() / kRowLines, Restarts::EachRow);
    const std::size_t header = header_bytes(jpeg);
    header_.assign(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(header));
    rows_ = split_rows(std::span(jpeg).subspan(header));
    assert(rows_.size() == canvas.height_px() / kRowLines);
}

void RowJpeg::update(const Canvas& canvas, unsigned first_row, unsigned row_count) {
    const auto jpeg = encode_band(canvas, first_row, row_count, Restarts::EachRow);
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
