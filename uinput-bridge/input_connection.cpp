// SPDX-License-Identifier: MIT
// InputConnection: packets in, acknowledgements out.

#include "uinput-bridge/input_connection.h"

#include <cstdint>
#include <string>

#include "protocol/errors.h"
#include "uinput-bridge/sink_layout.h"

namespace minikvm {
namespace {

std::optional<TargetKey> relative_meaning(hid::KeyCode code) {
    const std::optional<TargetKey> key = keyboard_key(code);
    return key ? key : mouse_button(code);
}

std::optional<TargetKey> absolute_meaning(hid::KeyCode code) {
    const std::optional<TargetKey> key = keyboard_key(code);
    return key ? key : tablet_button(code);
}

bool overlap(std::uint64_t from, std::uint64_t to, std::uint64_t other_from,
             std::uint64_t other_to) {
    return from < other_to && other_from < to;
}

}  // namespace

Result<void> InputConnection::receive(std::span<const std::uint8_t> packet) {
    if (!source_) {
        return take_hello(packet);
    }
    const InputReport report = MINIKVM_TRY(parse_input_report(packet, pointer_));
    if (report.sequence != received_ + 1) {
        return make_error(ControlError::BadRequest,
                          "packets are numbered from 1 without a gap: this one has to be " +
                              std::to_string(received_ + 1) + ", not " +
                              std::to_string(report.sequence));
    }
    ++received_;
    // Before what is said settles: that may happen at once, when no stick is there.
    waiting_.push_back({scheduler_.said(), InputProgress{UINT64_MAX, UINT64_MAX}, false});
    for (const InputEvent& event : report.used()) {
        source_->translator.take(event.type, event.code, event.value);
    }
    waiting_.back().to = scheduler_.said();
    acknowledge_settled();
    return {};
}

Result<void> InputConnection::take_hello(std::span<const std::uint8_t> packet) {
    const InputHello hello = MINIKVM_TRY(parse_input_hello(packet));
    pointer_ = hello.pointer;
    const SourceId id = leases_.add_source(pointer_ == InputPointer::Relative ? relative_meaning
                                                                              : absolute_meaning);
    source_.emplace(id, leases_, scheduler_);
    return {};
}

bool InputConnection::settled(const Settlement& settlement) {
    const std::uint32_t before = acknowledged_;
    if (settlement.delivery != Delivery::Acknowledged) {
        for (Waiting& packet : waiting_) {
            packet.unconfirmed = packet.unconfirmed ||
                                 overlap(packet.from.edges, packet.to.edges, settlement.from.edges,
                                         settlement.to.edges) ||
                                 overlap(packet.from.moves, packet.to.moves, settlement.from.moves,
                                         settlement.to.moves);
        }
    }
    acknowledge_settled();
    return acknowledged_ != before;
}

void InputConnection::acknowledge_settled() {
    while (!waiting_.empty() && scheduler_.settled().reaches(waiting_.front().to)) {
        ++acknowledged_;
        if (waiting_.front().unconfirmed) {
            ++unconfirmed_;
            last_unconfirmed_ = acknowledged_;
        }
        waiting_.pop_front();
    }
}

void InputConnection::fill(InputState& state) const {
    state.acknowledged = acknowledged_;
    state.unconfirmed = unconfirmed_;
    state.last_unconfirmed = last_unconfirmed_;
}

void InputConnection::forget_held() {
    if (source_) {
        leases_.drop(
            source_->id, [](hid::KeyCode) {}, [](TargetKey) {});
    }
}

std::size_t InputConnection::end_lease() {
    if (!source_) {
        return 0;
    }
    std::size_t held = 0;
    leases_.drop(
        source_->id, [&](hid::KeyCode) { ++held; },
        [this](TargetKey key) { scheduler_.stroke(key, Stroke::Release); });
    leases_.remove_source(source_->id);
    source_.reset();
    return held;
}

}  // namespace minikvm
