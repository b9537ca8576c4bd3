// SPDX-License-Identifier: MIT
// EdgeQueue: key strokes and wheel turns that wait for the line, in order.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "uinput-bridge/hid_state.h"
#include "uinput-bridge/target_key.h"

namespace minikvm {

struct KeyStroke {
    TargetKey key;
    Stroke stroke = Stroke::Press;
};

struct WheelTurn {
    int notches = 0;  // up is positive
};

/// What must neither be merged nor overtaken. Motion that came before a button or the wheel
/// belongs to it, since it says where that happens.
struct Edge {
    std::variant<KeyStroke, WheelTurn> what;
    int before_x = 0;  // relative motion to be made first
    int before_y = 0;
    std::optional<Point> at;  // where the absolute mouse is at that time, if it had moved
    std::uint64_t moves = 0;  // InputProgress::moves with that motion
};

/// Shape:   a ring that grows by doubling, so that pushing does not allocate each time.
/// Limits:  kMaxEdges; push() says false when they are waiting already.
/// Thread:  the thread that made it.
class EdgeQueue final {
public:
    /// About two minutes of strokes at 115200 Bd (548 frames a second, docs/hardware.md 5.9).
    static constexpr std::size_t kMaxEdges = 65536;

    EdgeQueue() : ring_(kFirstSize) {}

    bool push(const Edge& edge) {
        if (size_ == ring_.size() && !grow()) {
            return false;
        }
        ring_[(first_ + size_) % ring_.size()] = edge;
        ++size_;
        return true;
    }
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    Edge& front() { return ring_[first_]; }
    void pop() {
        first_ = (first_ + 1) % ring_.size();
        --size_;
    }
    void clear() { size_ = 0; }

private:
    static constexpr std::size_t kFirstSize = 256;

    bool grow() {
        if (ring_.size() >= kMaxEdges) {
            return false;
        }
        std::vector<Edge> larger;
        larger.reserve(ring_.size() * 2);
        for (std::size_t index = 0; index < size_; ++index) {
            larger.push_back(ring_[(first_ + index) % ring_.size()]);
        }
        larger.resize(ring_.size() * 2);
        ring_ = std::move(larger);
        first_ = 0;
        return true;
    }

    std::vector<Edge> ring_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace minikvm
