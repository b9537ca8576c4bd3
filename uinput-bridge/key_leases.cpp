// SPDX-License-Identifier: MIT
// KeyLeases: one bit a code and source, one count a key.

#include "uinput-bridge/key_leases.h"

#include <algorithm>
#include <cassert>

namespace minikvm {
namespace {

std::size_t bit_of(hid::KeyCode code) {
    return static_cast<std::size_t>(code);
}

}  // namespace

SourceId KeyLeases::add_source(Meaning meaning) {
    assert(meaning != nullptr);
    const auto free = std::ranges::find(sources_, nullptr, &Source::meaning);
    if (free != sources_.end()) {
        free->meaning = meaning;
        return static_cast<SourceId>(free - sources_.begin());
    }
    sources_.push_back(Source{meaning, {}});
    return static_cast<SourceId>(sources_.size() - 1);
}

void KeyLeases::remove_source(SourceId source_id) {
    assert(!holds_anything(source_id));
    source(source_id).meaning = nullptr;
}

std::optional<TargetKey> KeyLeases::press(SourceId source_id, hid::KeyCode code) {
    Source& from = source(source_id);
    const std::optional<TargetKey> key = from.meaning(code);
    if (!key || bit_of(code) >= KEY_CNT || from.codes.test(bit_of(code))) {
        return std::nullopt;
    }
    from.codes.set(bit_of(code));
    std::uint8_t& holders = holders_[index_of(*key)];
    if (++holders > 1) {
        return std::nullopt;
    }
    ++held_;
    return key;
}

std::optional<TargetKey> KeyLeases::release(SourceId source_id, hid::KeyCode code) {
    if (!holds(source_id, code)) {
        return std::nullopt;
    }
    return let_go(source(source_id), code);
}

std::optional<TargetKey> KeyLeases::let_go(Source& from, hid::KeyCode code) {
    from.codes.reset(bit_of(code));
    const std::optional<TargetKey> key = from.meaning(code);
    assert(key);  // or it could not have been pressed
    std::uint8_t& holders = holders_[index_of(*key)];
    assert(holders > 0);
    if (--holders > 0) {
        return std::nullopt;
    }
    --held_;
    return key;
}

void KeyLeases::drop(SourceId source_id, const std::function<void(hid::KeyCode)>& dropped,
                     const std::function<void(TargetKey)>& released) {
    Source& from = source(source_id);
    for (std::size_t bit = 0; bit < KEY_CNT && from.codes.any(); ++bit) {
        if (!from.codes.test(bit)) {
            continue;
        }
        const auto code = static_cast<hid::KeyCode>(bit);
        const std::optional<TargetKey> key = let_go(from, code);
        dropped(code);
        if (key) {
            released(*key);
        }
    }
}

std::optional<TargetKey> KeyLeases::key_meant(SourceId source_id, hid::KeyCode code) const {
    return source(source_id).meaning(code);
}

bool KeyLeases::holds(SourceId source_id, hid::KeyCode code) const {
    return bit_of(code) < KEY_CNT && source(source_id).codes.test(bit_of(code));
}

bool KeyLeases::holds_anything(SourceId source_id) const {
    return source(source_id).codes.any();
}

std::size_t KeyLeases::sources() const {
    return static_cast<std::size_t>(std::count_if(
        sources_.begin(), sources_.end(), [](const Source& one) { return one.codes.any(); }));
}

}  // namespace minikvm
