// SPDX-License-Identifier: MIT
// The process's stick.

#include "daemon/stick.h"

#include <utility>

#include "common/log.h"
#include "device/hidraw.h"

namespace minikvm {
namespace {

// How often counters are looked at while a stick is plugged, for watchers; a get looks at once.
constexpr std::chrono::seconds kCountersPeriod{1};

bool any_half(const StickNodes& nodes) {
    return !nodes.capture.empty() || !nodes.hidraw.empty() || !nodes.tty.empty();
}

VideoOptions video_options(const std::string& id, const VideoConfiguration& configuration) {
    VideoOptions options{.id = id};
    if (const auto format = format_named(configuration.format)) {
        options.mode.format = *format;
    }
    if (configuration.size) {
        options.mode.video.size = {static_cast<std::uint32_t>(configuration.size->width_px),
                                   static_cast<std::uint32_t>(configuration.size->height_px)};
    }
    options.mode.video.rate_hz = static_cast<std::uint32_t>(configuration.rate_hz);
    return options;
}

}  // namespace

Stick::Stick(EventLoop& loop, AttributeTree& tree, DescriptorStore& store, StickOptions options,
             std::function<void()> on_change)
    : loop_(loop),
      tree_(tree),
      kept_serial_(store),
      options_(std::move(options)),
      on_change_(std::move(on_change)),
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
        if (session_) {
            counters_timer_.arm_after(kCountersPeriod);
        }
    }));
    release_timer_ = MINIKVM_TRY(loop_.timer([this](TimePoint now) { answer_released(now); }));
    openers_ = MINIKVM_TRY(NodeOpeners::create(loop_, [this] { on_change_(); }));
    registers_ = MINIKVM_TRY(RegisterThread::create(
        loop_, Hidraw::open, [this](const auto& snapshot) { registers_changed(snapshot); }));
    usb_port_ = MINIKVM_TRY(UsbPort::create(
        loop_, tree_,
        UsbSwitchParts{[this](SwitchPosition side, RegisterThread::SwitchCallback done) {
                           registers_->set_switch(side, std::move(done));
                       },
                       [this](UsbPower power) {
                           return session_
                                      ? session_->set_usb_power(power)
                                      : Result<void>(errno_error(-ENODEV, "switch the USB power"));
                       }},
        options_.configuration.usb));
    configure(options_.configuration);
    take_sets();
    make_camera();
    make_sink();
    monitor_ = MINIKVM_TRY(StickMonitor::create(
        loop_, options_.id, [this](const auto& nodes) { nodes_changed(nodes); }));
    nodes_changed(monitor_->nodes());
    return {};
}

void Stick::configure(const Configuration& configuration) {
    options_.configuration = configuration;
    tree_.publish("name", configuration.name.empty() ? options_.id : configuration.name);
    jiggler_ = configuration.input.jiggler;
    configure_input();
    usb_port_->configure(configuration.usb);
}

void Stick::make_camera() {
    Result<std::unique_ptr<VideoBridge>> video =
        VideoBridge::create(loop_, video_options(options_.id, options_.configuration.video),
                            [this](const auto& status) { video_changed(status); });
    if (video) {
        video_ = std::move(*video);
        video_status_ = VideoStatus();
        video_status_.cameras = video_->cameras();
        return;
    }
    video_status_.error = video.error().message();
    log::error("kernel: no camera: {}", video_status_.error);
}

void Stick::make_sink() {
    Result<std::unique_ptr<InputBridge>> input = InputBridge::create(
        loop_, InputOptions{.id = options_.id, .socket = options_.directory + "/input"},
        [this] { input_changed(); });
    if (input) {
        input_ = std::move(*input);
        configure_input();
        input_changed();
        return;
    }
    input_problem_ = input.error().message();
    log::error("kernel: no virtual keyboard, mouse and tablet: {}", input_problem_);
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
    if (!video_) {
        make_camera();  // the module may have been loaded since
    }
    const SessionParts parts{
        .loop = loop_,
        .open_serial = [this](const auto& node) { return kept_serial_.open(node); },
        .serial_gone = [this] { kept_serial_.gone(); },
        .use_chip =
            [this](HidSink* sink) {
                if (input_) {
                    sink == nullptr ? input_->detach() : input_->attach(*sink);
                }
            },
        .use_capture =
            [this](const std::string& node) {
                if (video_) {
                    node.empty() ? video_->detach() : video_->attach(node);
                }
            },
        .use_registers =
            [this](const std::string& node) {
                node.empty() ? registers_->detach() : registers_->attach(node);
            },
        .raise_speed = options_.configuration.serial.raise_baud};
    session_ = MINIKVM_TRY(Session::create(parts, [this] {
        publish_all();
        on_change_();
    }));
    log::info("stick plugged: id={}", options_.id);
    session_->update(nodes);
    counters_timer_.arm_after(kCountersPeriod);
    return {};
}

void Stick::end_session() {
    if (!session_) {
        return;
    }
    past_counters_ = chip_counters();
    usb_port_->stick_gone();  // while it can still give the port its power back
    session_.reset();
    counters_timer_.disarm();
    // Now, and not when the register thread comes to it: a wedged chip may hold that up.
    publish_registers(tree_, RegisterSnapshot());
}

Attachments Stick::attachments() const {
    return {.stick_plugged = session_ != nullptr,
            .viewers = video_status_.viewers,
            .sink_openers = openers_->count(),
            .clients = input_ ? input_->clients() : 0};
}

StickState Stick::state() const {
    if (!session_) {
        return StickState::Absent;
    }
    if (session_->nodes().capture.empty() || session_->nodes().hidraw.empty()) {
        return StickState::NoCapture;
    }
    if (session_->serial_state() != SerialState::Working || !input_) {
        return StickState::NoSerial;
    }
    return video_ ? StickState::Ready : StickState::NoCamera;
}

Ch9329Counters Stick::chip_counters() const {
    return session_ ? past_counters_ + session_->counters() : past_counters_;
}

void Stick::video_changed(const VideoStatus& status) {
    video_status_ = status;
    publish_all();
    on_change_();
}

void Stick::input_changed() {
    const InputNodes nodes = input_ ? input_->nodes() : InputNodes{};
    openers_->watch({nodes.keyboard, nodes.mouse, nodes.tablet});
    publish_all();
    on_change_();
}

void Stick::registers_changed(const RegisterSnapshot& snapshot) {
    if (session_) {
        publish_registers(tree_, snapshot);
        usb_port_->registers_changed(snapshot);
        on_change_();
    }
}

void Stick::publish_all() {
    tree_.publish("state", std::string(stick_state_name(state())));
    publish_video(tree_, video_status_);
    const Ch9329Chip* const chip = session_ ? session_->chip() : nullptr;
    usb_port_->set_lines_open(session_ && session_->serial_state() != SerialState::Gone);
    usb_port_->target_changed(chip != nullptr && chip->information()
                                  ? std::optional(chip->information()->target_connected)
                                  : std::nullopt);
    publish_chip(tree_, chip, session_ ? session_->speed_bd() : 0);
    publish_chip_counters(tree_, chip_counters());
    tree_.publish("input/problem", session_ && input_ ? session_->problem() : input_problem_);
    if (input_) {
        publish_sink(tree_, *input_);
        show_target();
    }
    point_links();
}

void Stick::show_target() {
    const Ch9329Chip* const chip = session_ ? session_->chip() : nullptr;
    if (chip == nullptr || !chip->information()) {
        input_->set_target(InputTarget::Unknown, {});
        return;
    }
    input_->set_target(
        chip->information()->target_connected ? InputTarget::Present : InputTarget::Absent,
        chip->information()->leds);
}

void Stick::point_links() {
    const InputNodes nodes = input_ ? input_->nodes() : InputNodes{};
    const std::string camera =
        video_status_.cameras.empty() ? std::string() : video_status_.cameras.front();
    for (const auto& [name, node] : {std::pair<std::string, std::string>{"camera", camera},
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
