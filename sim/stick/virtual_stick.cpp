// SPDX-License-Identifier: MIT
// The board's wires between the virtual chips.

#include "sim/stick/virtual_stick.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "sim/stick/memory_stick.h"
#include "sim/stick/serial_adapter.h"

namespace minikvm::sim {
namespace {

// How long the next device waits for one that the host does not configure. The hub's own driver
// takes about 0.2 s a device.
constexpr std::chrono::seconds kAdmissionTime{3};

const char* yes_no(bool value) {
    return value ? "yes" : "no";
}

Result<std::unique_ptr<UsbDevice>> make_usb_a_device(const StickOptions& options) {
    if (!options.memory_stick.empty()) {
        return std::make_unique<MemoryStick>(MINIKVM_TRY(ScsiDisk::open(options.memory_stick)));
    }
    return std::make_unique<PlainDevice>(options.generation == Generation::KvmGo
                                             ? PlainDeviceName::CardReader
                                             : PlainDeviceName::UsbA);
}

std::unique_ptr<UsbDevice> make_extension_device(ExtensionDevice kind) {
    if (kind == ExtensionDevice::SerialAdapter) {
        return std::make_unique<SerialAdapter>();
    }
    return std::make_unique<PlainDevice>(PlainDeviceName::Extension);
}

Plugged plugged_if(bool condition) {
    return condition ? Plugged::Yes : Plugged::No;
}

}  // namespace

Result<std::unique_ptr<VirtualStick>> VirtualStick::create(EventLoop& loop,
                                                           const StickOptions& options) {
    auto controller = MINIKVM_TRY(VhciController::open(options.number));
    std::unique_ptr<VirtualStick> stick(new VirtualStick(loop, options, std::move(controller)));
    MINIKVM_TRY(stick->make_parts());
    MINIKVM_TRY(stick->make_ports());
    stick->set_input(options.input);
    stick->set_signal(options.signal ? HdmiSignal::Present : HdmiSignal::Absent);
    return stick;
}

VirtualStick::VirtualStick(EventLoop& loop, const StickOptions& options, VhciController controller)
    : loop_(loop),
      options_(options),
      controller_(std::move(controller)),
      board_(board_of(options.generation)),
      extension_device_(make_extension_device(options.extension_device)),
      order_({CapturePort, SerialPort, UsbAPort, ExtensionPort}),
      extension_(plugged_if(options.extension)),
      socket_(options.usb_a ? UsbASocket::Taken : UsbASocket::Empty) {
    if (options.order == PlugOrder::SerialFirst) {
        std::swap(order_[0], order_[1]);
    }
}

Result<void> VirtualStick::make_parts() {
    usb_a_device_ = MINIKVM_TRY(make_usb_a_device(options_));
    pictures_ = MINIKVM_TRY(PictureThread::create(loop_, options_.picture));
    options_.ms2109.identity.chip = board_.capture;
    ms2109_ = MINIKVM_TRY(Ms2109Device::create(loop_, *pictures_, options_.ms2109));
    ms2109_->registers().on_switch([this] {
        if (board_.switched_by == SwitchedBy::CaptureChip) {
            move_mux(ms2109_->registers().selected());
        }
    });
    return board_.keyboard == KeyboardChip::Ch9329 ? make_ch9329_half() : make_ch32v208_half();
}

Result<void> VirtualStick::make_ch9329_half() {
    ch9329_ = MINIKVM_TRY(SerialHalf::create(loop_, options_.serial));
    input_ = ch9329_.get();
    auto bridge = MINIKVM_TRY(Ch340Device::create(*ch9329_, options_.ch340));
    bridge->on_dtr([this](ModemLevel level) {
        // The wire came with the 1.9 (hardware.md 4.1).
        if (board_.switched_by == SwitchedBy::CaptureChip) {
            ground_ = level == ModemLevel::Asserted ? UsbAGround::Cut : UsbAGround::Closed;
            apply();
        }
    });
    serial_device_ = std::move(bridge);
    return {};
}

Result<void> VirtualStick::make_ch32v208_half() {
    options_.ch32v208.version =
        board_.generation == Generation::KvmGo ? kKvmGoVersion : kMiniKvm2Version;
    ch32v208_ =
        MINIKVM_TRY(Ch32v208Half::create(loop_, options_.ch32v208, options_.serial.recorder_path));
    input_ = ch32v208_.get();
    ch32v208_->chip().on_switch([this] { move_mux(ch32v208_->chip().selected()); });
    serial_device_ = MINIKVM_TRY(Ch32v208Device::create(*ch32v208_, options_.ch340.trace_path));
    return {};
}

void VirtualStick::move_mux(Side side) {
    if (wire_ == SwitchWire::Connected) {
        mux_ = side;
        apply();
    }
}

Result<void> VirtualStick::make_ports() {
    for (const PortIndex index : order_) {
        UsbDevice& device = device_in(index);
        device.on_configured([this, index] { on_configured(index); });
        if (hub_port(index) != 0) {
            ports_.at(index) =
                MINIKVM_TRY(UsbPort::create(loop_, controller_, hub_port(index), device));
        }
    }
    admission_ = MINIKVM_TRY(loop_.timer([this](TimePoint /*now*/) { admit_further(); }));
    return {};
}

unsigned VirtualStick::hub_port(PortIndex port) const {
    switch (port) {
        case CapturePort:
            return board_.capture_port;
        case SerialPort:
            return board_.serial_port;
        case UsbAPort:
            return board_.switched_port;
        default:
            return board_.extension_port;
    }
}

UsbDevice& VirtualStick::device_in(PortIndex port) {
    switch (port) {
        case CapturePort:
            return *ms2109_;
        case SerialPort:
            return *serial_device_;
        case UsbAPort:
            return *usb_a_device_;
        default:
            return *extension_device_;
    }
}

bool VirtualStick::wanted(PortIndex port) const {
    if (cable_ == Plugged::No || hub_port(port) == 0) {
        return false;
    }
    switch (port) {
        case CapturePort:
            return capture_ == Plugged::Yes && options_.parts != StickParts::SerialOnly;
        case SerialPort:
            return serial_plug_ == Plugged::Yes && options_.parts != StickParts::CaptureOnly;
        case UsbAPort:
            return options_.parts == StickParts::Both && usb_a() == UsbAPlace::Host;
        default:
            return options_.parts == StickParts::Both && extension_ == Plugged::Yes;
    }
}

void VirtualStick::apply() {
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const PortIndex index = order_.at(i);
        if (ports_.at(index)) {
            ports_.at(index)->select(plugged_if(i < admitted_ && wanted(index)));
        }
    }
}

void VirtualStick::on_configured(PortIndex port) {
    if (admitted_ > 0 && admitted_ < order_.size() && order_.at(admitted_ - 1) == port) {
        // Not from inside the device's own request.
        loop_.post([this] { admit_further(); });
    }
}

// Lets the next device in; those that are not to be plugged in need not be waited for.
void VirtualStick::admit_further() {
    while (cable_ == Plugged::Yes && admitted_ < order_.size()) {
        ++admitted_;
        if (wanted(order_.at(admitted_ - 1))) {
            break;
        }
    }
    apply();
    if (admitted_ < order_.size()) {
        admission_.arm_after(kAdmissionTime);
    } else {
        admission_.disarm();
        tell_ready();
    }
}

void VirtualStick::tell_ready() {
    if (ready_) {
        std::exchange(ready_, nullptr)();
    }
}

void VirtualStick::set_cable(Plugged plugged) {
    if (plugged == cable_) {
        return;
    }
    cable_ = plugged;
    admitted_ = 0;
    admission_.disarm();
    update_power();
    if (plugged == Plugged::Yes) {
        admit_further();
    } else {
        apply();
    }
}

void VirtualStick::set_half(StickHalf half, Plugged plugged) {
    (half == StickHalf::Capture ? capture_ : serial_plug_) = plugged;
    apply();
}

void VirtualStick::set_usb_a(UsbASocket socket) {
    socket_ = socket;
    apply();
}

void VirtualStick::set_extension(Plugged plugged) {
    extension_ = plugged;
    apply();
}

void VirtualStick::set_signal(HdmiSignal signal, WithoutSignal without) {
    signal_ = signal;
    const bool present = signal == HdmiSignal::Present;
    ms2109_->registers().set_input(present ? std::optional(options_.input) : std::nullopt);
    ms2109_->set_audio(present ? AudioLevel::Tone : AudioLevel::Silence);
    pictures_->set_signal(signal, without);
}

void VirtualStick::set_input(const InputMode& mode) {
    options_.input = mode;
    if (signal_ == HdmiSignal::Present) {
        ms2109_->registers().set_input(mode);
    }
}

void VirtualStick::set_slide(Side side) {
    switch (board_.switched_by) {
        case SwitchedBy::Slide:
            slide_ = side;
            move_mux(side);
            break;
        case SwitchedBy::CaptureChip:
            ms2109_->registers().set_slide(side);
            break;
        case SwitchedBy::KeyboardChip:
            ch32v208_->chip().set_slide(side);
            break;
    }
}

Side VirtualStick::selected() const {
    switch (board_.switched_by) {
        case SwitchedBy::CaptureChip:
            return ms2109_->registers().selected();
        case SwitchedBy::KeyboardChip:
            return ch32v208_->chip().selected();
        case SwitchedBy::Slide:
            break;
    }
    return slide_;
}

void VirtualStick::set_nonce(std::uint32_t nonce) {
    options_.picture.nonce = nonce;
    pictures_->set_nonce(nonce);
}

void VirtualStick::set_switch_wire(SwitchWire wire) {
    wire_ = wire;
    move_mux(selected());
}

void VirtualStick::update_power() {
    const bool powered = cable_ == Plugged::Yes || target_feeds();
    if (powered && !powered_) {
        ms2109_->registers().power_up();
        mux_ = selected();
    }
    powered_ = powered;
    apply();
}

bool VirtualStick::target_feeds() const {
    return input_->target().state() != TargetState::Unplugged;
}

UsbAPlace VirtualStick::usb_a() const {
    const bool has_power = powered_ && (!board_.is_fed_by_target || target_feeds());
    return has_power ? usb_a_place(socket_, ground_, mux_) : UsbAPlace::Unpowered;
}

std::string VirtualStick::status() const {
    const StreamFormat format = ms2109_->stream_format();
    const Ms2109Counters& counters = ms2109_->counters();
    std::string text = fmt::format(
        "generation {}\nbus {}\ncable {}\ncapture {}\nserial {}\nusb-a {}\nextension {}\n",
        board_.name, controller_.bus(), cable_ == Plugged::Yes ? "in" : "out",
        yes_no(ms2109_->plugged()), yes_no(serial_device_->plugged()), name_of(usb_a()),
        yes_no(extension_device_->plugged()));
    text += fmt::format("switch {}\nsignal {}\ninput {}\nnonce {:08x}\n", name_of(selected()),
                        signal_ == HdmiSignal::Present ? "on" : "off", options_.input.text(),
                        options_.picture.nonce);
    text += fmt::format(
        "streaming {}\nstream {}x{} {} {:.2f}\nframes-sent {}\nframes-dropped {}\n"
        "frames-spoilt {}\naudio-packets {}\n",
        yes_no(ms2109_->streaming()), format.width_px, format.height_px,
        format.pixels == PixelFormat::Mjpeg ? "mjpeg" : "yuyv",
        1 / std::chrono::duration<double>(format.interval).count(), counters.frames_sent,
        counters.frames_dropped, counters.frames_spoilt, counters.audio_packets);
    return text;
}

}  // namespace minikvm::sim
