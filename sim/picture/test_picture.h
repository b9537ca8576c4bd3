// SPDX-License-Identifier: MIT
// TestPicture: a drawing that says which frame of which run it is. docs/test-picture.md.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/picture/canvas.h"
#include "sim/picture/code_lines.h"
#include "sim/picture/row_jpeg.h"
#include "sim/picture/stream_format.h"

namespace minikvm::sim {

/// Shape:   drawn once, then stamped for each frame; only the rows with the stamp change, and only
///          they are encoded anew. With 4:2:0, whose MCUs are two rows high, all of it is.
/// Limits:  sizes of whole MCUs, as all of the MS2109's are; at least 640 x 480.
/// Thread:  any thread, one at a time.
class TestPicture final {
public:
    TestPicture(const StreamFormat& format, std::uint32_t nonce, Sampling sampling);

    const StreamFormat& format() const { return format_; }
    std::uint32_t nonce() const { return nonce_; }

    /// Replaces what is in `frame` by the frame of that stamp, in the stream's pixel format.
    /// The stamp's nonce is the picture's.
    void render(std::uint32_t frame_number, std::uint64_t time_us,
                std::vector<std::uint8_t>& frame);

private:
    void draw_background();
    void draw_stamp(const FrameStamp& stamp);
    void draw_text(const FrameStamp& stamp);
    void draw_line(unsigned row, const CodeLine& line);
    void draw_marker(unsigned place);
    void assemble(unsigned marker_place, bool text_has_changed, std::vector<std::uint8_t>& frame);

    unsigned marker_places() const;
    unsigned marker_row() const;
    const std::vector<std::uint8_t>& marker_jpeg(unsigned place);

    StreamFormat format_;
    std::uint32_t nonce_;
    Sampling sampling_;
    Canvas canvas_;
    unsigned text_scale_;
    std::optional<std::uint32_t> text_frame_;  // the one that the text tells of
    unsigned stamp_rows_;          // from the top; the last row of the picture repeats the first
    std::optional<RowJpeg> jpeg_;  // none for YUYV and 4:2:0
    // The coded row of each place of the marker, once it has been there.
    std::vector<std::vector<std::uint8_t>> marker_jpegs_;
    std::vector<std::uint8_t> yuyv_;  // the whole picture; empty for JPEG
};

}  // namespace minikvm::sim
