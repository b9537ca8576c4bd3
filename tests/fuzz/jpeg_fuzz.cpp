// SPDX-License-Identifier: MIT
// The JPEG check under arbitrary bytes.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/jpeg.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::uint8_t> picture(data, data + size);
    const auto picture_size = minikvm::jpeg_size(picture);
    assert(!picture_size || (picture_size->width_px > 0 && picture_size->height_px > 0));
    if (minikvm::is_whole_jpeg(picture)) {
        assert(picture_size);
        picture.push_back(0);
        assert(minikvm::is_whole_jpeg(picture));
        picture.push_back(1);
        assert(!minikvm::is_whole_jpeg(picture));
    }
    return 0;
}
