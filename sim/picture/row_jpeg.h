// SPDX-License-Identifier: MIT
// RowJpeg: a JPEG whose rows of blocks can be exchanged one by one.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/picture/canvas.h"
#include "sim/picture/jpeg_encoder.h"

namespace minikvm::sim {

/// Shape:   a restart marker ends each row, so that the rows do not depend on one another. After
///          a change on the canvas, update() encodes the rows it touched, and assemble() puts the
///          whole JPEG together: encoding 7 rows of 135 costs a twentieth of a full encoding.
///          4:2:2, otherwise as encode_jpeg().
/// Limits:  the canvas has whole rows of whole MCUs, and keeps its size.
/// Thread:  any thread, one at a time.
/// Source:  ITU T.81, B.1.1.3 and E.1.4 (restart intervals).
class RowJpeg final {
public:
    explicit RowJpeg(const Canvas& canvas);

    void update(const Canvas& canvas, unsigned first_row, unsigned row_count);

    /// What update() has made of a row, to be put wherever and whenever a row looks like that.
    const std::vector<std::uint8_t>& row(unsigned number) const { return rows_[number]; }
    void put_row(unsigned number, const std::vector<std::uint8_t>& coded) { rows_[number] = coded; }

    unsigned row_count() const { return static_cast<unsigned>(rows_.size()); }

    /// Replaces what is in `jpeg`.
    void assemble(std::vector<std::uint8_t>& jpeg) const;

private:
    std::vector<std::uint8_t> header_;             // from SOI to the end of SOS
    std::vector<std::vector<std::uint8_t>> rows_;  // coded data, without markers
};

}  // namespace minikvm::sim
