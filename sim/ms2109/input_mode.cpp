// SPDX-License-Identifier: MIT
// Timings of the input modes.

#include "sim/ms2109/input_mode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace minikvm::sim {
namespace {

// CEA-861 and VESA DMT: the modes of the MS2109's default EDID (hardware.md 2.1), with the larger
// ones that the chip accepts.
constexpr std::array kModes = {
    InputMode{640, 480, 6000, 800, 525, 656, 96, 490, 2},
    InputMode{720, 480, 6000, 858, 525, 736, 62, 489, 6},
    InputMode{720, 576, 5000, 864, 625, 732, 64, 581, 5},
    InputMode{800, 600, 6000, 1056, 628, 840, 128, 601, 4},
    InputMode{1024, 768, 6000, 1344, 806, 1048, 136, 771, 6},
    InputMode{1280, 720, 6000, 1650, 750, 1390, 40, 725, 5},
    InputMode{1280, 720, 5000, 1980, 750, 1720, 40, 725, 5},
    InputMode{1280, 800, 6000, 1680, 831, 1352, 128, 803, 6},
    InputMode{1280, 960, 6000, 1800, 1000, 1376, 112, 961, 3},
    InputMode{1280, 1024, 6000, 1688, 1066, 1328, 112, 1025, 3},
    InputMode{1440, 900, 6000, 1904, 934, 1520, 152, 903, 6},
    InputMode{1600, 900, 6000, 1800, 1000, 1624, 80, 901, 3},
    InputMode{1680, 1050, 6000, 2240, 1089, 1784, 176, 1053, 6},
    InputMode{1920, 1080, 6000, 2200, 1125, 2008, 44, 1084, 5},
    InputMode{1920, 1080, 5000, 2640, 1125, 2448, 44, 1084, 5},
    InputMode{1920, 1080, 3000, 2200, 1125, 2008, 44, 1084, 5},
    InputMode{3840, 2160, 3000, 4400, 2250, 4016, 88, 2168, 10},
    InputMode{4096, 2160, 3000, 4400, 2250, 4184, 88, 2168, 10},
};

constexpr unsigned kMaxSidePx = 4096;  // hardware.md 2.1
constexpr unsigned kMaxClock = 60000;  // 600 MHz: what HDMI can carry
constexpr double kMinRateHz = 1;
constexpr double kMaxRateHz = 240;
constexpr unsigned kTenKilohertz = 10'000;
constexpr unsigned kCentihertz = 100;

// VESA CVT, reduced blanking.
constexpr unsigned kHorizontalBlank = 160;
constexpr unsigned kHorizontalFront = 48;
constexpr unsigned kHorizontalSync = 32;
constexpr unsigned kVerticalFront = 3;
constexpr unsigned kVerticalSync = 6;
constexpr double kMinVerticalBlankSeconds = 460e-6;

// The standard's rate or its NTSC sister, 0.1 % lower, has the same timing.
bool same_rate(unsigned a, unsigned b) {
    return a <= b ? b - a <= b / 500 : same_rate(b, a);
}

InputMode with_blanking(InputMode mode) {
    const double rate_hz = static_cast<double>(mode.rate_centihertz) / kCentihertz;
    const double line_seconds = (1 / rate_hz - kMinVerticalBlankSeconds) / mode.height_px;
    const auto blank_lines = static_cast<unsigned>(kMinVerticalBlankSeconds / line_seconds) + 1;
    mode.horizontal_total = mode.width_px + kHorizontalBlank;
    mode.horizontal_sync_start = mode.width_px + kHorizontalFront;
    mode.horizontal_sync_width = kHorizontalSync;
    mode.vertical_total = mode.height_px + blank_lines;
    mode.vertical_sync_start = mode.height_px + kVerticalFront;
    mode.vertical_sync_width = kVerticalSync;
    return mode;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

unsigned InputMode::pixel_clock_ten_kilohertz() const {
    const std::uint64_t centihertz =
        std::uint64_t{horizontal_total} * vertical_total * rate_centihertz;
    constexpr std::uint64_t kUnit = std::uint64_t{kTenKilohertz} * kCentihertz;
    return static_cast<unsigned>((centihertz + kUnit / 2) / kUnit);
}

std::string InputMode::text() const {
    return fmt::format("{}x{}@{}.{:02}", width_px, height_px, rate_centihertz / kCentihertz,
                       rate_centihertz % kCentihertz);
}

Result<InputMode> parse_input_mode(const std::string& text) {
    const std::string_view view = text;
    const std::size_t cross = view.find('x');
    const std::size_t at = view.find('@');
    const auto bad = make_error(std::make_error_code(std::errc::invalid_argument),
                                fmt::format("\"{}\" is not an input mode such as 1920x1080@60 or "
                                            "1280x720@59.94, at most 4096x4096 at 600 MHz",
                                            text));
    if (cross == std::string_view::npos || at == std::string_view::npos || at < cross) {
        return bad;
    }
    const auto width = number<unsigned>(view.substr(0, cross));
    const auto height = number<unsigned>(view.substr(cross + 1, at - cross - 1));
    const auto rate_hz = number<double>(view.substr(at + 1));
    if (!width || !height || !rate_hz || *width == 0 || *height == 0 || *width > kMaxSidePx ||
        *height > kMaxSidePx || !(*rate_hz >= kMinRateHz && *rate_hz <= kMaxRateHz)) {
        return bad;
    }
    InputMode mode;
    mode.width_px = *width;
    mode.height_px = *height;
    mode.rate_centihertz = static_cast<unsigned>(std::lround(*rate_hz * kCentihertz));
    const auto standard = std::find_if(kModes.begin(), kModes.end(), [&](const InputMode& known) {
        return known.width_px == mode.width_px && known.height_px == mode.height_px &&
               same_rate(known.rate_centihertz, mode.rate_centihertz);
    });
    if (standard != kModes.end()) {
        const unsigned rate_centihertz = mode.rate_centihertz;
        mode = *standard;
        mode.rate_centihertz = rate_centihertz;
    } else {
        mode = with_blanking(mode);
    }
    return mode.pixel_clock_ten_kilohertz() <= kMaxClock ? Result<InputMode>(mode)
                                                         : Result<InputMode>(bad);
}

}  // namespace minikvm::sim
