// SPDX-License-Identifier: MIT
// Ch9329Model: the keyboard chip as a state machine over time. No I/O and no clock.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/serial/ch9329_commands.h"
#include "sim/serial/ch9329_options.h"
#include "sim/serial/ch9329_packet.h"
#include "sim/serial/ch9329_settings.h"
#include "sim/serial/def_pin.h"
#include "sim/serial/target_port.h"
#include "sim/serial/uart_line.h"

namespace minikvm::sim {

// 696 to 747 ms were measured until it answers again (hardware.md 5.11).
inline constexpr std::chrono::milliseconds kBootTime{700};

enum class PowerSource { Host, Target };
enum class Power { Off, On };

/// Whether a receiver at `receiver_bd` understands a sender at `sender_bd` (hardware.md 5.1).
bool speeds_agree(unsigned receiver_bd, unsigned sender_bd);

/// Shape:   every call first lets happen what is due until its `now`. advance() when next_event()
///          says so. receive() a byte of the line to the chip when it has ended; take_sent()
///          gives those of the line back.
/// Limits:  `now` never goes back. A byte at a speed more than 2 % off the chip's is not heard.
/// Thread:  the thread that made it.
/// Source:  hardware.md section 5.
class Ch9329Model final {
public:
    /// A chip that has long been running, on the power of both sides. The target must outlive it.
    Ch9329Model(const Ch9329Options& options, TargetPort& target);

    void receive(const LineByte& byte);
    std::optional<LineByte> take_sent(TimePoint now);

    void set_def(TimePoint now, DefLevel level);

    /// Resets it with the settings of its factory, 9600 Bd among them.
    void restore_factory(TimePoint now);

    /// Without power from either side it forgets everything but its settings.
    void set_power(TimePoint now, PowerSource source, Power power);

    void advance(TimePoint now);
    std::optional<TimePoint> next_event() const;

    /// As next_event(), without the ends of the bytes it sends.
    std::optional<TimePoint> next_internal_event() const;
    const UartLine& sent() const { return sent_; }

    void add_fault(const AnswerFault& fault) { faults_.push_back(fault); }
    void clear_faults() { faults_.clear(); }

    /// Until its next reset it does and answers nothing; what is held stays held.
    void wedge() { wedged_ = true; }
    void free() { wedged_ = false; }

    /// The one thing the chip says unasked: a custom HID report of the target (command 87).
    void send_custom_hid(TimePoint now, std::span<const std::uint8_t> report);

    Ch9329Options& options() { return options_; }
    const Ch9329Settings& active() const { return active_; }
    const Ch9329Settings& stored() const { return stored_; }
    bool answers() const { return state_ == State::Running; }
    std::size_t lost_commands() const { return lost_commands_; }
    std::size_t unheard_bytes() const { return unheard_bytes_; }

private:
    //            both sources off           one source on
    //   Running ------------------> Off -------------------> Booting
    //    ^   |                       ^                         |  ^ |
    //    |   |                       +--- both sources off ----+  +-+ reset
    //    |   +--- RESET answered, DEF low 50 ms, factory reset ---> Booting
    //    +-------------------------- 700 ms ---------------------- Booting
    enum class State { Off, Booting, Running };

    //   Idle -> Executing (command_time) -> Answering (at once, or a fault's delay)
    //     ^                                     |
    //     +---------- Sending (the answer) <----+      Sending -> reset, after RESET
    enum class Step { Idle, Executing, Answering, Sending };

    void hear(Reception reception);
    void begin(Reception reception);
    void finish_step();
    void execute_current();
    bool answers_to(Ch9329Status reception_error) const;
    AnswerFault* matching_fault(std::uint8_t command);
    void apply_fault(const Packet& packet);
    void send_answer();
    void end_command();

    bool powered() const { return host_power_ || target_power_; }
    void stop();
    void reset();
    void boot();
    void obey(DefPin::Effect effect);
    void run_due();

    Ch9329Options options_;
    TargetPort& target_;
    Ch9329Settings stored_;
    Ch9329Settings active_;
    State state_ = State::Running;
    TimePoint now_{};
    TimePoint boot_ends_{};
    bool host_power_ = true;
    bool target_power_ = true;

    PacketReceiver receiver_;
    UartLine sent_;
    Step step_ = Step::Idle;
    TimePoint step_ends_{};
    Reception current_;
    Outcome outcome_;
    unsigned answer_copies_ = 1;
    std::deque<Reception> waiting_;
    std::vector<AnswerFault> faults_;
    bool wedged_ = false;

    DefPin def_;
    std::size_t lost_commands_ = 0;
    std::size_t unheard_bytes_ = 0;
};

}  // namespace minikvm::sim
