// SPDX-License-Identifier: MIT
// bench_pictures: makes the JPEGs that video is measured with, a screen of text and a photograph.

#include <turbojpeg.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/picture/canvas.h"

namespace minikvm {
namespace {

// Frames that differ, so that none is the same as the one before.
constexpr unsigned kFrames = 4;

// What sticks send: 4:2:2, some 300 KB for 1080p (docs/hardware.md 2.4 has the rates).
constexpr double kBytesPerPixel = 300e3 / (1920 * 1080);

struct HandleDeleter {
    void operator()(void* handle) const { tjDestroy(handle); }
};
struct BufferDeleter {
    void operator()(unsigned char* buffer) const { tjFree(buffer); }
};

std::vector<std::uint8_t> compress(const sim::Canvas& canvas, int quality) {
    const std::unique_ptr<void, HandleDeleter> handle(tjInitCompress());
    std::array<const unsigned char*, 3> planes = {canvas.luma(0).data(), canvas.blue(0).data(),
                                                  canvas.red(0).data()};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int status = tjCompressFromYUVPlanes(
        handle.get(), planes.data(), static_cast<int>(canvas.width_px()), nullptr,
        static_cast<int>(canvas.height_px()), TJSAMP_422, &bytes, &size, quality, 0);
    const std::unique_ptr<unsigned char, BufferDeleter> owned(bytes);
    if (status != 0) {
        throw std::runtime_error(tjGetErrorStr2(handle.get()));
    }
    return {bytes, bytes + size};
}

/// The best quality that is not larger than a stick's JPEG.
std::vector<std::uint8_t> compress_as_a_stick(const sim::Canvas& canvas) {
    const double most = kBytesPerPixel * canvas.width_px() * canvas.height_px();
    std::vector<std::uint8_t> best;
    for (int quality = 30; quality <= 98; ++quality) {
        std::vector<std::uint8_t> jpeg = compress(canvas, quality);
        if (static_cast<double>(jpeg.size()) > most && !best.empty()) {
            break;
        }
        best = std::move(jpeg);
    }
    return best;
}

/// A terminal full of words, white on black, that scrolls a line each frame.
sim::Canvas text_screen(unsigned width, unsigned height, unsigned frame) {
    constexpr unsigned kScale = 2;
    constexpr unsigned kLine = 20;
    sim::Canvas canvas(width, height);
    canvas.fill({0, 0, width, height}, sim::kBlack);
    for (unsigned line = 0; line * kLine < height; ++line) {
        std::minstd_rand random(line + frame + 1);
        std::string text;
        while (text.size() * 6 * kScale < width) {
            text += random() % 6 == 0 ? ' ' : static_cast<char>('A' + random() % 26);
        }
        text.resize(text.size() * (20 + random() % 50) / 100);
        const sim::Color colour =
            random() % 5 == 0 ? sim::color_from_rgb(120, 200, 90) : sim::kWhite;
        canvas.write(4, line * kLine, kScale, text, colour);
    }
    return canvas;
}

/// Smooth shapes with the fine grain of a camera over them, moving.
sim::Canvas photograph(unsigned width, unsigned height, unsigned frame) {
    sim::Canvas canvas(width, height);
    std::minstd_rand random(frame + 1);
    std::uniform_real_distribution<double> grain(-9, 9);
    for (unsigned y = 0; y < height; ++y) {
        for (unsigned x = 0; x < width; ++x) {
            const double u = (x + 8.0 * frame) / height;
            const double v = static_cast<double>(y) / height;
            const double shape = std::sin(5 * u) * std::cos(4 * v) +
                                 0.5 * std::sin(23 * u + 9 * v) +
                                 0.25 * std::sin(71 * v + 31 * std::sin(6 * u));
            canvas.luma(y)[x] = static_cast<std::uint8_t>(128 + 55 * shape + grain(random));
            if (x % 2 == 0) {
                canvas.blue(y)[x / 2] = static_cast<std::uint8_t>(
                    128 + 40 * std::sin(3 * u + 2 * v) + grain(random) / 3);
                canvas.red(y)[x / 2] = static_cast<std::uint8_t>(
                    128 + 40 * std::cos(2 * u - 5 * v) + grain(random) / 3);
            }
        }
    }
    return canvas;
}

void save(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    std::ofstream file(path, std::ios::binary);
    for (const std::uint8_t byte : bytes) {
        file.put(static_cast<char>(byte));
    }
    if (!file.flush()) {
        throw std::runtime_error("write " + path.string());
    }
}

void make(const std::filesystem::path& folder) {
    constexpr std::array<std::array<unsigned, 2>, 2> kSizes = {{{1280, 720}, {1920, 1080}}};
    using Draw = sim::Canvas (*)(unsigned width, unsigned height, unsigned frame);
    constexpr std::array kKinds = {std::pair<const char*, Draw>("text", text_screen),
                                   std::pair<const char*, Draw>("photo", photograph)};
    for (const auto& [name, draw] : kKinds) {
        std::filesystem::create_directories(folder / name);
        for (const auto& [width, height] : kSizes) {
            for (unsigned frame = 0; frame < kFrames; ++frame) {
                const auto file = std::to_string(height) + "-" + std::to_string(frame) + ".jpg";
                save(folder / name / file, compress_as_a_stick(draw(width, height, frame)));
            }
        }
    }
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    try {
        const std::span<char*> words(argv, static_cast<std::size_t>(argc));
        if (words.size() != 2) {
            std::cerr << "usage: bench_pictures FOLDER\n";
            return 2;
        }
        minikvm::make(words[1]);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
