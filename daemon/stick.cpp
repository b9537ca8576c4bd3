// SPDX-License-Identifier: MIT
// The process's stick.

#include "daemon/stick.h"

#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "daemon/generation_attributes.h"
#include "device/hidraw.h"
#include "device/usb_reset.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

// How often counters are looked at while somebody does; the first to come looks at once.
constexpr std::chrono::seconds kCountersPeriod{1};

bool any_half(const StickNodes& nodes) {
    return !nodes.capture.empty() || !nodes.hidraw.empty() || !nodes.tty.empty();
}

tl::unexpected<Error> reset_refused(const std::string& name, const Error& error) {
    if (error.code == std::errc::no_such_device) {
        return make_error(ControlError::NoDevice, name + ": nothing is plugged in there");
    }
    return make_error(ControlError::Failed, name + ": " + error.message());
}

}  // namespace

Stick::Stick(EventLoop& loop, AttributeTree& tree, DescriptorStore& store, StickOptions options,
             std::function<void()> on_change)
    : loop_(loop),
      tree_(tree),
      kept_serial_(store),
      options_(std::move(options)),
      on_change_(std::move(on_change)),
      camera_(loop, tree, store, options_.id,
              {[this] { camera_changed(); }, [this](const auto& node) { reset_device(node); }}),
      links_(options_.directory),
      replies_(loop) {
}

Stick::~Stick() {
    on_change_ = [] {};
    monitor_.reset();
    end_session();
}

Result<std::unique_ptr<Stick>> Stick::create(EventLoop& loop, AttributeTree& tree,
                                             DescriptorStore& store, StickOptions options,
                                             std::function<void()> on_change) {
    std::unique_ptr<Stick> stick(
        new Stick(loop, tree, store, std::move(options), std::move(on_change)));
    MINIKVM_TRY(stick->start());
    return stick;
}

Result<void> Stick::start() {
    tree_.publish("id", options_.id);
    counters_timer_ = MINIKVM_TRY(loop_.timer([this](auto) {
        publish_all();
        look_or_rest();
    }));
    openers_ = MINIKVM_TRY(NodeOpeners::create(loop_, [this] { on_change_(); }));
    registers_ = MINIKVM_TRY(RegisterThread::create(
        loop_, Hidraw::open, [this](const auto& snapshot) { registers_changed(snapshot); }));
    usb_port_ = MINIKVM_TRY(UsbPort::create(
        loop_, tree_,
        UsbSwitchParts{[this](SwitchPosition side, const RegisterThread::SwitchCallback& done) {
                           move_port(side, done);
                       },
                       [this](UsbPower power) {
                           return session_
                                      ? session_->set_usb_power(power)
                                      : Result<void>(errno_error(-ENODEV, "switch the USB power"));
                       }},
        options_.configuration.usb));
    sink_ = MINIKVM_TRY(StickSink::create(
        loop_, tree_, replies_, {.id = options_.id, .socket = options_.directory + "/input"},
        {[this] { sink_changed(); }, [this] { return line_works(); }}));
    configure(options_.configuration);
    take_reset("usb/reset", StickPort::UsbA);
    take_reset("extension/host/reset", StickPort::Extension);
    tree_.on_refresh([this] { publish_all(); });
    camera_.make(options_.configuration.video);
    sink_->make();
    monitor_ = MINIKVM_TRY(StickMonitor::create(
        loop_, options_.id, [this](const auto& nodes) { nodes_changed(nodes); }));
    nodes_changed(monitor_->nodes());
    return {};
}

void Stick::configure(const Configuration& configuration) {
    options_.configuration = configuration;
    tree_.publish("name", configuration.name.empty() ? options_.id : configuration.name);
    sink_->configure(configuration.input);
    usb_port_->configure(configuration.usb);
    find_generation();
    camera_.set_name(configuration.name);
}

void Stick::reset_device(const std::string& node) {
    // Where blocking is nobody's trouble: a silent device takes its time.
    registers_->run([node] { return reset_usb_device_of(node); },
                    [this](const Result<void>& reset) {
                        if (!reset) {
                            log::warning("device: {} id={}", reset.error().message(), options_.id);
                        }
                    });
}

void Stick::take_reset(const char* name, StickPort port) {
    tree_.on_set(name, [this, name, port](const auto& /*value*/, const auto& reply) {
        // Where blocking is nobody's trouble; not bounded, since the kernel's own patience is.
        registers_->run([id = options_.id, port] { return reset_plugged_device(id, port); },
                        [name, reply](const Result<void>& reset) {
                            if (reset) {
                                reply("");
                            } else {
                                reply(reset_refused(name, reset.error()));
                            }
                        });
    });
}

void Stick::take_screenshot(ScreenshotWish wish, const ControlPictureReply& reply) {
    // While nobody looked, the register was read seldom; without a signal the stick sends the last
    // picture again and again. A chip that does not answer in time is not waited for.
    const AttributeTree::Reply looked = replies_.bound(
        "screenshot",
        [this, wish, reply](const Result<std::string>&) { camera_.take_screenshot(wish, reply); });
    registers_->look([looked] { looked(std::string()); });
}

void Stick::nodes_changed(const StickNodes& nodes) {
    if (any_half(nodes) && !session_) {
        const Result<void> begun = begin_session(nodes);
        if (!begun) {
            log::error("kernel: no session: {}", begun.error().message());
        }
    } else if (any_half(nodes)) {
        session_->update(nodes);
    } else if (session_) {
        session_->update(nodes);
        end_session();
        log::info("stick unplugged: id={}", options_.id);
    }
    publish_nodes(tree_, nodes);
    usb_port_->device_changed(nodes.usb_a_device);
    publish_all();
    on_change_();
}

Result<void> Stick::begin_session(const StickNodes& nodes) {
    camera_.make(options_.configuration.video);
    const SessionParts parts{
        .loop = loop_,
        .open_serial = [this](const auto& node, UsbId id) { return open_serial(node, id); },
        .serial_gone = [this] { kept_serial_.gone(); },
        .reset_device = [this](const std::string& node) { reset_device(node); },
        .use_chip = [this](HidSink* chip) { sink_->use(chip); },
        .use_capture = [this](const std::string& node) { camera_.use(node); },
        .use_registers =
            [this](const std::string& node) {
                node.empty() ? registers_->detach() : registers_->attach(node, capture_chip());
            },
        .raise_speed = options_.configuration.serial.raise_baud};
    session_ = MINIKVM_TRY(Session::create(parts, [this] {
        publish_all();
        on_change_();
    }));
    log::info("stick plugged: id={}", options_.id);
    session_->update(nodes);
    look_or_rest();
    return {};
}

Result<SerialPort> Stick::open_serial(const std::string& node, UsbId id) {
    Result<SerialPort> port = kept_serial_.open(node, id);
    if (kept_serial_.taken_over()) {
        usb_port_->go_on();
    }
    return port;
}

void Stick::end_session() {
    if (!session_) {
        return;
    }
    past_counters_ = chip_counters();
    past_recoveries_ = recoveries();
    usb_port_->stick_gone();  // while it can still give the port its power back
    session_.reset();
    counters_timer_.disarm();
    // Now, and not when the register thread comes to it: a wedged chip may hold that up.
    publish_registers(tree_, RegisterSnapshot());
    publish_switch(tree_, SwitchView());
    publish_generation(tree_, std::nullopt);
    camera_.see(RegisterSnapshot());
}

// What is plugged in says what it is little by little: the halves' IDs, then the input chip.
void Stick::find_generation() {
    if (!session_) {
        return;
    }
    const StickNodes& nodes = session_->nodes();
    SeenChips seen;
    seen.capture = nodes.capture_id ? capture_model(*nodes.capture_id) : std::nullopt;
    seen.input = nodes.serial_id ? input_model(*nodes.serial_id) : std::nullopt;
    if (session_->chip() != nullptr && session_->chip()->information()) {
        seen.input_version = session_->chip()->information()->version;
    }
    seen.configured = generation_named(options_.configuration.generation);
    const std::optional<Generation> found = generation_of(seen);
    if (found && found != generation_) {
        generation_ = found;
        tree_.set_absent(absent_attributes(facts_of(*found)));
    }
    publish_generation(tree_, found);
}

CaptureModel Stick::capture_chip() const {
    const std::optional<UsbId> id = session_ ? session_->nodes().capture_id : std::nullopt;
    return (id ? capture_model(*id) : std::nullopt).value_or(CaptureModel::Ms2109);
}

bool Stick::line_works() const {
    return session_ && session_->serial_state() == SerialState::Working;
}

std::optional<SwitchWay> Stick::switch_way() const {
    return generation_ ? std::optional(facts_of(*generation_).switch_way) : std::nullopt;
}

void Stick::show_switch() {
    SwitchView view;
    if (session_ && switch_way() == SwitchWay::CaptureCell) {
        view = view_of(registers_->snapshot());
    } else if (session_ && switch_way() == SwitchWay::SerialCommand) {
        view = view_of(*session_);
    }
    publish_switch(tree_, view);
    usb_port_->see(view);
}

void Stick::move_port(SwitchPosition side, const RegisterThread::SwitchCallback& done) {
    if (!session_ || switch_way() != SwitchWay::SerialCommand) {
        registers_->set_switch(side, done);
        return;
    }
    const SwitchPosition other =
        side == SwitchPosition::Host ? SwitchPosition::Target : SwitchPosition::Host;
    const SwitchPosition before = session_->port_position().value_or(other);
    session_->move_port(side, [side, before, done](const Result<SwitchPosition>& position) {
        if (!position) {
            done(tl::unexpected<Error>(position.error()));
        } else if (*position != side) {
            done(make_error(ProtocolError::Refused, "move the USB switch"));
        } else {
            done(SwitchChange{before, *position});
        }
    });
}

void Stick::sleep(std::function<void()> ready) {
    log::info("this machine is going to sleep: id={}", options_.id);
    camera_.sleep();
    sink_->sleep(std::move(ready));
}

void Stick::wake() {
    log::info("this machine is awake again: id={}", options_.id);
    camera_.wake();
    sink_->wake();
}

Attachments Stick::attachments() const {
    return {.stick_plugged = session_ != nullptr,
            .viewers = camera_.status().viewers,
            .sink_openers = openers_->count(),
            .clients = sink_->clients()};
}

StickState Stick::state() const {
    if (!session_) {
        return StickState::Absent;
    }
    if (session_->nodes().capture.empty() || session_->nodes().hidraw.empty()) {
        return StickState::NoCapture;
    }
    if (!line_works() || !sink_->exists()) {
        return StickState::NoSerial;
    }
    return camera_.exists() ? StickState::Ready : StickState::NoCamera;
}

ChipCounters Stick::chip_counters() const {
    return session_ ? past_counters_ + session_->counters() : past_counters_;
}

RecoveryCounters Stick::recoveries() const {
    return session_ ? past_recoveries_ + session_->recoveries() : past_recoveries_;
}

void Stick::set_clients(std::size_t clients) {
    const bool one_came = clients > clients_;
    clients_ = clients;
    if (one_came) {
        publish_all();
    }
    look_or_rest();
}

void Stick::look_or_rest() {
    if (clients_ == 0) {
        counters_timer_.disarm();
    } else if (session_ && !counters_timer_.armed()) {
        counters_timer_.arm_after(kCountersPeriod);
    }
    const bool rests = clients_ == 0 && camera_.status().viewers == 0;
    if (std::exchange(rests_, rests) != rests) {
        registers_->rest(rests);
    }
}

void Stick::camera_changed() {
    look_or_rest();
    publish_all();
    on_change_();
}

void Stick::sink_changed() {
    sink_->publish();
    // Each key comes by here when it goes down or up, and changes nothing more than that.
    SinkUse use{sink_->nodes(), sink_->clients()};
    if (use == sink_use_) {
        return;
    }
    sink_use_ = std::move(use);
    const InputNodes& nodes = sink_use_.nodes;
    openers_->watch({nodes.keyboard, nodes.mouse, nodes.tablet});
    publish_all();
    on_change_();
}

void Stick::registers_changed(const RegisterSnapshot& snapshot) {
    if (session_) {
        publish_registers(tree_, snapshot);
        show_switch();
        camera_.see(snapshot);
        on_change_();
    }
}

void Stick::publish_all() {
    tree_.publish("state", std::string(stick_state_name(state())));
    publish_video(tree_, camera_.status());
    find_generation();
    const InputChip* const chip = line_works() ? session_->chip() : nullptr;
    const bool has_power_line = generation_ && facts_of(*generation_).power_line == Has::Yes;
    usb_port_->set_lines_open(has_power_line && session_ &&
                              session_->serial_state() != SerialState::Gone);
    if (switch_way() == SwitchWay::SerialCommand) {
        show_switch();
    }
    usb_port_->target_changed(chip != nullptr && chip->information()
                                  ? std::optional(chip->information()->target_connected)
                                  : std::nullopt);
    publish_chip(tree_, chip, session_ ? session_->speed_bd() : 0);
    publish_chip_counters(tree_, chip_counters());
    publish_recoveries(tree_, recoveries());
    tree_.publish("input/problem",
                  session_ && sink_->exists() ? session_->problem() : sink_->problem());
    sink_->publish();
    sink_->publish_counters();
    sink_->see(session_ ? session_->chip() : nullptr);
    point_links();
}

void Stick::point_links() {
    const InputNodes nodes = sink_->nodes();
    for (const auto& [name, node] :
         {std::pair<std::string, std::string>{"camera", camera_.status().free_camera},
          {"keyboard", nodes.keyboard},
          {"mouse", nodes.mouse},
          {"tablet", nodes.tablet}}) {
        const Result<void> pointed = links_.point(name, node);
        if (!pointed) {
            log::error("kernel: {}", pointed.error().message());
        }
    }
}

}  // namespace minikvm
