// SPDX-License-Identifier: MIT
// AudioStream: a quiet tone in real time, as the MS2109 sends sound.

#pragma once

#include <cstddef>
#include <cstdint>

#include "common/event_loop.h"
#include "sim/usb_device.h"

namespace minikvm::sim {

enum class AudioLevel { Silence, Tone };

/// Shape:   fill() the URB that waits at due(). The left channel has 480 Hz, the right one 960 Hz.
/// Units:   16 bit, two channels, 48 kHz, whatever the descriptors say; a packet is 1 ms.
/// Thread:  the thread that made it.
/// Source:  hardware.md 2.8: the very first sample of a stream is a lone right one, so that
///          everything after it is one sample out of step.
class AudioStream final {
public:
    void restart(TimePoint now);

    /// When the packets of this URB, the first one waiting, have been recorded.
    TimePoint due(const Urb& urb) const;

    void fill(Urb& urb, AudioLevel level);

private:
    TimePoint recorded_until_{};
    std::size_t next_sample_ = 1;  // of both channels; odd ones are right
};

}  // namespace minikvm::sim
