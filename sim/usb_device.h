// SPDX-License-Identifier: MIT
// UsbDevice: what a virtual USB device answers, apart from how it is plugged in.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "sim/usb_descriptors.h"

namespace minikvm::sim {

inline constexpr std::uint8_t kEndpointIn = 0x80;  // bit of an endpoint's address

/// The eight bytes that begin a control transfer (USB 2.0, 9.3).
struct SetupPacket {
    std::uint8_t request_type = 0;  // bmRequestType
    std::uint8_t request = 0;       // bRequest
    std::uint16_t value = 0;        // wValue
    std::uint16_t index = 0;        // wIndex
    std::uint16_t length = 0;       // wLength

    bool is_in() const { return (request_type & kEndpointIn) != 0; }
};

struct ControlReply {
    enum class Kind {
        Answer,   // with `data` when the host asked for some
        Stall,    // a request the device does not have
        Silence,  // a device that hangs: the host gives up by its own timeout
    };

    Kind kind = Kind::Stall;
    std::vector<std::uint8_t> data;  // cut to the length the host asked for

    static ControlReply answer(std::vector<std::uint8_t> data) {
        return {Kind::Answer, std::move(data)};
    }
    static ControlReply done() { return {Kind::Answer, {}}; }
    static ControlReply stall() { return {Kind::Stall, {}}; }
    static ControlReply silence() { return {Kind::Silence, {}}; }
};

struct IsochronousPacket {
    std::uint32_t offset = 0;  // the host's, given back as it came
    std::uint32_t length_bytes = 0;
    std::uint32_t actual_bytes = 0;  // set by the device
};

/// A transfer on any endpoint but 0, between its submission by the host and its completion.
struct Urb {
    std::uint32_t id = 0;       // the bus's name for it
    std::uint8_t endpoint = 0;  // address with its direction bit
    std::size_t length_bytes = 0;
    std::vector<std::uint8_t> data;  // OUT: what was sent; IN: the device appends, at most length
    std::vector<IsochronousPacket> packets;  // isochronous only; IN data lies gapless, in order
};

enum class UrbStatus { Done, Stalled, Gone };

/// What a device is plugged into.
class UsbBus {
public:
    UsbBus() = default;
    UsbBus(const UsbBus&) = delete;
    UsbBus& operator=(const UsbBus&) = delete;
    virtual ~UsbBus() = default;

    /// Never calls back into the device.
    virtual void complete(const Urb& urb, UrbStatus status) = 0;
};

/// Shape:   a device is there before it is plugged in and after it is pulled, again and again.
///          The bus calls the upper group. A device overrides control() and, when it has
///          endpoints, on_urb(); it completes what waits in first_urb() now or later, from a
///          timer of its own. Descriptors, configuration and alternate settings are done here.
/// Errors:  a request that nobody answers is stalled. URBs beyond kMaxPendingUrbs, and all of
///          those that wait when the device is pulled, end as Gone.
/// Thread:  the thread that made it.
/// Source:  USB 2.0, chapter 9.
class UsbDevice {
public:
    static constexpr std::size_t kMaxPendingUrbs = 512;

    /// The tables behind `descriptors` must outlive the device.
    explicit UsbDevice(const UsbDescriptors& descriptors) : descriptors_(descriptors) {}
    UsbDevice(const UsbDevice&) = delete;
    UsbDevice& operator=(const UsbDevice&) = delete;
    virtual ~UsbDevice() = default;

    const UsbDescriptors& descriptors() const { return descriptors_; }

    /// `bus` must outlive the time until pull().
    void plug(UsbBus& bus);
    void pull();
    bool plugged() const { return bus_ != nullptr; }

    /// Called each time the host has configured the device: then its drivers bind.
    void on_configured(std::function<void()> callback) { configured_ = std::move(callback); }

    /// A control transfer on endpoint 0; `data` is what the host sent with it.
    ControlReply request(const SetupPacket& setup, std::span<const std::uint8_t> data);
    void submit(Urb urb);

    /// Forgets a waiting URB without completing it. False: there is none of that name any more.
    bool unlink(std::uint32_t id);

protected:
    /// A class or vendor request, or a standard one to an interface (as GET_DESCRIPTOR report).
    virtual ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t> data) = 0;

    /// An URB has been queued for the endpoint.
    virtual void on_urb(std::uint8_t endpoint);

    /// Plugged in, or configured anew by the host: every alternate setting is 0 again.
    virtual void on_reset();

    virtual void on_pulled();

    /// SET_INTERFACE to a setting that the descriptors have.
    virtual void on_alternate(std::uint8_t interface, std::uint8_t alternate);

    /// CLEAR_FEATURE(ENDPOINT_HALT): nothing was halted, and some hosts mean something by it.
    virtual void on_halt_cleared(std::uint8_t endpoint);

    /// The URB that has waited longest on the endpoint, or nullptr.
    Urb* first_urb(std::uint8_t endpoint);
    std::size_t waiting_urbs(std::uint8_t endpoint) const;
    void complete_first(std::uint8_t endpoint, UrbStatus status = UrbStatus::Done);

private:
    ControlReply device_request(const SetupPacket& setup);
    ControlReply endpoint_request(const SetupPacket& setup);
    ControlReply interface_request(const SetupPacket& setup, std::span<const std::uint8_t> data);
    ControlReply descriptor_request(const SetupPacket& setup);
    ControlReply configure(std::uint8_t configuration);
    ControlReply select_alternate(std::uint8_t interface, std::uint8_t alternate);

    const UsbDescriptors descriptors_;
    UsbBus* bus_ = nullptr;
    std::function<void()> configured_;
    std::uint8_t configuration_ = 0;
    std::map<std::uint8_t, std::uint8_t> alternates_;  // of interfaces that left 0
    std::map<std::uint8_t, std::deque<Urb>> waiting_;
    std::size_t waiting_count_ = 0;
};

}  // namespace minikvm::sim
