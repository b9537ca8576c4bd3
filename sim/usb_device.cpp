// SPDX-License-Identifier: MIT
// The standard requests of USB 2.0 chapter 9, with the queues of waiting URBs.

#include "sim/usb_device.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace minikvm::sim {
namespace {

// bmRequestType, USB 2.0 table 9-2.
constexpr std::uint8_t kTypeMask = 0x60;
constexpr std::uint8_t kStandard = 0x00;
constexpr std::uint8_t kRecipientMask = 0x1f;
constexpr std::uint8_t kToDevice = 0;
constexpr std::uint8_t kToInterface = 1;
constexpr std::uint8_t kToEndpoint = 2;

// bRequest, USB 2.0 table 9-4.
constexpr std::uint8_t kGetStatus = 0;
constexpr std::uint8_t kClearFeature = 1;
constexpr std::uint8_t kSetFeature = 3;
constexpr std::uint8_t kGetDescriptor = 6;
constexpr std::uint8_t kGetConfiguration = 8;
constexpr std::uint8_t kSetConfiguration = 9;
constexpr std::uint8_t kGetInterface = 10;
constexpr std::uint8_t kSetInterface = 11;

constexpr std::size_t kConfigurationValue = 5;  // offset in the configuration descriptor

std::uint8_t low_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value & 0xff);
}
std::uint8_t high_byte(std::uint16_t value) {
    return static_cast<std::uint8_t>(value >> 8);
}

ControlReply status_request(std::uint8_t request) {
    switch (request) {
        case kGetStatus:
            return ControlReply::answer({0, 0});
        case kClearFeature:
        case kSetFeature:
            return ControlReply::done();
        default:
            return ControlReply::stall();
    }
}

}  // namespace

void UsbDevice::plug(UsbBus& bus) {
    assert(bus_ == nullptr);
    bus_ = &bus;
    configuration_ = 0;
    alternates_.clear();
    on_reset();
}

void UsbDevice::pull() {
    if (bus_ == nullptr) {
        return;
    }
    auto waiting = std::exchange(waiting_, {});
    waiting_count_ = 0;
    for (const auto& [endpoint, urbs] : waiting) {
        for (const Urb& urb : urbs) {
            bus_->complete(urb, UrbStatus::Gone);
        }
    }
    bus_ = nullptr;
    on_pulled();
}

ControlReply UsbDevice::request(const SetupPacket& setup, std::span<const std::uint8_t> data) {
    ControlReply reply;
    if ((setup.request_type & kTypeMask) != kStandard) {
        reply = control(setup, data);
    } else if ((setup.request_type & kRecipientMask) == kToDevice) {
        reply = device_request(setup);
    } else if ((setup.request_type & kRecipientMask) == kToInterface) {
        reply = interface_request(setup, data);
    } else if ((setup.request_type & kRecipientMask) == kToEndpoint) {
        reply = endpoint_request(setup);
    }
    if (reply.data.size() > setup.length) {
        reply.data.resize(setup.length);
    }
    return reply;
}

ControlReply UsbDevice::endpoint_request(const SetupPacket& setup) {
    if (setup.request == kClearFeature) {
        on_halt_cleared(low_byte(setup.index));
    }
    return status_request(setup.request);
}

void UsbDevice::submit(Urb urb) {
    assert(bus_ != nullptr);
    if (waiting_count_ == kMaxPendingUrbs) {
        bus_->complete(urb, UrbStatus::Gone);
        return;
    }
    const std::uint8_t endpoint = urb.endpoint;
    waiting_[endpoint].push_back(std::move(urb));
    ++waiting_count_;
    on_urb(endpoint);
}

bool UsbDevice::unlink(std::uint32_t id) {
    for (auto& [endpoint, urbs] : waiting_) {
        const auto found = std::find_if(urbs.begin(), urbs.end(),
                                        [id](const Urb& waiting) { return waiting.id == id; });
        if (found != urbs.end()) {
            urbs.erase(found);
            --waiting_count_;
            return true;
        }
    }
    return false;
}

void UsbDevice::on_urb(std::uint8_t /*endpoint*/) {
}
void UsbDevice::on_reset() {
}
void UsbDevice::on_pulled() {
}
void UsbDevice::on_alternate(std::uint8_t /*interface*/, std::uint8_t /*alternate*/) {
}
void UsbDevice::on_halt_cleared(std::uint8_t /*endpoint*/) {
}

Urb* UsbDevice::first_urb(std::uint8_t endpoint) {
    const auto urbs = waiting_.find(endpoint);
    return urbs == waiting_.end() || urbs->second.empty() ? nullptr : &urbs->second.front();
}

std::size_t UsbDevice::waiting_urbs(std::uint8_t endpoint) const {
    const auto urbs = waiting_.find(endpoint);
    return urbs == waiting_.end() ? 0 : urbs->second.size();
}

void UsbDevice::complete_first(std::uint8_t endpoint, UrbStatus status) {
    auto& urbs = waiting_[endpoint];
    assert(!urbs.empty() && bus_ != nullptr);
    const Urb urb = std::move(urbs.front());
    urbs.pop_front();
    --waiting_count_;
    bus_->complete(urb, status);
}

ControlReply UsbDevice::device_request(const SetupPacket& setup) {
    switch (setup.request) {
        case kGetDescriptor:
            return descriptor_request(setup);
        case kGetConfiguration:
            return ControlReply::answer({configuration_});
        case kSetConfiguration:
            return configure(low_byte(setup.value));
        default:
            return status_request(setup.request);
    }
}

ControlReply UsbDevice::descriptor_request(const SetupPacket& setup) {
    auto bytes = standard_descriptor(descriptors_, high_byte(setup.value), low_byte(setup.value));
    return bytes ? ControlReply::answer(std::move(*bytes)) : ControlReply::stall();
}

ControlReply UsbDevice::configure(std::uint8_t configuration) {
    if (configuration != 0 && configuration != descriptors_.configuration[kConfigurationValue]) {
        return ControlReply::stall();
    }
    configuration_ = configuration;
    alternates_.clear();
    on_reset();
    if (configuration != 0 && configured_) {
        configured_();
    }
    return ControlReply::done();
}

ControlReply UsbDevice::interface_request(const SetupPacket& setup,
                                          std::span<const std::uint8_t> data) {
    const std::uint8_t interface = low_byte(setup.index);
    switch (setup.request) {
        case kGetInterface:
            return ControlReply::answer({alternates_[interface]});
        case kSetInterface:
            return select_alternate(interface, low_byte(setup.value));
        case kGetDescriptor:
            return control(setup, data);
        default:
            return status_request(setup.request);
    }
}

ControlReply UsbDevice::select_alternate(std::uint8_t interface, std::uint8_t alternate) {
    if (!has_alternate(descriptors_, interface, alternate)) {
        return ControlReply::stall();
    }
    alternates_[interface] = alternate;
    on_alternate(interface, alternate);
    return ControlReply::done();
}

}  // namespace minikvm::sim
