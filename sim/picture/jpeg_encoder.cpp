// SPDX-License-Identifier: MIT
// Planes of a canvas through libjpeg.

#include "sim/picture/jpeg_encoder.h"

// clang-format off
// jpeglib.h wants FILE and size_t declared before it.
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <span>

#include "common/log.h"

namespace minikvm::sim {
namespace {

constexpr int kQuality = 75;
constexpr unsigned kBlockLines = 8;
constexpr unsigned kMostLines = 16;  // of an MCU

using Line = std::span<const std::uint8_t>;
using JpegBytes = std::unique_ptr<unsigned char, decltype(&std::free)>;

enum class Restarts { None, EachRow };

// Encoding to memory fails only by a bug of ours or for want of memory.
[[noreturn]] void on_libjpeg_error(j_common_ptr info) {
    std::array<char, JMSG_LENGTH_MAX> message{};
    info->err->format_message(info, message.data());
    log::error("bug: libjpeg refuses the test picture: {}", message.data());
    std::abort();
}

/// The colours of a canvas, in as many lines as the sampling has.
class Chroma final {
public:
    Chroma(const Canvas& canvas, Sampling sampling) : canvas_(canvas), sampling_(sampling) {
        if (sampling == Sampling::Yuv420) {
            for (unsigned line = 0; line < canvas.height_px(); line += 2) {
                const unsigned below = std::min(line + 1, canvas.height_px() - 1);
                append_mean(canvas.blue(line), canvas.blue(below), blue_);
                append_mean(canvas.red(line), canvas.red(below), red_);
            }
        }
    }

    Line blue(unsigned line) const { return blue_.empty() ? canvas_.blue(line) : of(blue_, line); }
    Line red(unsigned line) const { return red_.empty() ? canvas_.red(line) : of(red_, line); }
    unsigned lines() const {
        return sampling_ == Sampling::Yuv420 ? (canvas_.height_px() + 1) / 2 : canvas_.height_px();
    }

private:
    static void append_mean(Line upper, Line lower, std::vector<std::uint8_t>& plane) {
        std::ranges::transform(upper, lower, std::back_inserter(plane), [](unsigned a, unsigned b) {
            return static_cast<std::uint8_t>((a + b + 1) / 2);
        });
    }
    Line of(const std::vector<std::uint8_t>& plane, unsigned line) const {
        const std::size_t width = canvas_.blue(0).size();
        return Line(plane).subspan(line * width, width);
    }

    const Canvas& canvas_;
    Sampling sampling_;
    std::vector<std::uint8_t> blue_;
    std::vector<std::uint8_t> red_;
};

void set_parameters(jpeg_compress_struct& encoder, unsigned width_px, unsigned height_px,
                    Sampling sampling, Restarts restarts) {
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
    encoder.comp_info[0].v_samp_factor = sampling == Sampling::Yuv420 ? 2 : 1;
    for (const int chroma : {1, 2}) {
        encoder.comp_info[chroma].h_samp_factor = 1;
        encoder.comp_info[chroma].v_samp_factor = 1;
    }
}

// libjpeg only reads the lines, though its types do not say so.
JSAMPROW line_pointer(Line line) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return const_cast<JSAMPROW>(line.data());
}

/// One row of MCUs; where the picture ends inside it, its last line goes on.
void write_row(jpeg_compress_struct& encoder, const Canvas& canvas, const Chroma& chroma,
               unsigned first_line, unsigned line_count) {
    std::array<std::array<JSAMPROW, kMostLines>, 3> lines{};
    for (unsigned i = 0; i < line_count; ++i) {
        lines[0].at(i) =
            line_pointer(canvas.luma(std::min(first_line + i, canvas.height_px() - 1)));
    }
    const unsigned first_chroma = first_line * kBlockLines / line_count;
    for (unsigned i = 0; i < kBlockLines; ++i) {
        const unsigned line = std::min(first_chroma + i, chroma.lines() - 1);
        lines[1].at(i) = line_pointer(chroma.blue(line));
        lines[2].at(i) = line_pointer(chroma.red(line));
    }
    std::array<JSAMPARRAY, 3> planes = {lines[0].data(), lines[1].data(), lines[2].data()};
    jpeg_write_raw_data(&encoder, planes.data(), line_count);
}

std::vector<std::uint8_t> encode(const Canvas& canvas, unsigned first_line, unsigned height_px,
                                 Sampling sampling, Restarts restarts) {
    jpeg_compress_struct encoder{};
    jpeg_error_mgr errors{};
    encoder.err = jpeg_std_error(&errors);
    errors.error_exit = on_libjpeg_error;
    jpeg_create_compress(&encoder);
    unsigned char* bytes = nullptr;
    unsigned long size_bytes = 0;
    jpeg_mem_dest(&encoder, &bytes, &size_bytes);
    set_parameters(encoder, canvas.width_px(), height_px, sampling, restarts);
    jpeg_start_compress(&encoder, TRUE);
    const Chroma chroma(canvas, sampling);
    const unsigned step = sampling == Sampling::Yuv420 ? 2 * kBlockLines : kBlockLines;
    for (unsigned line = first_line; line < first_line + height_px; line += step) {
        write_row(encoder, canvas, chroma, line, step);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    const JpegBytes owned(bytes, &std::free);
    return {bytes, bytes + size_bytes};
}

}  // namespace

std::vector<std::uint8_t> encode_jpeg(const Canvas& canvas, Sampling sampling) {
    return encode(canvas, 0, canvas.height_px(), sampling, Restarts::None);
}

std::vector<std::uint8_t> encode_rows(const Canvas& canvas, unsigned first_row,
                                      unsigned row_count) {
    return encode(canvas, first_row * kRowLines, row_count * kRowLines, Sampling::Yuv422,
                  Restarts::EachRow);
}

}  // namespace minikvm::sim
