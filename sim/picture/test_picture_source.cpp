// SPDX-License-Identifier: MIT
// The drawn picture, frame by frame.

#include "sim/picture/test_picture_source.h"

#include <chrono>

namespace minikvm::sim {

void TestPictureSource::start(const StreamFormat& format) {
    if (!picture_ || !(picture_->format() == format) || picture_->nonce() != nonce_) {
        picture_ = std::make_unique<TestPicture>(format, nonce_, sampling_);
    }
}

void TestPictureSource::stop() {
}

Rendered TestPictureSource::render(std::uint32_t frame_number, TimePoint now,
                                   std::vector<std::uint8_t>& frame) {
    if (!picture_) {
        return Rendered::Nothing;
    }
    const auto time_us =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    picture_->render(frame_number, static_cast<std::uint64_t>(time_us), frame);
    return Rendered::Frame;
}

void TestPictureSource::set_nonce(std::uint32_t nonce) {
    nonce_ = nonce;
    if (picture_) {
        start(picture_->format());
    }
}

}  // namespace minikvm::sim
