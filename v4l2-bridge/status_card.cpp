// SPDX-License-Identifier: MIT
// What each card says, and where.

#include "v4l2-bridge/status_card.h"

#include <algorithm>
#include <array>

namespace minikvm {
namespace {

struct CardRow {
    Card card;
    std::string_view name;
    std::string_view headline;
    std::string_view detail;
    Colour mark;
};

constexpr std::array<CardRow, 5> kCardRows = {{
    {Card::None, "none", "", "", {}},
    {Card::Starting,
     "starting",
     "Starting",
     "Waiting for the stick's first picture.",
     {.luma = 150, .blue = 170, .red = 90}},
    {Card::NoSignal,
     "no-signal",
     "No signal",
     "The target sends no picture. Is it on, and awake?",
     {.luma = 170, .blue = 60, .red = 160}},
    {Card::Stalled,
     "stalled",
     "No picture",
     "The stick has stopped sending pictures.",
     {.luma = 140, .blue = 90, .red = 190}},
    {Card::NoStick,
     "no-stick",
     "No stick",
     "Plug it in again, and the picture comes back.",
     {.luma = 110, .blue = 100, .red = 200}},
}};

constexpr Colour kBackground{.luma = 24, .blue = 132, .red = 126};
constexpr std::uint8_t kBright = 235;
constexpr std::uint8_t kPale = 150;

// Shares of the height of a picture of 16 to 9; others are treated as the largest such that fits.
constexpr float kMargin = 0.12F;
constexpr float kMarkWidth = 0.012F;
constexpr float kMarkGap = 0.045F;
constexpr float kFootTop = 0.84F;
constexpr float kFootHeight = 0.032F;

const CardRow& row_of(Card card) {
    return *std::ranges::find(kCardRows, card, &CardRow::card);
}

std::uint32_t whole(float pixels) {
    return static_cast<std::uint32_t>(std::max(pixels, 0.0F));
}

}  // namespace

std::string_view name_of(Card card) {
    return row_of(card).name;
}

StatusCard::StatusCard(PictureSize size) : picture_(size, kBackground) {
}

const DrawnPicture& StatusCard::draw(const CardText& text) {
    CardText same_but_clock = text;
    same_but_clock.clock = drawn_.clock;
    if (same_but_clock != drawn_) {
        draw_all(text);
    }
    if (text.clock != drawn_.clock) {
        draw_clock(text.clock);
    }
    drawn_ = text;
    return picture_;
}

void StatusCard::draw_all(const CardText& text) {
    const PictureSize size = picture_.size();
    const CardRow& row = row_of(text.card);
    const auto height = static_cast<float>(size.height_px);
    picture_.fill({0, 0, size.width_px, size.height_px}, kBackground);
    picture_.fill({whole(scaled(kMargin)), whole(0.36F * height), whole(scaled(kMarkWidth)),
                   whole(scaled(0.19F))},
                  row.mark);
    draw_line({0.36F, 0.075F, kBright}, row.headline);
    draw_line({0.36F + 0.148F * scaled(1) / height, 0.036F, kPale},
              text.detail.empty() ? row.detail : std::string_view(text.detail));
    draw_line({kFootTop, kFootHeight, kPale}, text.stick);
    drawn_.clock.clear();
}

void StatusCard::draw_line(const Line& line, std::string_view text) {
    const auto width = static_cast<float>(picture_.size().width_px);
    const float left = scaled(kMargin + kMarkWidth + kMarkGap);
    const float room = width - left - scaled(kMargin);
    const float wanted = text_width_px(text, scaled(line.height));
    const float height_px = scaled(line.height) * (wanted > room ? room / wanted : 1);
    draw_text(picture_, {left, line.top * static_cast<float>(picture_.size().height_px)},
              {height_px, line.luma}, text);
}

void StatusCard::draw_clock(std::string_view clock) {
    const PictureSize size = picture_.size();
    const float height_px = scaled(kFootHeight);
    const float left =
        static_cast<float>(size.width_px) - scaled(kMargin) - text_width_px(clock, height_px);
    const float top = kFootTop * static_cast<float>(size.height_px);
    // Room for the pen, which goes a little beyond the letters.
    picture_.fill({whole(left - height_px / 4), whole(top - height_px / 4), size.width_px,
                   whole(height_px * 3 / 2)},
                  kBackground);
    draw_text(picture_, {left, top}, {height_px, kBright}, clock);
}

float StatusCard::scaled(float share) const {
    constexpr float kWide = 16.0F / 9;
    const auto width = static_cast<float>(picture_.size().width_px);
    return share * std::min(static_cast<float>(picture_.size().height_px), width / kWide);
}

}  // namespace minikvm
