// SPDX-License-Identifier: MIT
// What clients can set, carried out by the stick's parts.

#include <utility>

#include "daemon/jiggler_value.h"
#include "daemon/stick.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

// A command and its answer take about 3 ms; the bridge tells nobody when the line is idle.
constexpr std::chrono::milliseconds kReleaseLook{5};

}  // namespace

void Stick::take_sets() {
    tree_.on_set("input/release_all", [this](const auto& /*value*/, const auto& reply) {
        set_release_all(replies_.bound("input/release_all", reply));
    });
    tree_.on_set("input/jiggler", [this](const std::string& value, const auto& reply) {
        set_jiggler(value, reply);
    });
    take_video_sets();
    tree_.on_refresh([this] { publish_all(); });
}

void Stick::set_release_all(const AttributeTree::Reply& reply) {
    if (!input_ || !session_ || session_->serial_state() != SerialState::Working) {
        reply(make_error(ControlError::NoDevice,
                         "input/release_all: the input chip does not answer; it releases all keys "
                         "as soon as it does"));
        return;
    }
    release([this, reply] {
        if (released()) {
            reply("");
        } else {
            reply(make_error(ControlError::Failed,
                             "input/release_all: the input chip has not confirmed it"));
        }
    });
}

void Stick::set_jiggler(const std::string& value, const AttributeTree::Reply& reply) {
    const Result<std::optional<std::chrono::seconds>> idleness = parse_jiggler(value);
    if (!idleness) {
        reply(tl::unexpected<Error>(idleness.error()));
        return;
    }
    jiggler_ = *idleness;
    configure_input();
    reply(jiggler_text(jiggler_));
}

void Stick::configure_input() {
    tree_.publish("input/jiggler", jiggler_text(jiggler_));
    if (input_) {
        const bool with_shift =
            options_.configuration.input.horizontal_wheel == HorizontalWheel::ShiftAndWheel;
        input_->configure(
            {.sideways_wheel = with_shift ? SidewaysWheel::ShiftAndWheel : SidewaysWheel::Off,
             .jiggler = jiggler_});
    }
}

void Stick::answer_released(TimePoint now) {
    if (!released() && now < release_deadline_) {
        release_timer_.arm_at(now + kReleaseLook);
        return;
    }
    for (const auto& done : std::exchange(wait_for_release_, {})) {
        done();
    }
}

void Stick::release(std::function<void()> done) {
    if (input_) {
        input_->release_all();
    }
    wait_for_release_.push_back(std::move(done));
    release_deadline_ = loop_.now() + kLongestRelease;
    answer_released(loop_.now());
}

bool Stick::released() const {
    const bool line_lives = session_ && session_->serial_state() == SerialState::Working;
    return !input_ || !line_lives || input_->idle();
}

}  // namespace minikvm
