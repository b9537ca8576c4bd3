// SPDX-License-Identifier: MIT
// bench_decode: what our decoder costs beside what it is made of, on the JPEGs of one folder.

#include <time.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "v4l2-bridge/chroma_rows.h"
#include "v4l2-bridge/jpeg_decoder.h"

namespace minikvm {
namespace {

using Jpeg = std::vector<std::uint8_t>;

struct HandleDeleter {
    void operator()(void* handle) const { tjDestroy(handle); }
};

/// TurboJPEG into planes, then packed row by row: the least that a yuyv picture can cost.
class Limit final {
public:
    explicit Limit(PictureSize size)
        : size_(size),
          luma_(std::size_t{size.width_px} * size.height_px),
          blue_(luma_.size() / 2),
          red_(luma_.size() / 2) {}

    void decode_planes(const Jpeg& jpeg) {
        std::array<unsigned char*, 3> planes = {luma_.data(), blue_.data(), red_.data()};
        if (tjDecompressToYUVPlanes(handle_.get(), jpeg.data(), jpeg.size(), planes.data(), 0,
                                    nullptr, 0, 0) != 0) {
            throw std::runtime_error(tjGetErrorStr2(handle_.get()));
        }
    }
    void pack(std::span<std::uint8_t> picture) const {
        const std::size_t width = size_.width_px;
        for (std::size_t row = 0; row < size_.height_px; ++row) {
            pack_yuyv(std::span(luma_).subspan(row * width, width),
                      std::span(blue_).subspan(row * width / 2, width / 2),
                      std::span(red_).subspan(row * width / 2, width / 2),
                      picture.subspan(row * 2 * width, 2 * width));
        }
    }

private:
    PictureSize size_;
    std::unique_ptr<void, HandleDeleter> handle_{tjInitDecompress()};
    std::vector<std::uint8_t> luma_;
    std::vector<std::uint8_t> blue_;
    std::vector<std::uint8_t> red_;
};

double used_ms() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

Jpeg read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Work {
    std::string name;
    std::function<void(const Jpeg&)> decode;
};

constexpr std::size_t kLimit = 1;  // the work that the others are compared with

/// Of each round, since a machine that others use is faster in some than in others.
double median_ratio(const std::vector<double>& ours, const std::vector<double>& others) {
    std::vector<double> ratios(ours.size());
    std::ranges::transform(ours, others, ratios.begin(), std::divides<>());
    return median(std::move(ratios));
}

/// Processor time a frame of each, in turn, so that whatever else the machine does strikes all.
nlohmann::json measure(const std::vector<Jpeg>& jpegs, const std::vector<Work>& works,
                       unsigned rounds) {
    std::vector<std::vector<double>> spent(works.size());
    for (unsigned round = 0; round < rounds; ++round) {
        for (std::size_t index = 0; index < works.size(); ++index) {
            const double before = used_ms();
            for (const Jpeg& jpeg : jpegs) {
                works[index].decode(jpeg);
            }
            spent[index].push_back((used_ms() - before) / static_cast<double>(jpegs.size()));
        }
    }
    nlohmann::json figures;
    for (std::size_t index = 0; index < works.size(); ++index) {
        figures[works[index].name] = {{"median_ms", median(spent[index])},
                                      {"least_ms", *std::ranges::min_element(spent[index])},
                                      {"of_limit", median_ratio(spent[index], spent[kLimit])}};
    }
    return figures;
}

nlohmann::json run(const std::vector<Jpeg>& jpegs, PictureSize size, unsigned rounds) {
    std::vector<std::uint8_t> picture(std::size_t{size.width_px} * size.height_px * 2);
    Limit limit(size);
    std::vector<Work> works = {{"turbojpeg", [&](const Jpeg& jpeg) { limit.decode_planes(jpeg); }},
                               {"turbojpeg and pack", [&](const Jpeg& jpeg) {  // kLimit
                                    limit.decode_planes(jpeg);
                                    limit.pack(picture);
                                }}};
    for (const auto& [name, format] :
         {std::pair("yuyv", PictureFormat::Yuyv), std::pair("yu12", PictureFormat::Yu12),
          std::pair("nv12", PictureFormat::Nv12)}) {
        auto made = JpegDecoder::create(format, size);
        if (!made) {
            throw std::runtime_error(made.error().message());
        }
        auto decoder = std::make_shared<JpegDecoder>(std::move(*made));
        works.push_back({std::string("minikvm ") + name, [decoder, &picture](const Jpeg& jpeg) {
                             if (auto decoded = decoder->decode(jpeg, picture); !decoded) {
                                 throw std::runtime_error(decoded.error().message());
                             }
                         }});
    }
    std::vector<std::uint8_t> copy;
    works.push_back({"memcpy of the JPEG", [&copy](const Jpeg& jpeg) {
                         copy.resize(std::max(copy.size(), jpeg.size()));
                         std::memcpy(copy.data(), jpeg.data(), jpeg.size());
                     }});
    return measure(jpegs, works, rounds);
}

int run(int argc, char** argv) {
    std::vector<std::string> files;
    PictureSize size;
    unsigned rounds = 50;
    CLI::App app{"Measures decoding.", "bench_decode"};
    app.add_option("--width", size.width_px)->required();
    app.add_option("--height", size.height_px)->required();
    app.add_option("--rounds", rounds)->check(CLI::Range(1, 10000));
    app.add_option("files", files)->required()->check(CLI::ExistingFile);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    std::vector<Jpeg> jpegs;
    std::size_t bytes = 0;
    for (const std::string& file : files) {
        jpegs.push_back(read(file));
        bytes += jpegs.back().size();
    }
    nlohmann::json figures = {{"jpeg_bytes", bytes / jpegs.size()},
                              {"cpu", run(jpegs, size, rounds)}};
    std::cout << figures.dump() << '\n';
    return 0;
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    try {
        return minikvm::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
