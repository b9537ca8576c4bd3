// SPDX-License-Identifier: MIT
// InputBridge: three sinks, a socket, their leases, and one scheduler.

#include "uinput-bridge/input_bridge.h"

#include <array>
#include <utility>
#include <vector>

#include "common/log.h"
#include "uinput-bridge/event_translator.h"
#include "uinput-bridge/input_server.h"
#include "uinput-bridge/jiggler.h"
#include "uinput-bridge/key_leases.h"
#include "uinput-bridge/latency_probe.h"
#include "uinput-bridge/lease_rule.h"
#include "uinput-bridge/report_scheduler.h"
#include "uinput-bridge/sink_device.h"

namespace minikvm {
namespace {

KeyLeases::Meaning meaning_for(SinkRole role) {
    switch (role) {
        case SinkRole::Keyboard:
            return keyboard_key;
        case SinkRole::Mouse:
            return mouse_button;
        case SinkRole::Tablet:
            break;
    }
    return tablet_button;
}

}  // namespace

/// What a bridge consists of; the devices go first, then the socket.
class InputBridge::Parts final {
public:
    Parts(EventLoop& loop, InputOptions options, std::function<void()> on_change)
        : loop_(loop), options_(std::move(options)), on_change_(std::move(on_change)) {
        scheduler_.on_settled([this](const Settlement& settlement) { settled(settlement); });
    }

    Result<void> add_source(SinkRole role);
    Result<void> listen();
    Result<void> prepare_jiggler();
    void configure(const InputBehaviour& behaviour);

    ReportScheduler& scheduler() { return scheduler_; }
    const ReportScheduler& scheduler() const { return scheduler_; }
    const KeyLeases& leases() const { return leases_; }
    std::string node(SinkRole role) const;
    InputCounters counters() const;
    void release_all();
    void set_target(InputTarget target, hid::LockLeds leds);
    std::size_t clients() const { return server_ ? server_->clients() : 0; }

private:
    struct Source {
        Source(SinkRole sink_role, SourceId source_id, KeyLeases& leases,
               ReportScheduler& scheduler)
            : role(sink_role), id(source_id), translator(source_id, leases, scheduler) {}

        SinkRole role;
        SourceId id;
        EventTranslator translator;
        LeaseRule rule;
        std::uint64_t dropped_logged = 0;
        std::uint64_t unsendable_logged = 0;
        std::unique_ptr<SinkDevice> device;
        Timer timer;
    };

    Source& source(SinkRole role) { return *sources_[static_cast<std::size_t>(role)]; }
    const Source& source(SinkRole role) const { return *sources_[static_cast<std::size_t>(role)]; }
    LeaseRule::Node contents(const Source& source) const;
    SinkCallbacks callbacks(Source& source);
    void on_drained(Source& source);
    void on_writer_closed(Source& source);
    void rearm(Source& source);
    void drop_lease(Source& source);
    std::size_t let_go(Source& source, const std::function<void(TargetKey)>& released);
    void log_losses(Source& source);
    void look_for_idleness(TimePoint now);
    void settled(const Settlement& settlement);
    void notice_change();

    EventLoop& loop_;
    InputOptions options_;
    std::function<void()> on_change_;
    KeyLeases leases_;
    ReportScheduler scheduler_;
    LatencyProbe latency_;
    std::size_t held_shown_ = 0;
    std::size_t sources_shown_ = 0;
    std::size_t clients_shown_ = 0;
    Jiggler jiggler_;
    Timer jiggle_;
    InputTarget target_ = InputTarget::Unknown;
    std::unique_ptr<InputServer> server_;
    std::array<std::unique_ptr<Source>, kSinkRoles.size()> sources_;
};

Result<void> InputBridge::Parts::add_source(SinkRole role) {
    auto& place = sources_[static_cast<std::size_t>(role)];
    place =
        std::make_unique<Source>(role, leases_.add_source(meaning_for(role)), leases_, scheduler_);
    Source& added = *place;
    added.timer = MINIKVM_TRY(loop_.timer([this, &added](TimePoint) { drop_lease(added); }));
    added.device = MINIKVM_TRY(SinkDevice::create(loop_, role, options_.id, callbacks(added)));
    return {};
}

Result<void> InputBridge::Parts::listen() {
    if (options_.socket.empty()) {
        return {};
    }
    server_ = MINIKVM_TRY(InputServer::create(loop_, leases_, scheduler_,
                                              {.path = options_.socket, .id = options_.id},
                                              [this] { notice_change(); }));
    return {};
}

Result<void> InputBridge::Parts::prepare_jiggler() {
    jiggle_ = MINIKVM_TRY(loop_.timer([this](TimePoint now) { look_for_idleness(now); }));
    return {};
}

void InputBridge::Parts::configure(const InputBehaviour& behaviour) {
    scheduler_.configure(behaviour.sideways_wheel);
    jiggler_.configure(behaviour.jiggler);
    if (jiggler_.wanted()) {
        jiggle_.arm_after(Jiggler::kLook);
    } else {
        jiggle_.disarm();
    }
}

void InputBridge::Parts::look_for_idleness(TimePoint now) {
    const auto held = leases_.held() > 0 ? Jiggler::Held::Something : Jiggler::Held::Nothing;
    const std::optional<int> step = jiggler_.look(now, scheduler_.said(), held);
    if (step && target_ == InputTarget::Present) {
        scheduler_.move_by(*step, 0);
    }
    jiggle_.arm_at(now + Jiggler::kLook);
}

void InputBridge::Parts::settled(const Settlement& settlement) {
    latency_.on_settled(settlement, Clock::now());
    if (server_) {
        server_->settled(settlement);
    }
}

void InputBridge::Parts::set_target(InputTarget target, hid::LockLeds leds) {
    target_ = target;
    source(SinkRole::Keyboard).device->show(leds);
    if (server_) {
        server_->set_target(target, leds);
    }
}

SinkCallbacks InputBridge::Parts::callbacks(Source& source) {
    return {
        [&source](const input_event& event) {
            source.translator.take(event.type, event.code, event.value);
        },
        [this, &source] { on_drained(source); },
        [this, &source] { on_writer_closed(source); },
        [this] {
            if (on_change_) {
                on_change_();
            }
        },
    };
}

LeaseRule::Node InputBridge::Parts::contents(const Source& source) const {
    return leases_.holds_anything(source.id) ? LeaseRule::Node::Holds : LeaseRule::Node::IsEmpty;
}

void InputBridge::Parts::on_drained(Source& source) {
    source.rule.on_event(loop_.now(), contents(source));
    rearm(source);
    log_losses(source);
    notice_change();
}

void InputBridge::Parts::on_writer_closed(Source& source) {
    // It may have died in the middle of a packet, whose keys the kernel holds down already.
    source.translator.take(EV_SYN, SYN_REPORT, 0);
    notice_change();
    source.rule.on_writer_closed(contents(source));
    rearm(source);
}

void InputBridge::Parts::rearm(Source& source) {
    if (const std::optional<TimePoint> deadline = source.rule.deadline()) {
        source.timer.arm_at(*deadline);
    } else {
        source.timer.disarm();
    }
}

void InputBridge::Parts::drop_lease(Source& source) {
    source.rule.on_dropped();
    const std::size_t count =
        let_go(source, [this](TargetKey key) { scheduler_.stroke(key, Stroke::Release); });
    log::info("client: left keys pressed when it closed the sink, released id={} sink={} keys={}",
              options_.id, role_name(source.role), count);
    notice_change();
}

std::size_t InputBridge::Parts::let_go(Source& source,
                                       const std::function<void(TargetKey)>& released) {
    std::vector<hid::KeyCode> codes;
    leases_.drop(
        source.id, [&](hid::KeyCode code) { codes.push_back(code); }, released);
    if (!codes.empty()) {
        source.device->release(codes);
    }
    return codes.size();
}

void InputBridge::Parts::release_all() {
    for (const auto& source : sources_) {
        source->rule.on_dropped();
        source->timer.disarm();
        let_go(*source, [](TargetKey) {});
    }
    if (server_) {
        server_->forget_held();
    }
    scheduler_.release_all();
    notice_change();
}

// Counted, never named: what is typed stays out of the log.
void InputBridge::Parts::log_losses(Source& source) {
    if (source.translator.unsendable() > 0 && source.unsendable_logged == 0) {
        source.unsendable_logged = source.translator.unsendable();
        log::warning(
            "client: pressed what the chip cannot send, which is only counted from now on "
            "id={} sink={}",
            options_.id, role_name(source.role));
    }
    if (source.device->dropped() > 0 && source.dropped_logged == 0) {
        source.dropped_logged = source.device->dropped();
        log::warning(
            "client: wrote faster than the sink is read, so that events were lost, which "
            "is only counted from now on id={} sink={}",
            options_.id, role_name(source.role));
    }
}

void InputBridge::Parts::notice_change() {
    latency_.look(scheduler_.said(), scheduler_.settled(), loop_.now());
    const bool changed = leases_.held() != held_shown_ || leases_.sources() != sources_shown_ ||
                         clients() != clients_shown_;
    held_shown_ = leases_.held();
    sources_shown_ = leases_.sources();
    clients_shown_ = clients();
    if (changed && on_change_) {
        on_change_();
    }
}

std::string InputBridge::Parts::node(SinkRole role) const {
    const SinkDevice& device = *source(role).device;
    return device.ready() ? device.node() : std::string();
}

InputCounters InputBridge::Parts::counters() const {
    InputCounters counters{.merged_moves = scheduler_.merged_moves(),
                           .unsendable = server_ ? server_->unsendable() : 0,
                           .dropped = scheduler_.overflowed(),
                           .latency = latency_.percentiles()};
    for (const auto& source : sources_) {
        counters.unsendable += source->translator.unsendable();
        counters.dropped += source->device->dropped();
    }
    return counters;
}

InputBridge::InputBridge(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
}

InputBridge::~InputBridge() = default;

Result<std::unique_ptr<InputBridge>> InputBridge::create(EventLoop& loop, InputOptions options,
                                                         std::function<void()> on_change) {
    auto parts = std::make_unique<Parts>(loop, std::move(options), std::move(on_change));
    for (const SinkRole role : kSinkRoles) {
        MINIKVM_TRY(parts->add_source(role));
    }
    MINIKVM_TRY(parts->listen());
    MINIKVM_TRY(parts->prepare_jiggler());
    return std::unique_ptr<InputBridge>(new InputBridge(std::move(parts)));
}

void InputBridge::attach(HidSink& sink) {
    parts_->scheduler().attach(sink);
}

void InputBridge::detach() {
    parts_->scheduler().detach();
}

void InputBridge::configure(const InputBehaviour& behaviour) {
    parts_->configure(behaviour);
}

bool InputBridge::idle() const {
    return parts_->scheduler().idle();
}

std::size_t InputBridge::held() const {
    return parts_->leases().held();
}

std::size_t InputBridge::sources() const {
    return parts_->leases().sources();
}

std::size_t InputBridge::clients() const {
    return parts_->clients();
}

InputNodes InputBridge::nodes() const {
    return {parts_->node(SinkRole::Keyboard), parts_->node(SinkRole::Mouse),
            parts_->node(SinkRole::Tablet)};
}

InputCounters InputBridge::counters() const {
    return parts_->counters();
}

void InputBridge::release_all() {
    parts_->release_all();
}

void InputBridge::set_target(InputTarget target, hid::LockLeds leds) {
    parts_->set_target(target, leds);
}

}  // namespace minikvm
