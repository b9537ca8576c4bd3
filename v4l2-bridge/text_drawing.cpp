// SPDX-License-Identifier: MIT
// A round pen that follows the strokes of letters.

#include "v4l2-bridge/text_drawing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "v4l2-bridge/glyph_strokes.h"

namespace minikvm {
namespace {

constexpr float kPenRadius = 0.75F;  // on the grid of the strokes
constexpr int kCurveSteps = 6;       // lines that a bend is made of

struct Point {
    float x = 0;
    float y = 0;
};

Point between(Point one, Point other, float share) {
    return {one.x + share * (other.x - one.x), one.y + share * (other.y - one.y)};
}

float coordinate(char digit) {
    return static_cast<float>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

std::vector<Point> points_of(std::string_view stroke) {
    std::vector<Point> points;
    for (std::size_t at = 0; at + 1 < stroke.size(); at += 2) {
        points.push_back({coordinate(stroke[at]), coordinate(stroke[at + 1])});
    }
    return points;
}

/// The lines of a quadratic B-spline that begins and ends at the ends of its control polygon.
std::vector<Point> smoothed(const std::vector<Point>& control) {
    std::vector<Point> points = {control.front()};
    for (std::size_t at = 1; at + 1 < control.size(); ++at) {
        const Point from = points.back();
        const bool is_last = at + 2 == control.size();
        const Point to = is_last ? control.back() : between(control[at], control[at + 1], 0.5F);
        for (int step = 1; step <= kCurveSteps; ++step) {
            const float share = static_cast<float>(step) / kCurveSteps;
            points.push_back(
                between(between(from, control[at], share), between(control[at], to, share), share));
        }
    }
    return points;
}

float distance_to_line(Point point, Point from, Point to) {
    const Point along{to.x - from.x, to.y - from.y};
    const float length_squared = along.x * along.x + along.y * along.y;
    const float dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
    const float share = length_squared > 0 ? std::clamp(dot / length_squared, 0.0F, 1.0F) : 0;
    const Point nearest = between(from, to, share);
    return std::hypot(point.x - nearest.x, point.y - nearest.y);
}

/// Draws lines into one picture.
class Pen {
public:
    Pen(DrawnPicture& picture, float radius_px, std::uint8_t luma)
        : picture_(picture), radius_px_(radius_px), luma_(luma) {}

    void draw(Point from, Point to) {
        const float reach = radius_px_ + 1;
        const auto [left, right] = pixels(std::min(from.x, to.x) - reach,
                                          std::max(from.x, to.x) + reach, picture_.size().width_px);
        const auto [top, bottom] =
            pixels(std::min(from.y, to.y) - reach, std::max(from.y, to.y) + reach,
                   picture_.size().height_px);
        for (std::size_t y = top; y < bottom; ++y) {
            const auto row = picture_.luma_row(y);
            for (std::size_t x = left; x < right; ++x) {
                const Point centre{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
                cover(row[x], radius_px_ + 0.5F - distance_to_line(centre, from, to));
            }
        }
    }

private:
    struct Range {
        std::size_t first;
        std::size_t end;
    };

    static Range pixels(float first, float end, std::uint32_t limit) {
        const auto last = static_cast<float>(limit);
        return {static_cast<std::size_t>(std::clamp(first, 0.0F, last)),
                static_cast<std::size_t>(std::clamp(std::ceil(end), 0.0F, last))};
    }

    /// A pixel half covered is half as light; lines that meet do not add up.
    void cover(std::uint8_t& pixel, float share) const {
        const float light = std::clamp(share, 0.0F, 1.0F) * static_cast<float>(luma_);
        pixel = std::max(pixel, static_cast<std::uint8_t>(light));
    }

    DrawnPicture& picture_;
    float radius_px_;
    std::uint8_t luma_;
};

void draw_stroke(Pen& pen, Point origin, float scale, std::string_view stroke) {
    const bool is_smooth = stroke.starts_with('~');
    std::vector<Point> points = points_of(is_smooth ? stroke.substr(1) : stroke);
    if (is_smooth) {
        points = smoothed(points);
    }
    for (Point& point : points) {
        point = {origin.x + scale * point.x, origin.y + scale * point.y};
    }
    for (std::size_t at = 0; at < points.size(); ++at) {
        pen.draw(points[at], points[std::min(at + 1, points.size() - 1)]);
    }
}

}  // namespace

float text_width_px(std::string_view text, float height_px) {
    float width = 0;
    for (const char character : text) {
        width += glyph_strokes(character).width + kLetterGap;
    }
    return text.empty() ? 0 : (width - kLetterGap) * height_px / kCapitalHeight;
}

void draw_text(DrawnPicture& picture, TextPlace place, const TextStyle& style,
               std::string_view text) {
    const float scale = style.height_px / kCapitalHeight;
    Pen pen(picture, scale * kPenRadius, style.luma);
    Point origin{place.left_px, place.top_px};
    for (const char character : text) {
        const GlyphStrokes& glyph = glyph_strokes(character);
        std::string_view rest = glyph.strokes;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            draw_stroke(pen, origin, scale, rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        origin.x += scale * (glyph.width + kLetterGap);
    }
}

}  // namespace minikvm
