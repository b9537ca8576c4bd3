// SPDX-License-Identifier: MIT
// KeyLeases: which source holds which key, and so what the target has to hold.

#pragma once

#include <linux/input-event-codes.h>

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protocol/hid_keymap.h"
#include "uinput-bridge/target_key.h"

namespace minikvm {

/// Numbers the sources, from 0.
enum class SourceId : std::uint8_t {};

/// Shape:   the target holds what at least one source holds. Two codes of one source may mean the
///          same key; it is up when the last of them is.
/// Limits:  255 holders of one key.
/// Thread:  the thread that made it.
/// Source:  decision 5 of docs/architecture.md.
class KeyLeases final {
public:
    /// Which key of the target a source's code means; nothing when it cannot be sent.
    using Meaning = std::optional<TargetKey> (*)(hid::KeyCode code);

    SourceId add_source(Meaning meaning);

    /// The source must hold nothing. Its number is given to a later one.
    void remove_source(SourceId source);

    /// The key that the target must press now; nothing when it is down already or means nothing.
    std::optional<TargetKey> press(SourceId source, hid::KeyCode code);

    /// The key that the target must release now; nothing when someone still holds it.
    std::optional<TargetKey> release(SourceId source, hid::KeyCode code);

    /// Ends the source's lease: `dropped` gets each code that it held, `released` each key that
    /// the target must release.
    void drop(SourceId source, const std::function<void(hid::KeyCode)>& dropped,
              const std::function<void(TargetKey)>& released);

    /// The key that a source's code means; nothing when it cannot be sent.
    std::optional<TargetKey> key_meant(SourceId source, hid::KeyCode code) const;
    bool holds(SourceId source, hid::KeyCode code) const;
    bool holds_anything(SourceId source) const;

    /// Keys down, counted once however many hold them.
    std::size_t held() const { return held_; }
    /// Sources that hold something.
    std::size_t sources() const;

private:
    struct Source {
        Meaning meaning = nullptr;
        std::bitset<KEY_CNT> codes;
    };

    Source& source(SourceId id) { return sources_[static_cast<std::size_t>(id)]; }
    const Source& source(SourceId id) const { return sources_[static_cast<std::size_t>(id)]; }
    std::optional<TargetKey> let_go(Source& from, hid::KeyCode code);

    std::vector<Source> sources_;
    std::array<std::uint8_t, kTargetKeyCount> holders_{};
    std::size_t held_ = 0;
};

}  // namespace minikvm
