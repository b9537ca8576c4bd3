// SPDX-License-Identifier: MIT
// The board's wires between the virtual chips.

#include "sim/stick/virtual_stick.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace minikvm::sim {
namespace {

// How long the next device waits for one that the host does not configure. The hub's own driver
// takes about 0.2 s a device.
constexpr std::chrono::seconds kAdmissionTime{3};

const char* yes_no(bool value) {
    return value ? "yes" : "no";
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
      usb_a_device_(PlainDeviceName::UsbA),
      extension_device_(PlainDeviceName::Extension),
      order_({CapturePort, SerialPort, UsbAPort, ExtensionPort}),
      extension_(plugged_if(options.extension)),
      socket_(options.usb_a ? UsbASocket::Taken : UsbASocket::Empty) {
    if (options.order == PlugOrder::SerialFirst) {
        std::swap(order_[0], order_[1]);
    }
}

Result<void> VirtualStick::make_parts() {
    pictures_ = MINIKVM_TRY(PictureThread::create(loop_, options_.picture));
    serial_ = MINIKVM_TRY(SerialHalf::create(loop_, options_.serial));
    ms2109_ = MINIKVM_TRY(Ms2109Device::create(loop_, *pictures_, options_.ms2109));
    ch340_ = MINIKVM_TRY(Ch340Device::create(*serial_, options_.ch340));
    ms2109_->registers().on_switch([this] {
        if (wire_ == SwitchWire::Connected) {
            mux_ = ms2109_->registers().selected();
            apply();
        }
    });
    ch340_->on_dtr([this](ModemLevel level) {
        ground_ = level == ModemLevel::Asserted ? UsbAGround::Cut : UsbAGround::Closed;
        apply();
    });
    return {};
}

Result<void> VirtualStick::make_ports() {
    for (const PortIndex index : order_) {
        UsbDevice& device = device_in(index);
        device.on_configured([this, index] { on_configured(index); });
        // Hub ports count from 1 (hardware.md 1.2).
        ports_.at(index) = MINIKVM_TRY(
            UsbPort::create(loop_, controller_, static_cast<unsigned>(index) + 1, device));
    }
    admission_ = MINIKVM_TRY(loop_.timer([this](TimePoint /*now*/) { admit_further(); }));
    return {};
}

UsbDevice& VirtualStick::device_in(PortIndex port) {
    switch (port) {
        case CapturePort:
            return *ms2109_;
        case SerialPort:
            return *ch340_;
        case UsbAPort:
            return usb_a_device_;
        default:
            return extension_device_;
    }
}

bool VirtualStick::wanted(PortIndex port) const {
    if (cable_ == Plugged::No) {
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
        ports_.at(index)->select(plugged_if(i < admitted_ && wanted(index)));
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

void VirtualStick::set_signal(HdmiSignal signal) {
    signal_ = signal;
    const bool present = signal == HdmiSignal::Present;
    ms2109_->registers().set_input(present ? std::optional(options_.input) : std::nullopt);
    ms2109_->set_audio(present ? AudioLevel::Tone : AudioLevel::Silence);
    pictures_->set_signal(signal);
}

void VirtualStick::set_input(const InputMode& mode) {
    options_.input = mode;
    if (signal_ == HdmiSignal::Present) {
        ms2109_->registers().set_input(mode);
    }
}

void VirtualStick::set_slide(Side side) {
    ms2109_->registers().set_slide(side);
}

void VirtualStick::set_nonce(std::uint32_t nonce) {
    options_.picture.nonce = nonce;
    pictures_->set_nonce(nonce);
}

void VirtualStick::set_switch_wire(SwitchWire wire) {
    wire_ = wire;
    if (wire == SwitchWire::Connected) {
        mux_ = ms2109_->registers().selected();
        apply();
    }
}

void VirtualStick::update_power() {
    const bool target_feeds = serial_->target().state() != TargetState::Unplugged;
    const bool powered = cable_ == Plugged::Yes || target_feeds;
    if (powered && !powered_) {
        ms2109_->registers().power_up();
        mux_ = ms2109_->registers().selected();
        apply();
    }
    powered_ = powered;
}

UsbAPlace VirtualStick::usb_a() const {
    return powered_ ? usb_a_place(socket_, ground_, mux_) : UsbAPlace::Unpowered;
}

std::string VirtualStick::status() const {
    const StreamFormat format = ms2109_->stream_format();
    const Ms2109Counters& counters = ms2109_->counters();
    std::string text = fmt::format(
        "bus {}\ncable {}\ncapture {}\nserial {}\nusb-a {}\nextension {}\n", controller_.bus(),
        cable_ == Plugged::Yes ? "in" : "out", yes_no(ms2109_->plugged()),
        yes_no(ch340_->plugged()), name_of(usb_a()), yes_no(extension_device_.plugged()));
    text += fmt::format("switch {}\nsignal {}\ninput {}\nnonce {:08x}\n",
                        name_of(ms2109_->registers().selected()),
                        signal_ == HdmiSignal::Present ? "on" : "off", options_.input.text(),
                        options_.picture.nonce);
    text += fmt::format(
        "streaming {}\nstream {}x{} {} {:.2f}\nframes-sent {}\nframes-dropped {}\n"
        "frames-truncated {}\naudio-packets {}\n",
        yes_no(ms2109_->streaming()), format.width_px, format.height_px,
        format.pixels == PixelFormat::Mjpeg ? "mjpeg" : "yuyv",
        1 / std::chrono::duration<double>(format.interval).count(), counters.frames_sent,
        counters.frames_dropped, counters.frames_truncated, counters.audio_packets);
    return text;
}

}  // namespace minikvm::sim
