// SPDX-License-Identifier: MIT
// What the test picture looks like.

#include "sim/picture/test_picture.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "sim/picture/glyphs.h"

namespace minikvm::sim {
namespace {

constexpr unsigned kCodeRows = 2;
constexpr unsigned kMarkerRows = 2;  // the block that moves
// What is there for eyes alone need not change faster than they read.
constexpr std::uint32_t kFramesPerText = 5;
constexpr unsigned kMarkerStepPx = 16;
constexpr unsigned kMarkerWidthPx = 64;
constexpr unsigned kLinesPerTextDot = 320;  // so that the digits can be read by eye
constexpr unsigned kMinTextScale = 2;
constexpr unsigned kTitleFactor = 2;  // the title beside the text of the stamp
// A third of the width: a frame of 1920x1080 then has about 250 kB (100 to 400 kB are likely of a
// real stick, hardware.md 2.7).
constexpr unsigned kSmallPrintShare = 3;
constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;

// Grey of the background, dark enough for white letters.
constexpr Color kPaper{48, 128, 128};
constexpr Color kMarkerTrack{24, 128, 128};

void draw_colour_bars(Canvas& canvas, const Area& area) {
    // 75 % bars, as SMPTE has them.
    const std::array bars = {
        color_from_rgb(191, 191, 191), color_from_rgb(191, 191, 0), color_from_rgb(0, 191, 191),
        color_from_rgb(0, 191, 0),     color_from_rgb(191, 0, 191), color_from_rgb(191, 0, 0),
        color_from_rgb(0, 0, 191),     color_from_rgb(0, 0, 0),
    };
    const unsigned width = area.width / static_cast<unsigned>(bars.size());
    unsigned left = area.left;
    for (const Color& bar : bars) {
        canvas.fill({left, area.top, width, area.height}, bar);
        left += width;
    }
}

void draw_grey_ramp(Canvas& canvas, const Area& area) {
    for (unsigned x = 0; x < area.width; x += 2) {
        const auto grey = static_cast<std::uint8_t>(255 * x / area.width);
        canvas.fill({area.left + x, area.top, 2, area.height}, {grey, 128, 128});
    }
}

// Letters of screen size in all places, as on a target's text console: what makes JPEGs large.
void draw_small_print(Canvas& canvas, const Area& area) {
    constexpr std::string_view kText =
        "MINI-KVM TEST PICTURE 0123456789 THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG. ";
    const unsigned columns = area.width / kGlyphWidth;
    unsigned shift = 0;
    for (unsigned top = area.top; top + kGlyphHeight <= area.top + area.height;
         top += kGlyphHeight) {
        std::string line;
        while (line.size() < columns + shift) {
            line += kText;
        }
        canvas.write(area.left, top, 1, std::string_view(line).substr(shift, columns), kWhite);
        shift = (shift + 7) % kText.size();
    }
}

}  // namespace

TestPicture::TestPicture(const StreamFormat& format, std::uint32_t nonce, Sampling sampling)
    : format_(format),
      nonce_(nonce),
      sampling_(sampling),
      canvas_(format.width_px, format.height_px),
      text_scale_(std::max(kMinTextScale, format.height_px / kLinesPerTextDot)),
      // A dot of text is `scale` pixels, a character eight dots, a row eight lines.
      stamp_rows_(kCodeRows + text_scale_ + kMarkerRows) {
    draw_background();
    if (format.pixels == PixelFormat::Yuyv) {
        yuyv_.resize(format.yuyv_bytes());
        pack_yuyv(canvas_, 0, format.height_px, yuyv_);
    } else if (sampling == Sampling::Yuv422) {
        jpeg_.emplace(canvas_);
        marker_jpegs_.resize(marker_places());
    }
}

void TestPicture::draw_background() {
    const unsigned width = format_.width_px;
    const unsigned height = format_.height_px;
    canvas_.fill({0, 0, width, height}, kPaper);
    const unsigned top = stamp_rows_ * kRowLines;
    const unsigned band = height / 6;
    draw_colour_bars(canvas_, {0, top, width, 2 * band});
    draw_grey_ramp(canvas_, {0, top + 2 * band, width, band / 2});
    const unsigned scale = text_scale_ * kTitleFactor;
    const unsigned line = kGlyphHeight * scale;
    const unsigned left = kGlyphWidth * scale;
    unsigned y = top + 2 * band + band / 2 + line / 2;
    canvas_.write(left, y, scale, fmt::format("MINI-KVM {}X{}", width, height), kWhite);
    canvas_.write(left, y + line, scale, fmt::format("RUN {:08X}", nonce_), kWhite);
    y += 2 * line + line / 2;
    draw_small_print(canvas_, {0, y, width / kSmallPrintShare, height - kRowLines - y});
}

void TestPicture::draw_line(unsigned row, const CodeLine& line) {
    for (std::size_t cell = 0; cell < line.size(); ++cell) {
        const unsigned left = cell_left(cell, format_.width_px);
        const unsigned right = cell_left(cell + 1, format_.width_px);
        canvas_.fill({left, row * kRowLines, right - left, kRowLines},
                     line[cell] ? kBlack : kWhite);
    }
}

void TestPicture::draw_stamp(const FrameStamp& stamp) {
    const auto lines = encode_lines(stamp);
    draw_line(0, lines[0]);
    draw_line(1, lines[1]);
    draw_line(format_.height_px / kRowLines - 1, lines[0]);
}

void TestPicture::draw_text(const FrameStamp& stamp) {
    const unsigned text_top = kCodeRows * kRowLines;
    const unsigned text_height = text_scale_ * kRowLines;
    canvas_.fill({0, text_top, format_.width_px, text_height}, kPaper);
    canvas_.write(
        kGlyphWidth * text_scale_, text_top, text_scale_,
        fmt::format("FRAME {:010} TIME {:06}.{:06}", stamp.frame,
                    stamp.time_us / kMicrosecondsPerSecond, stamp.time_us % kMicrosecondsPerSecond),
        kWhite);
}

void TestPicture::draw_marker(unsigned place) {
    const unsigned top = marker_row() * kRowLines;
    canvas_.fill({0, top, format_.width_px, kMarkerRows * kRowLines}, kMarkerTrack);
    canvas_.fill({place * kMarkerStepPx, top, kMarkerWidthPx, kMarkerRows * kRowLines},
                 color_from_rgb(255, 128, 0));
}

unsigned TestPicture::marker_places() const {
    return (format_.width_px - kMarkerWidthPx) / kMarkerStepPx;
}

unsigned TestPicture::marker_row() const {
    return stamp_rows_ - kMarkerRows;
}

const std::vector<std::uint8_t>& TestPicture::marker_jpeg(unsigned place) {
    std::vector<std::uint8_t>& coded = marker_jpegs_[place];
    if (coded.empty()) {
        draw_marker(place);
        jpeg_->update(canvas_, marker_row(), 1);
        coded = jpeg_->row(marker_row());
    }
    return coded;
}

void TestPicture::assemble(unsigned marker_place, bool text_has_changed,
                           std::vector<std::uint8_t>& frame) {
    jpeg_->update(canvas_, 0, kCodeRows);
    if (text_has_changed) {
        jpeg_->update(canvas_, kCodeRows, text_scale_);
    }
    for (unsigned row = marker_row(); row < stamp_rows_; ++row) {
        jpeg_->put_row(row, marker_jpeg(marker_place));
    }
    jpeg_->put_row(jpeg_->row_count() - 1, jpeg_->row(0));
    jpeg_->assemble(frame);
}

void TestPicture::render(std::uint32_t frame_number, std::uint64_t time_us,
                         std::vector<std::uint8_t>& frame) {
    const FrameStamp stamp{nonce_, frame_number, time_us};
    draw_stamp(stamp);
    const bool text_is_due = !text_frame_ || frame_number - *text_frame_ >= kFramesPerText;
    if (text_is_due) {
        draw_text(stamp);
        text_frame_ = frame_number;
    }
    const unsigned place = frame_number % marker_places();
    if (jpeg_) {
        assemble(place, text_is_due, frame);
        return;
    }
    draw_marker(place);
    if (yuyv_.empty()) {
        frame = encode_jpeg(canvas_, sampling_);
        return;
    }
    pack_yuyv(canvas_, 0, stamp_rows_ * kRowLines, yuyv_);
    pack_yuyv(canvas_, format_.height_px - kRowLines, kRowLines, yuyv_);
    frame = yuyv_;
}

}  // namespace minikvm::sim
