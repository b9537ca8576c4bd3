// SPDX-License-Identifier: MIT
// Ch9329Chip: the serial-to-HID chip, one command and its answer at a time.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "common/event_loop.h"
#include "common/result.h"
#include "device/hid_sink.h"
#include "device/serial_port.h"
#include "protocol/ch9329_commands.h"
#include "protocol/ch9329_frame.h"

namespace minikvm {

/// Since the chip was created.
struct Ch9329Counters {
    std::uint64_t reports = 0;      // HID reports acknowledged
    std::uint64_t retries = 0;      // commands sent again
    std::uint64_t errors = 0;       // commands given up, or refused by the chip
    std::uint64_t resyncs = 0;      // times that the byte stream was dropped and found again
    std::uint64_t unconfirmed = 0;  // events whose acknowledgement was lost
};

struct Ch9329Options {
    std::optional<int> last_speed_bd;  // tried first
};

/// Called on the chip's thread. Each may be empty. None may destroy the chip.
struct Ch9329Callbacks {
    std::function<void(int speed_bd)> on_found;                      // it answers, at this speed
    std::function<void(const ch9329::Information&)> on_information;  // when it changed, and first
    std::function<void(const Error&)> on_lost;                       // see Errors
};

/// Shape:   create() starts looking for the chip; on_found says that it answers. The all-released
///          keyboard report is the probe at each speed, so it is the first command that the target
///          sees after a replug. From then on it is a HidSink; GET_INFO fills the idle time.
///
///              Probing --answer--> Ready --command--> Busy --answer--> Ready
///                 ^  \--each speed tried, 1 s over: on_lost once; tries on every 2 s
///                 |                                    |
///                 |                        no answer, tries used up: resync
///                 |                                    v
///                 +--no answer either----------- Asking (GET_INFO) --answer--> Ready
///              any --descriptor fails: on_lost--> Gone (nothing more happens)
///
///          Knowingly not here: reset, reopen, USB reset, raising the speed.
/// Units:   acknowledgement time-out: time of command and answer on the wire plus 100 ms, at most
///          the vendor's 500 ms plus the wire time.
/// Errors:  on_lost gets ProtocolError::NoReply when no speed answers (on_found may follow later),
///          or what the descriptor said, ENODEV or EIO on unplug (final).
/// Limits:  CH9329 only: a CH32V208 must not be probed at other speeds.
/// Thread:  the thread that made it.
/// Source:  docs/hardware.md 5.1, 5.6, 5.9, 5.10; decision 6 of docs/architecture.md.
class Ch9329Chip final : public HidSink {
public:
    /// `loop` and `port` must outlive the chip; nobody else reads or writes the port meanwhile.
    static Result<std::unique_ptr<Ch9329Chip>> create(EventLoop& loop, SerialPort& port,
                                                      Ch9329Options options,
                                                      Ch9329Callbacks callbacks);
    ~Ch9329Chip() override;

    bool ready() const override;
    void send(const HidReport& report) override;
    void set_listener(HidSinkListener* listener) override { listener_ = listener; }

    /// The newest GET_INFO answer; nothing before the first.
    const std::optional<ch9329::Information>& information() const { return information_; }
    const Ch9329Counters& counters() const { return counters_; }

private:
    HidSinkListener* listener_ = nullptr;
    std::optional<ch9329::Information> information_;
    Ch9329Counters counters_;
};

}  // namespace minikvm
