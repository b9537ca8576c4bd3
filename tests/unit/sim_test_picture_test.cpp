// SPDX-License-Identifier: MIT
// The test picture as libjpeg decodes it.

#include "sim/picture/test_picture.h"

// clang-format off
// jpeglib.h wants FILE and size_t declared before it.
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <chrono>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/picture/filler.h"

namespace minikvm::sim {
namespace {

struct Decoded {
    unsigned width_px = 0;
    unsigned height_px = 0;
    int luma_horizontal = 0;  // sampling factors
    int luma_vertical = 0;
    long warnings = 0;
    std::vector<std::uint8_t> rgb;

    std::uint8_t green(unsigned x, unsigned y) const { return rgb[3 * (y * width_px + x) + 1]; }
};

[[noreturn]] void refuse(j_common_ptr) {
    throw std::runtime_error("libjpeg refuses the picture");
}

Decoded decode(const std::vector<std::uint8_t>& jpeg) {
    jpeg_decompress_struct decoder{};
    jpeg_error_mgr errors{};
    decoder.err = jpeg_std_error(&errors);
    errors.error_exit = refuse;
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, jpeg.data(), jpeg.size());
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = JCS_RGB;
    jpeg_start_decompress(&decoder);
    Decoded picture{decoder.output_width,
                    decoder.output_height,
                    decoder.comp_info[0].h_samp_factor,
                    decoder.comp_info[0].v_samp_factor,
                    0,
                    {}};
    picture.rgb.resize(std::size_t{3} * picture.width_px * picture.height_px);
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW row = &picture.rgb[std::size_t{3} * picture.width_px * decoder.output_scanline];
        jpeg_read_scanlines(&decoder, &row, 1);
    }
    jpeg_finish_decompress(&decoder);
    picture.warnings = errors.num_warnings;
    jpeg_destroy_decompress(&decoder);
    return picture;
}

CodeLine read_line(const Decoded& picture, unsigned row) {
    CodeLine line;
    for (std::size_t cell = 0; cell < kCellsPerLine; ++cell) {
        const unsigned middle =
            (cell_left(cell, picture.width_px) + cell_left(cell + 1, picture.width_px)) / 2;
        line.set(cell, picture.green(middle, row * kRowLines + kRowLines / 2) < 128);
    }
    return line;
}

StreamFormat format_of(unsigned width_px, unsigned height_px) {
    return {PixelFormat::Mjpeg, width_px, height_px, std::chrono::milliseconds(33)};
}

struct Size {
    unsigned width_px;
    unsigned height_px;
};

class TestPictureOfASize : public testing::TestWithParam<std::tuple<Size, Sampling>> {
protected:
    Size size() const { return std::get<Size>(GetParam()); }
    Sampling sampling() const { return std::get<Sampling>(GetParam()); }
    StreamFormat format() const { return format_of(size().width_px, size().height_px); }

    Decoded decoded_frame() const {
        std::vector<std::uint8_t> jpeg;
        TestPicture(format(), 1, sampling()).render(5, 0, jpeg);
        return decode(jpeg);
    }
};

TEST_P(TestPictureOfASize, SaysWhichFrameItIs) {
    TestPicture picture(format(), 0xCAFE1234, sampling());
    std::vector<std::uint8_t> jpeg;
    picture.render(1, 1000, jpeg);
    picture.render(77, 2'000'000, jpeg);

    const Decoded decoded = decode(jpeg);

    EXPECT_EQ(decode_lines(read_line(decoded, 0), read_line(decoded, 1)),
              (FrameStamp{0xCAFE1234, 77, 2'000'000}));
}

TEST_P(TestPictureOfASize, RepeatsTheRunLineAtItsFoot) {
    const Decoded decoded = decoded_frame();

    EXPECT_EQ(read_line(decoded, size().height_px / kRowLines - 1), read_line(decoded, 0));
}

TEST_P(TestPictureOfASize, DecodesWithoutAWarning) {
    const Decoded decoded = decoded_frame();

    EXPECT_EQ(decoded.warnings, 0);
    EXPECT_EQ(decoded.width_px, size().width_px);
    EXPECT_EQ(decoded.height_px, size().height_px);
}

TEST_P(TestPictureOfASize, IsHalvedOnlyInItsColour) {
    const Decoded decoded = decoded_frame();

    EXPECT_EQ(decoded.luma_horizontal, 2);
    EXPECT_EQ(decoded.luma_vertical, sampling() == Sampling::Yuv420 ? 2 : 1);
}

INSTANTIATE_TEST_SUITE_P(
    Ms2109, TestPictureOfASize,
    testing::Combine(testing::Values(Size{1920, 1080}, Size{1600, 1200}, Size{1360, 768},
                                     Size{1280, 1024}, Size{1280, 960}, Size{1280, 720},
                                     Size{1024, 768}, Size{800, 600}, Size{720, 576},
                                     Size{720, 480}, Size{640, 480}),
                     testing::Values(Sampling::Yuv422, Sampling::Yuv420)),
    [](const auto& tested) {
        const Size size = std::get<Size>(tested.param);
        return fmt::format("{}x{}_{}", size.width_px, size.height_px,
                           std::get<Sampling>(tested.param) == Sampling::Yuv420 ? "420" : "422");
    });

TEST(TestPicture, HasTheColoursThatItHasOtherwise) {
    std::vector<std::uint8_t> jpeg;
    TestPicture(format_of(640, 480), 1, Sampling::Yuv422).render(1, 0, jpeg);
    const Decoded fine = decode(jpeg);
    TestPicture(format_of(640, 480), 1, Sampling::Yuv420).render(1, 0, jpeg);
    const Decoded coarse = decode(jpeg);

    // In the middle of each of the eight bars.
    for (unsigned x = 40; x < 640; x += 80) {
        EXPECT_NEAR(coarse.green(x, 120), fine.green(x, 120), 2) << x;
    }
}

TEST(TestPicture, KeepsWhatDoesNotChangeBetweenFrames) {
    TestPicture picture(format_of(640, 480), 1, Sampling::Yuv422);
    std::vector<std::uint8_t> first;
    std::vector<std::uint8_t> second;
    picture.render(1, 0, first);
    picture.render(1, 0, second);

    EXPECT_EQ(first, second);
}

TEST(TestPicture, IsPackedForYuyv) {
    StreamFormat format = format_of(640, 480);
    format.pixels = PixelFormat::Yuyv;
    TestPicture picture(format, 1, Sampling::Yuv422);
    std::vector<std::uint8_t> frame;

    picture.render(9, 0, frame);

    ASSERT_EQ(frame.size(), format.yuyv_bytes());
    EXPECT_EQ(frame[0], 235);  // the first cell is white, in video range
    EXPECT_EQ(frame[20], 16);  // the second one black
    EXPECT_EQ(frame[1], 128);
}

TEST(Filler, IsExactlyTheGreyOfTheRealChip) {
    for (const Sampling sampling : {Sampling::Yuv422, Sampling::Yuv420}) {
        const Decoded decoded = decode(filler_frame(format_of(1920, 1080), sampling));

        EXPECT_EQ(decoded.rgb, std::vector<std::uint8_t>(decoded.rgb.size(), 7));
    }
}

}  // namespace
}  // namespace minikvm::sim
