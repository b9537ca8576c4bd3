// SPDX-License-Identifier: MIT
// Ch32v208Model: the keyboard chip of the Mini-KVM v2 and the KVM-GO. No I/O and no clock.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sim/serial/ch9329_model.h"
#include "sim/serial/ch9329_options.h"
#include "sim/serial/ch9329_packet.h"
#include "sim/serial/target_port.h"
#include "sim/serial/uart_line.h"
#include "sim/side.h"

namespace minikvm::sim {

/// What GET_INFO's first byte says (hardware.md 5.4).
inline constexpr std::uint8_t kKvmGoVersion = 0x01;
inline constexpr std::uint8_t kMiniKvm2Version = 0x02;

struct Ch32v208Options {
    std::uint8_t version = kMiniKvm2Version;

    // Each of these is uncertain, so each is a switch.
    bool answers_information = true;  // GET_INFO: some firmware was seen not to (5.4)
    bool is_silent = false;           // enumerated, and answers nothing at all (5.12)
    bool slide_rules = false;         // the slide's level undoes command 17 at once (4.4)
};

/// Shape:   receive() what the host sent, take_sent() what the chip has to say. advance() when
///          next_event() says so: only a fault's delay makes it wait.
///          The line has no speed. Reports are acknowledged when they are queued; those for a
///          target that is not there wait, the oldest of the mice's are forgotten.
/// Limits:  command 18, which reads a thermometer, is not there: its answer is not documented.
/// Thread:  the thread that made it.
/// Source:  hardware.md 4.4, 5.4, 5.12.
class Ch32v208Model final {
public:
    static constexpr std::size_t kKeyboardQueue = 2048;
    static constexpr std::size_t kMouseQueue = 28;

    /// A chip that has long been running, on the power of both sides. The target must outlive it.
    Ch32v208Model(const Ch32v208Options& options, TargetPort& target);

    void receive(TimePoint now, std::span<const std::uint8_t> bytes);
    std::vector<std::uint8_t> take_sent(std::size_t most);
    std::size_t sent() const { return sent_.size(); }

    void advance(TimePoint now);
    std::optional<TimePoint> next_event() const;

    /// Without power from either side it forgets everything; with power again it says so unasked.
    void set_power(TimePoint now, PowerSource source, Power power);

    /// The target has enumerated the chip: it gets what waited.
    void target_came(TimePoint now);

    Side selected() const { return selected_; }
    void on_switch(std::function<void()> callback) { switched_ = std::move(callback); }

    /// The slide of the Mini-KVM v2, the button of the KVM-GO: the firmware follows by itself.
    void set_slide(Side side);
    void press_button();

    /// Bytes towards the host that mean nothing.
    void add_noise(std::span<const std::uint8_t> bytes) {
        sent_.insert(sent_.end(), bytes.begin(), bytes.end());
    }

    void add_fault(const AnswerFault& fault) { faults_.push_back(fault); }
    void clear_faults() { faults_.clear(); }

    Ch32v208Options& options() { return options_; }
    const Ch32v208Options& options() const { return options_; }

private:
    struct Answer {
        Ch9329Status status = Ch9329Status::Done;
        std::vector<std::uint8_t> payload;  // empty for a bare error of command 17
        bool is_silent = false;
    };
    struct DelayedAnswer {
        TimePoint due;
        std::vector<std::uint8_t> bytes;
    };

    void obey(TimePoint now, const Packet& packet);
    AnswerFault* matching_fault(std::uint8_t command);
    Answer execute(TimePoint now, const Packet& packet);
    Answer information() const;
    Answer keyboard(TimePoint now, std::span<const std::uint8_t> payload);
    Answer absolute_mouse(TimePoint now, std::span<const std::uint8_t> payload);
    Answer relative_mouse(TimePoint now, std::span<const std::uint8_t> payload);
    Answer usb_switch(std::span<const std::uint8_t> payload);
    void give_keyboard(TimePoint now, const KeyboardReport& report);
    void give_mouse(TimePoint now, const HidReport& report);
    void say(TimePoint due, std::vector<std::uint8_t> bytes);
    void select(Side side);
    void start(TimePoint now);

    Ch32v208Options options_;
    TargetPort& target_;
    PacketReceiver receiver_;
    std::deque<std::uint8_t> sent_;
    std::deque<DelayedAnswer> delayed_;
    std::vector<AnswerFault> faults_;
    std::deque<KeyboardReport> waiting_keys_;
    std::deque<HidReport> waiting_mice_;
    std::optional<KeyboardReport> last_keys_;
    Side selected_ = Side::Host;
    Side slide_ = Side::Host;
    bool host_power_ = true;
    bool target_power_ = true;
    std::function<void()> switched_;
};

}  // namespace minikvm::sim
