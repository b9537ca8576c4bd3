// SPDX-License-Identifier: MIT
// What is decoded, and what is copied where.

#include "v4l2-bridge/picture_maker.h"

#include <algorithm>
#include <optional>

namespace minikvm {
namespace {

/// Shows on each of `outputs`, also where one of them fails; the first error is the result.
template <typename Show>
Result<void> on_each(std::span<FrameOutput* const> outputs, Show show) {
    Result<void> all;
    for (FrameOutput* output : outputs) {
        Result<void> shown = show(*output);
        if (!shown && all) {
            all = std::move(shown);
        }
    }
    return all;
}

}  // namespace

Result<PictureMaker> PictureMaker::create(const CameraMode& mode) {
    if (mode.format == PictureFormat::Mjpg) {
        return PictureMaker(mode.format, std::nullopt);
    }
    return PictureMaker(mode.format,
                        MINIKVM_TRY(JpegDecoder::create(mode.format, mode.video.size)));
}

Result<Shown> PictureMaker::show(std::span<const std::uint8_t> jpeg, timeval timestamp,
                                 std::span<FrameOutput* const> outputs) {
    if (!decoder_) {
        MINIKVM_TRY(on_each(outputs, [&](auto& output) { return output.show(jpeg, timestamp); }));
        return Shown::PassedOn;
    }
    if (outputs.empty()) {
        return Shown::Repeated;  // nobody is shown anything
    }
    if (!last_jpeg_.empty() && std::ranges::equal(jpeg, last_jpeg_)) {
        const auto picture = last_picture(outputs);
        if (!picture.empty()) {
            MINIKVM_TRY(spread(picture, timestamp, outputs));
            return Shown::Repeated;
        }
    }
    last_jpeg_.clear();  // what is begun in the room now is neither the last picture nor this one
    const PictureName name = last_name_ + 1;
    FrameOutput& first = *outputs.front();
    MINIKVM_TRY(make(jpeg, timestamp, first));
    last_name_ = name;
    first.set_name(name);
    const bool in_place = !first.newest().empty();
    scratch_name_ = in_place ? scratch_name_ : name;
    last_jpeg_.assign(jpeg.begin(), jpeg.end());
    MINIKVM_TRY(spread(in_place ? first.newest() : scratch_, timestamp, outputs.subspan(1)));
    return Shown::Decoded;
}

Result<void> PictureMaker::show_alone(std::span<const std::uint8_t> jpeg, timeval timestamp,
                                      FrameOutput& output) {
    output.set_name(kNoName);
    return decoder_ ? make(jpeg, timestamp, output) : output.show(jpeg, timestamp);
}

Result<void> PictureMaker::show_drawn(const DrawnPicture& picture, timeval timestamp,
                                      std::span<FrameOutput* const> outputs) {
    std::span<const std::uint8_t> made;
    if (decoder_) {
        scratch_name_ = kNoName;
        scratch_.resize(decoder_->picture_bytes());
        picture.pack(format_, scratch_);
        made = scratch_;
    } else {
        if (!encoder_) {
            encoder_ = MINIKVM_TRY(JpegEncoder::create(picture.size()));
        }
        made = MINIKVM_TRY(encoder_->encode(picture));
    }
    return on_each(outputs, [&](FrameOutput& output) {
        output.set_name(kNoName);
        return output.show(made, timestamp);
    });
}

/// Decodes for one camera, which then shows it.
Result<void> PictureMaker::make(std::span<const std::uint8_t> jpeg, timeval timestamp,
                                FrameOutput& output) {
    const std::size_t size_bytes = decoder_->picture_bytes();
    if (const auto room = output.room(); !room.empty()) {
        MINIKVM_TRY(decoder_->decode(jpeg, room));
        return output.show_made(size_bytes, timestamp);
    }
    scratch_name_ = kNoName;
    scratch_.resize(size_bytes);
    MINIKVM_TRY(decoder_->decode(jpeg, scratch_));
    return output.show(scratch_, timestamp);
}

/// Nothing where it is not to be had any more.
std::span<const std::uint8_t> PictureMaker::last_picture(
    std::span<FrameOutput* const> outputs) const {
    if (scratch_name_ == last_name_) {
        return scratch_;
    }
    const auto holder = std::ranges::find_if(outputs, [this](const FrameOutput* output) {
        return output->name() == last_name_ && !output->newest().empty();
    });
    return holder == outputs.end() ? std::span<const std::uint8_t>() : (*holder)->newest();
}

Result<void> PictureMaker::spread(std::span<const std::uint8_t> picture, timeval timestamp,
                                  std::span<FrameOutput* const> outputs) const {
    return on_each(outputs, [&](FrameOutput& output) {
        if (output.name() == last_name_ && !output.newest().empty()) {
            return output.repeat(timestamp);
        }
        output.set_name(last_name_);
        return output.show(picture, timestamp);
    });
}

}  // namespace minikvm
