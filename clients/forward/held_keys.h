// SPDX-License-Identifier: MIT
// HeldKeys: which keys are down on which of this machine's devices.

#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

namespace minikvm {

/// Names one local device for as long as it is open.
enum class DeviceId : std::uint32_t {};

/// A set of key codes that are down together.
using Chord = std::set<std::uint16_t>;

/// Shape:   a plain value. Thread: any thread, one at a time.
class HeldKeys final {
public:
    /// False when it was so already.
    bool press(DeviceId device, std::uint16_t code) { return held_.emplace(device, code).second; }
    bool release(DeviceId device, std::uint16_t code) { return held_.erase({device, code}) != 0; }
    void forget(DeviceId device) {
        std::erase_if(held_, [&](const auto& key) { return key.first == device; });
    }

    bool none() const { return held_.empty(); }
    bool none_of(DeviceId device) const {
        const auto first = held_.lower_bound({device, 0});
        return first == held_.end() || first->first != device;
    }

    /// The keys that are down, on whatever devices, are these and no others.
    bool are(const Chord& chord) const { return !chord.empty() && codes() == chord; }
    /// These are down; others may be as well.
    bool include(const Chord& chord) const {
        const Chord down = codes();
        return !chord.empty() &&
               std::includes(down.begin(), down.end(), chord.begin(), chord.end());
    }

private:
    Chord codes() const {
        Chord codes;
        for (const auto& [device, code] : held_) {
            codes.insert(code);
        }
        return codes;
    }

    std::set<std::pair<DeviceId, std::uint16_t>> held_;
};

}  // namespace minikvm
