// SPDX-License-Identifier: MIT
// VideoStream: frames cut into UVC payloads.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/event_loop.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

/// Which header the real chip sends is not documented (hardware.md 8.1, item 7). Full has a
/// timestamp and the bus's clock; with it uvcvideo asks vhci_hcd for the bus's frame number, which
/// that answers with "Not yet implemented" in the kernel log. So Short is the default.
enum class PayloadHeader { Short, Full };

/// Shape:   begin() a frame, then fill() URBs until the frame is used up.
/// Thread:  the thread that made it.
/// Source:  USB Video Class 1.0, 2.4.3.3.
class VideoStream final {
public:
    explicit VideoStream(PayloadHeader header) : header_(header) {}

    /// A new stream. `payload_bytes` was negotiated.
    void restart(std::size_t payload_bytes);

    /// No frame is being sent.
    bool idle() const { return sent_ == frame_.size(); }

    /// Only when idle.
    void begin(std::vector<std::uint8_t> frame, TimePoint captured);

    /// Fills the packets of an isochronous URB, those after the frame's end stay empty; or a bulk
    /// URB with one payload.
    /// False: there was nothing to send.
    bool fill(Urb& urb, TimePoint now);

    /// The memory of the frame, sent or not, to be used again. Idle then.
    std::vector<std::uint8_t> take_frame();

private:
    std::size_t append_payload(Urb& urb, std::size_t room, TimePoint now);
    void append_header(Urb& urb, TimePoint now);

    PayloadHeader header_;
    std::size_t payload_bytes_ = 0;
    std::uint8_t frame_id_ = 0;  // toggles with each frame
    std::vector<std::uint8_t> frame_;
    std::size_t sent_ = 0;
    TimePoint captured_{};
};

}  // namespace minikvm::sim
