// SPDX-License-Identifier: MIT
// StickSink: the input bridge as the stick's parts need it.

#include "daemon/stick_sink.h"

#include <utility>

#include "common/log.h"
#include "daemon/jiggler_value.h"
#include "daemon/stick_attributes.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr log::MessageId kNoSink{"ba18727e9cfb409bb1e6c5d03125e1be"};

// A command and its answer take about 3 ms; the bridge tells nobody when the line is idle.
constexpr std::chrono::milliseconds kReleaseLook{5};

}  // namespace

Result<std::unique_ptr<StickSink>> StickSink::create(EventLoop& loop, AttributeTree& tree,
                                                     ReplyDeadline& replies, InputOptions options,
                                                     Callbacks callbacks) {
    std::unique_ptr<StickSink> sink(
        new StickSink(loop, tree, replies, std::move(options), std::move(callbacks)));
    sink->release_timer_ =
        MINIKVM_TRY(loop.timer([raw = sink.get()](TimePoint now) { raw->answer_released(now); }));
    sink->take_sets();
    return sink;
}

StickSink::StickSink(EventLoop& loop, AttributeTree& tree, ReplyDeadline& replies,
                     InputOptions options, Callbacks callbacks)
    : loop_(loop),
      tree_(tree),
      replies_(replies),
      options_(std::move(options)),
      callbacks_(std::move(callbacks)) {
}

StickSink::~StickSink() = default;

void StickSink::make() {
    Result<std::unique_ptr<InputBridge>> bridge =
        InputBridge::create(loop_, options_, [this] { callbacks_.on_change(); });
    if (!bridge) {
        problem_ = bridge.error().message();
        log::error(kNoSink, "kernel: no virtual keyboard, mouse and tablet: {}", problem_);
        return;
    }
    bridge_ = std::move(*bridge);
    apply();
    callbacks_.on_change();
}

void StickSink::configure(const InputConfiguration& configuration) {
    configuration_ = configuration;
    jiggler_ = configuration.jiggler;
    apply();
}

void StickSink::apply() {
    tree_.publish("input/jiggler", jiggler_text(jiggler_));
    if (bridge_) {
        const bool with_shift = configuration_.horizontal_wheel == HorizontalWheel::ShiftAndWheel;
        bridge_->configure(
            {.sideways_wheel = with_shift ? SidewaysWheel::ShiftAndWheel : SidewaysWheel::Off,
             .jiggler = jiggler_});
    }
}

void StickSink::use(HidSink* chip) {
    chip_ = chip;
    lend();
}

void StickSink::lend() {
    if (!bridge_) {
        return;
    }
    if (chip_ != nullptr && !asleep_) {
        bridge_->attach(*chip_);
    } else {
        bridge_->detach();
    }
}

void StickSink::publish() {
    if (bridge_) {
        publish_sink(tree_, *bridge_);
    }
}

void StickSink::publish_counters() {
    if (bridge_) {
        publish_sink_counters(tree_, bridge_->counters());
    }
}

void StickSink::see(const InputChip* chip) {
    if (!bridge_) {
        return;
    }
    if (chip == nullptr || !chip->information()) {
        bridge_->set_target(InputTarget::Unknown, {});
        return;
    }
    bridge_->set_target(
        chip->information()->target_connected ? InputTarget::Present : InputTarget::Absent,
        chip->information()->leds);
}

void StickSink::sleep(std::function<void()> ready) {
    asleep_ = true;
    release([this, ready = std::move(ready)] {
        // It may be awake again, after a chip that took its time.
        if (asleep_) {
            lend();
        }
        ready();
    });
}

void StickSink::wake() {
    asleep_ = false;
    lend();
}

void StickSink::release(std::function<void()> done) {
    if (bridge_) {
        bridge_->release_all();
    }
    wait_for_release_.push_back(std::move(done));
    release_deadline_ = loop_.now() + kLongestRelease;
    answer_released(loop_.now());
}

bool StickSink::released() const {
    return !bridge_ || !callbacks_.line_works() || bridge_->idle();
}

void StickSink::answer_released(TimePoint now) {
    if (!released() && now < release_deadline_) {
        release_timer_.arm_at(now + kReleaseLook);
        return;
    }
    for (const auto& done : std::exchange(wait_for_release_, {})) {
        done();
    }
}

void StickSink::take_sets() {
    tree_.on_set("input/release_all", [this](const auto& /*value*/, const auto& reply) {
        set_release_all(replies_.bound("input/release_all", reply));
    });
    tree_.on_set("input/jiggler", [this](const std::string& value, const auto& reply) {
        set_jiggler(value, reply);
    });
}

void StickSink::set_release_all(const AttributeTree::Reply& reply) {
    if (!bridge_ || !callbacks_.line_works()) {
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

void StickSink::set_jiggler(const std::string& value, const AttributeTree::Reply& reply) {
    const Result<std::optional<std::chrono::seconds>> idleness = parse_jiggler(value);
    if (!idleness) {
        reply(tl::unexpected<Error>(idleness.error()));
        return;
    }
    jiggler_ = *idleness;
    apply();
    reply(jiggler_text(jiggler_));
}

}  // namespace minikvm
