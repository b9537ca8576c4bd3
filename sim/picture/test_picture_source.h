// SPDX-License-Identifier: MIT
// TestPictureSource: the drawn picture as a source of frames.

#pragma once

#include <memory>

#include "sim/picture/frame_source.h"
#include "sim/picture/test_picture.h"

namespace minikvm::sim {

/// Keeps the last drawing, so that the same mode starts at once the next time.
class TestPictureSource final : public FrameSource {
public:
    TestPictureSource(std::uint32_t nonce, Sampling sampling)
        : nonce_(nonce), sampling_(sampling) {}

    void start(const StreamFormat& format) override;
    void stop() override;
    Rendered render(std::uint32_t frame_number, TimePoint now,
                    std::vector<std::uint8_t>& frame) override;
    void set_nonce(std::uint32_t nonce) override;

private:
    std::uint32_t nonce_;
    Sampling sampling_;
    std::unique_ptr<TestPicture> picture_;
};

}  // namespace minikvm::sim
