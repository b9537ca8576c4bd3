// SPDX-License-Identifier: MIT
// Steps over the input socket.

#include "clients/ctl/typing.h"

#include <linux/input-event-codes.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using Clock = std::chrono::steady_clock;

// Fewer than the daemon's window: what is on its way still arrives after an interruption.
constexpr std::uint32_t kOnTheWay = 4;
// A chip that was reset is found again within three seconds (docs/hardware.md 5.7, 5.6).
constexpr std::chrono::seconds kLongestOutage{10};
constexpr std::chrono::seconds kLongestLast{1};   // for what is on its way after an interruption
constexpr std::chrono::seconds kLongestLight{2};  // the daemon asks for it 0.3 s after the key

enum class Woken { Time, State, Interruption };

// Takes the state that came, if one did.
Result<Woken> wait(InputClient& client, const Interruption* interruption,
                   std::chrono::nanoseconds time) {
    std::array<pollfd, 2> wait_for = {
        pollfd{.fd = client.fd(), .events = POLLIN, .revents = 0},
        pollfd{.fd = interruption == nullptr ? -1 : interruption->fd(),
               .events = POLLIN,
               .revents = 0}};
    const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(time);
    const int ready = ::poll(wait_for.data(), wait_for.size(),
                             static_cast<int>(std::max<std::int64_t>(rounded_up.count(), 0)));
    if (ready < 0 && errno != EINTR) {
        return errno_error("wait for the stick's daemon");
    }
    if (wait_for[1].revents != 0) {
        return Woken::Interruption;
    }
    if (wait_for[0].revents == 0) {
        return Woken::Time;
    }
    MINIKVM_TRY(client.take_state());
    return Woken::State;
}

// One run over all steps.
class Run {
public:
    Run(InputClient& client, const Interruption& interruption, const std::vector<InputStep>& steps,
        const TypingOptions& options)
        : client_(client),
          interruption_(interruption),
          steps_(steps),
          options_(options),
          before_(client.sent()),
          unconfirmed_before_(client.state().unconfirmed) {}

    Result<TypingOutcome> go() {
        next_ = heard_ = present_ = Clock::now();
        while (done() < steps_.size()) {
            MINIKVM_TRY(send_what_is_due());
            const Woken woken = MINIKVM_TRY(wait(client_, &interruption_, time_to_wait()));
            if (woken == Woken::Interruption) {
                return stop();
            }
            MINIKVM_TRY(judge(woken));
            if (options_.on_step) {
                options_.on_step(done());
            }
        }
        return outcome();
    }

private:
    std::size_t done() const { return client_.state().acknowledged - before_; }
    bool may_send() const {
        return client_.sent() - before_ < steps_.size() && client_.waiting() < kOnTheWay &&
               client_.has_room();
    }

    Result<void> send_what_is_due() {
        while (may_send() && Clock::now() >= next_) {
            MINIKVM_TRY(client_.send(steps_[client_.sent() - before_]));
            next_ = std::max(next_ + options_.interval, Clock::now() - options_.interval);
        }
        return {};
    }

    std::chrono::nanoseconds time_to_wait() const {
        const std::chrono::nanoseconds silence = InputClient::kLongestSilence;
        return may_send() ? std::min(silence, next_ - Clock::now()) : silence;
    }

    Result<void> judge(Woken woken) {
        const auto now = Clock::now();
        if (woken == Woken::State) {
            heard_ = now;
        } else if (now - heard_ > InputClient::kLongestSilence) {
            return errno_error(-ETIMEDOUT, progress() + ": hear from the stick's daemon");
        }
        const InputTarget target = client_.state().target;
        if (target == InputTarget::Present) {
            present_ = now;
        } else if (target == InputTarget::Absent || now - present_ > kLongestOutage) {
            return make_error(ControlError::NoDevice, progress() + ": the target went away");
        }
        return {};
    }

    Result<TypingOutcome> stop() {
        const auto limit = Clock::now() + kLongestLast;
        while (client_.waiting() > 0 && Clock::now() < limit) {
            MINIKVM_TRY(wait(client_, nullptr, limit - Clock::now()));
        }
        TypingOutcome stopped = outcome();
        stopped.interrupted = true;
        return stopped;
    }

    TypingOutcome outcome() const {
        const std::size_t unconfirmed = client_.state().unconfirmed - unconfirmed_before_;
        return {
            .done = done(),
            .interrupted = false,
            .unconfirmed = unconfirmed,
            .last_unconfirmed = unconfirmed == 0 ? 0 : client_.state().last_unconfirmed - before_};
    }

    std::string progress() const {
        return fmt::format("after {} of {} steps", done(), steps_.size());
    }

    InputClient& client_;
    const Interruption& interruption_;
    const std::vector<InputStep>& steps_;
    const TypingOptions& options_;
    std::uint32_t before_;
    std::uint32_t unconfirmed_before_;
    Clock::time_point next_;
    Clock::time_point heard_;
    Clock::time_point present_;
};

}  // namespace

Result<TypingOutcome> type_steps(InputClient& client, const Interruption& interruption,
                                 const std::vector<InputStep>& steps,
                                 const TypingOptions& options) {
    return Run(client, interruption, steps, options).go();
}

Result<void> set_caps_lock(InputClient& client, const Interruption& interruption, bool wanted) {
    if (client.state().leds.caps == wanted) {
        return {};
    }
    InputStep press;
    add_chord(press, {KEY_CAPSLOCK});
    MINIKVM_TRY(client.send(press));
    const auto limit = Clock::now() + kLongestLight;
    // The light may be told of before the release of the key is acknowledged.
    while (client.state().leds.caps != wanted || client.waiting() > 0) {
        const auto left = limit - Clock::now();
        const Woken woken = MINIKVM_TRY(wait(client, &interruption, left));
        if (left <= Clock::duration::zero() || woken == Woken::Interruption) {
            return make_error(
                ControlError::Failed,
                fmt::format("Caps Lock is {} at the target, and pressing it changes nothing",
                            wanted ? "off" : "on"));
        }
    }
    return {};
}

ExitStatus tell_outcome(const TypingOutcome& outcome, std::size_t steps, const std::string& unit) {
    if (outcome.unconfirmed > 0) {
        print_error(
            fmt::format("{} of {} {}s may be lost or doubled, the last of them is {} {}: the "
                        "input chip was reset, or its answer was lost",
                        outcome.unconfirmed, outcome.done, unit, unit, outcome.last_unconfirmed));
    }
    if (outcome.interrupted) {
        print_error(fmt::format("stopped after {} of {} {}s", outcome.done, steps, unit));
        return ExitStatus::Failed;
    }
    return outcome.unconfirmed > 0 ? ExitStatus::NotVerified : ExitStatus::Done;
}

Result<InputClient> connect_input(const std::string& directory, const std::string& stick,
                                  InputPointer pointer) {
    const ReachableStick found = MINIKVM_TRY(find_one_stick(directory, stick));
    InputClient client =
        MINIKVM_TRY(InputClient::connect(fmt::format("{}/{}/input", directory, found.id), pointer));
    switch (client.state().target) {
        case InputTarget::Present:
            return client;
        case InputTarget::Absent:
            return make_error(
                ControlError::NoDevice,
                "the target is off, or its cable is not plugged in: nothing was sent");
        case InputTarget::Unknown:
            break;
    }
    return make_error(ControlError::NoDevice,
                      "the stick's input chip does not answer: nothing was sent");
}

void add_chord(InputStep& step, const std::vector<std::uint16_t>& codes) {
    for (const std::uint16_t code : codes) {
        step.push_back({EV_KEY, code, 1});
    }
    for (auto code = codes.rbegin(); code != codes.rend(); ++code) {
        step.push_back({EV_KEY, *code, 0});
    }
}

}  // namespace minikvm
