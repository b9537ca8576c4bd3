// SPDX-License-Identifier: MIT
// InputConnection: one client of the input socket as a source of input, without a socket.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>

#include "common/result.h"
#include "protocol/input_packet.h"
#include "uinput-bridge/event_translator.h"
#include "uinput-bridge/key_leases.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {

/// Shape:   receive() each packet while wants_packet(); settled() what the scheduler tells; send
///          state() when it is another one. end_lease() before destruction.
///
///              AwaitsHello --hello--> Open --(a bad packet)--> to be closed by the owner
///
/// Errors:  receive: ControlError::BadRequest, with the sentence for the client. Nothing of that
///          packet has happened then; the connection is to be closed.
/// Limits:  kWindow packets are taken in that are not done with yet.
/// Thread:  the thread that made it.
/// Source:  docs/input-socket.md.
class InputConnection final {
public:
    /// At 115200 about 30 ms of key strokes, which is what a client that dies may have on its way.
    static constexpr std::uint16_t kWindow = 16;

    /// `leases` and `scheduler` must outlive the connection.
    InputConnection(KeyLeases& leases, ReportScheduler& scheduler)
        : leases_(leases), scheduler_(scheduler) {}
    InputConnection(const InputConnection&) = delete;
    InputConnection& operator=(const InputConnection&) = delete;
    ~InputConnection() = default;

    Result<void> receive(std::span<const std::uint8_t> packet);

    bool open() const { return source_.has_value(); }
    bool wants_packet() const { return waiting_.size() < kWindow; }

    /// Whether more packets are done with now, or more of them unconfirmed.
    bool settled(const Settlement& settlement);

    /// Acknowledgements in `state`; the rest of it is left as it is.
    void fill(InputState& state) const;

    std::uint64_t unsendable() const { return source_ ? source_->translator.unsendable() : 0; }

    /// What it held counts as released; the caller sees to it that it is.
    void forget_held();

    /// Releases at the target what only this source held; how many keys it held.
    std::size_t end_lease();

private:
    struct Source {
        Source(SourceId source_id, KeyLeases& leases, ReportScheduler& scheduler)
            : id(source_id), translator(source_id, leases, scheduler) {}

        SourceId id;
        EventTranslator translator;
    };
    // A packet that is not done with.
    struct Waiting {
        InputProgress from;
        InputProgress to;
        bool unconfirmed = false;
    };

    Result<void> take_hello(std::span<const std::uint8_t> packet);
    void acknowledge_settled();

    KeyLeases& leases_;
    ReportScheduler& scheduler_;
    std::optional<Source> source_;
    InputPointer pointer_ = InputPointer::Relative;
    std::deque<Waiting> waiting_;
    std::uint32_t received_ = 0;
    std::uint32_t acknowledged_ = 0;
    std::uint32_t unconfirmed_ = 0;
    std::uint32_t last_unconfirmed_ = 0;
};

}  // namespace minikvm
