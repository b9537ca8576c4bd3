// SPDX-License-Identifier: MIT
// The forwarder's parts, put together.

#include "clients/forward/forwarder.h"

#include <signal.h>
#include <systemd/sd-daemon.h>

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clients/forward/forward_attributes.h"
#include "clients/forward/known_sticks.h"
#include "common/log.h"
#include "configuration/configuration.h"
#include "configuration/configuration_files.h"
#include "control/attribute_text.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

constexpr std::string_view kHost = "host";
constexpr std::string_view kNext = "next";
constexpr std::string_view kOff = "off";
constexpr int kLongestTrialSeconds = 3600;

void notify(const std::string& state) {
    // Without a service manager there is nobody to tell.
    static_cast<void>(sd_notify(0, state.c_str()));
}

Chord chord_of(const std::vector<std::uint16_t>& codes) {
    return {codes.begin(), codes.end()};
}

ForwardChords chords_of(const Settings& settings) {
    const ForwardConfiguration machine = configuration_of(settings, "").forward;
    ForwardChords chords{.hotkey = chord_of(machine.hotkey),
                         .panic = chord_of(machine.panic),
                         .sticks = {},
                         .propagate_hotkey = machine.propagate_hotkey};
    for (const std::string& id : settings.stick_ids()) {
        chords.sticks[id] = chord_of(configuration_of(settings, id).forward.stick_hotkey);
    }
    return chords;
}

std::optional<std::chrono::seconds> trial_of(std::string_view text) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool good = error == std::errc() && end == text.data() + text.size() && seconds > 0 &&
                      seconds <= kLongestTrialSeconds;
    return good ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

}  // namespace

Forwarder::Forwarder(ForwarderOptions options)
    : options_(std::move(options)), tree_(forward_attributes()), machine_(*this) {
}

// The devices' and the link's callbacks end before what they call.
Forwarder::~Forwarder() {
    link_.reset();
    parting_.clear();
    devices_.reset();
}

Result<std::unique_ptr<Forwarder>> Forwarder::create(ForwarderOptions options) {
    std::unique_ptr<Forwarder> forwarder(new Forwarder(std::move(options)));
    MINIKVM_TRY(forwarder->start());
    return forwarder;
}

Result<void> Forwarder::start() {
    loop_ = MINIKVM_TRY(EventLoop::create());
    terminate_watch_ = MINIKVM_TRY(loop_->on_signal(SIGTERM, [this] { stop(); }));
    interrupt_watch_ = MINIKVM_TRY(loop_->on_signal(SIGINT, [this] { stop(); }));
    reload_watch_ = MINIKVM_TRY(loop_->on_signal(SIGHUP, [this] { reload(); }));
    trial_timer_ = MINIKVM_TRY(loop_->timer([this](TimePoint now) {
        machine_.tick(now);
        after_step();
    }));
    server_ = MINIKVM_TRY(ControlServer::create(*loop_, tree_, options_.socket_path, [] {}));
    tree_.on_change([this](auto name, auto value) { server_->attribute_changed(name, value); });
    tree_.on_refresh([this] { tree_.publish("reports", std::to_string(reports_)); });
    tree_.on_set("target",
                 [this](const auto& value, const auto& reply) { set_target(value, reply); });
    tree_.on_set("trial_s",
                 [this](const auto& value, const auto& reply) { set_trial(value, reply); });
    devices_ = MINIKVM_TRY(LocalDevices::create(
        *loop_, {.on_key = [this](DeviceId device, std::uint16_t code,
                                  bool down) { return machine_.key(device, code, down); },
                 .on_report = [this](const LocalReport& report) { on_report(report); },
                 .on_gone = [this](DeviceId device) { on_device_gone(device); },
                 .on_change = [this] { publish(); }}));
    return {};
}

Result<void> Forwarder::run() {
    configure();
    publish();
    MINIKVM_TRY(loop_->feed_service_watchdog());
    notify("READY=1");
    return loop_->run();
}

void Forwarder::configure() {
    ReadSettings read = read_configuration(options_.configuration_path).read;
    for (const Complaint& complaint : read.complaints) {
        log::warning("client: {}", complaint.message());
    }
    settings_ = std::move(read.settings);
    const Configuration values = configuration_of(settings_, "");
    log::set_threshold(values.log_level);
    machine_.set_chords(chords_of(settings_));
    devices_->set_rules({.devices = values.forward.devices, .ignore = values.forward.ignore});
}

void Forwarder::reload() {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
    configure();
    after_step();
    log::info("reloaded");
    notify("READY=1");
}

void Forwarder::stop() {
    if (std::exchange(stopping_, true)) {
        return;
    }
    notify("STOPPING=1");
    machine_.come_back(GivenBack::Stopping);
    after_step();
    if (parting_.empty()) {
        loop_->stop();
    }
}

std::vector<std::string> Forwarder::sticks() {
    std::vector<std::string> ids = stick_ids_in(options_.sticks_directory);
    problem_ = ids.empty() ? "no stick is plugged in" : "";
    return ids;
}

void Forwarder::connect(const std::string& stick) {
    disconnect();
    problem_.clear();
    Result<std::unique_ptr<StickLink>> link =
        StickLink::open(*loop_, fmt::format("{}/{}/input", options_.sticks_directory, stick),
                        {.on_state = [this] { on_state(); },
                         .on_lost = [this](const Error& error) { on_lost(error); }});
    if (link) {
        link_ = std::move(*link);
        return;
    }
    // Not from inside the machine.
    loop_->post([this, stick, error = link.error()] {
        if (machine_.stick() == stick && !link_) {
            on_lost(error);
        }
    });
}

// What was typed before arrives, and in the end nothing is held.
void Forwarder::disconnect() {
    shown_.reset();
    if (!link_) {
        return;
    }
    const auto parting = parting_.insert(parting_.end(), std::move(link_));
    (*parting)->finish([this, parting] {
        parting_.erase(parting);
        if (stopping_ && parting_.empty()) {
            loop_->stop();
        }
    });
}

bool Forwarder::grab() {
    const Result<bool> grabbed = devices_->grab();
    if (!grabbed) {
        // Not from inside the machine.
        loop_->post([this, why = grabbed.error().message()] { lose(GivenBack::NoDevice, why); });
        return false;
    }
    return *grabbed;
}

void Forwarder::give_back() {
    devices_->give_back();
}

void Forwarder::on_report(const LocalReport& report) {
    if (machine_.forwards() && report.taken && !report.events.empty()) {
        ++reports_;
        // Which may lose the link, and so change the machine's mind.
        link_->push(report.pointer, report.events);
    }
    machine_.settle(loop_->now());
    after_step();
}

void Forwarder::on_device_gone(DeviceId device) {
    machine_.device_gone(device, loop_->now());
    if (!devices_->any_grabbed()) {
        machine_.devices_gone();
    }
    after_step();
}

void Forwarder::on_state() {
    if (link_->state().target == InputTarget::Unknown) {
        lose(GivenBack::StickGone, "the stick is not there, or its input chip does not answer");
        return;
    }
    machine_.connected(loop_->now());
    after_step();
}

void Forwarder::on_lost(const Error& error) {
    lose(error.code == std::errc::timed_out ? GivenBack::Silent : GivenBack::StickGone,
         error.code.category() == control_category() ? error.context : error.message());
}

void Forwarder::lose(GivenBack reason, std::string problem) {
    problem_ = std::move(problem);
    machine_.lost(reason);
    after_step();
}

// What follows from where the machine is now.
void Forwarder::after_step() {
    if (machine_.deadline()) {
        trial_timer_.arm_at(*machine_.deadline());
    } else {
        trial_timer_.disarm();
    }
    if (machine_.holds() &&
        devices_->grab_rest([this](DeviceId id) { return machine_.held().none_of(id); })) {
        shown_.reset();
    }
    if (machine_.forwards() && link_ && shown_ != link_->state().leds) {
        shown_ = link_->state().leds;
        devices_->show(*shown_);
    }
    if (told_state_ != machine_.state() || told_stick_ != machine_.stick() ||
        told_problem_ != problem_) {
        publish();
    }
}

void Forwarder::publish() {
    const ForwardState state = machine_.state();
    if (state == ForwardState::Grabbed && told_state_ != state) {
        log::info("keyboard and mouse go to the stick: id={}", machine_.stick());
    } else if (state == ForwardState::Host && told_state_ != state) {
        log::info("keyboard and mouse are this machine's: reason={}",
                  given_back_name(machine_.given_back()));
    }
    told_state_ = state;
    told_stick_ = machine_.stick();
    told_problem_ = problem_;
    tree_.publish("devices", devices_->nodes());
    tree_.publish("grabbed", devices_->grabbed_nodes());
    tree_.publish("given_back", std::string(given_back_name(machine_.given_back())));
    tree_.publish("problem", problem_);
    tree_.publish("reports", std::to_string(reports_));
    tree_.publish("target", told_stick_.empty() ? std::string(kHost) : told_stick_);
    tree_.publish("trial_s",
                  next_trial_ ? std::to_string(next_trial_->count()) : std::string(kOff));
    // Last, for those who wait for it and then read the others.
    tree_.publish("state", std::string(forward_state_name(state)));
    notify(fmt::format("STATUS={}",
                       told_stick_.empty()
                           ? "keyboard and mouse are this machine's"
                           : fmt::format("{} {}", forward_state_name(state), told_stick_)));
}

void Forwarder::set_target(const std::string& value, const AttributeTree::Reply& reply) {
    const std::vector<std::string> ids = sticks();
    const std::optional<std::chrono::seconds> trial = std::exchange(next_trial_, std::nullopt);
    if (value == kHost) {
        machine_.come_back(GivenBack::Client);
    } else if (value == kNext) {
        machine_.go_to_next(trial, loop_->now());
    } else if (const auto stick = find_stick(ids, settings_, value)) {
        machine_.go_to(*stick, trial, loop_->now());
    } else {
        publish();
        reply(
            make_error(ControlError::BadValue, fmt::format("target: {} is not one of: host next {}",
                                                           in_quotes(value), fmt::join(ids, " "))));
        return;
    }
    after_step();
    publish();
    reply(tree_.get("target"));
}

void Forwarder::set_trial(const std::string& value, const AttributeTree::Reply& reply) {
    const std::optional<std::chrono::seconds> trial = trial_of(value);
    if (!trial && value != kOff) {
        reply(make_error(ControlError::BadValue,
                         fmt::format("trial_s: {} is not off, nor a number of seconds, 1 to {}",
                                     in_quotes(value), kLongestTrialSeconds)));
        return;
    }
    next_trial_ = trial;
    publish();
    reply(value);
}

}  // namespace minikvm
