// SPDX-License-Identifier: MIT
// StatusCard: what a camera shows while there is no picture.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "v4l2-bridge/drawn_picture.h"
#include "v4l2-bridge/text_drawing.h"

namespace minikvm {

/// Why there is no picture: the attribute video/card.
enum class Card {
    None,      // there is one
    Starting,  // the stick's stream has begun, nothing has come of it yet
    NoSignal,  // the target sends none
    Stalled,   // the stick sends none, or none that is whole
    NoStick,   // it is not plugged in
};

std::string_view name_of(Card card);

struct CardText {
    Card card = Card::None;
    std::string detail;  // instead of the card's own second line; may be empty
    std::string stick;   // its name
    std::string clock;   // "14:03:59"

    bool operator==(const CardText&) const = default;
};

/// Shape:   draw() what the card is to say; the picture is valid until the next one. Text that is
///          too long for the picture is drawn smaller.
/// Thread:  the thread that made it.
class StatusCard final {
public:
    explicit StatusCard(PictureSize size);

    PictureSize size() const { return picture_.size(); }
    const DrawnPicture& draw(const CardText& text);

private:
    struct Line {
        float top;     // of the picture's height
        float height;  // of its capitals, as above
        std::uint8_t luma;
    };

    void draw_all(const CardText& text);
    void draw_line(const Line& line, std::string_view text);
    void draw_clock(std::string_view clock);
    float scaled(float share) const;

    DrawnPicture picture_;
    CardText drawn_;
};

}  // namespace minikvm
