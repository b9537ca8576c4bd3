// SPDX-License-Identifier: MIT
// Samples of the two tones.

#include "sim/ms2109/audio_stream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>

namespace minikvm::sim {
namespace {

constexpr std::size_t kPacketBytes = 192;  // 48 frames of two 2-byte samples (hardware.md 8.1)
constexpr std::chrono::milliseconds kPacketTime{1};
constexpr std::size_t kPeriodFrames = 100;  // of 480 Hz at 48 kHz
constexpr std::size_t kChannels = 2;
constexpr double kAmplitude = 328;  // -40 dB of full scale

using Period = std::array<std::int16_t, kPeriodFrames>;

// How many waves of the tone fit into the period: one on the left, two on the right.
Period wave(double waves) {
    Period period{};
    for (std::size_t i = 0; i < period.size(); ++i) {
        const double angle = 2 * std::numbers::pi * waves * static_cast<double>(i) / kPeriodFrames;
        period[i] = static_cast<std::int16_t>(std::lround(kAmplitude * std::sin(angle)));
    }
    return period;
}

std::int16_t tone_sample(std::size_t sample) {
    static const std::array<Period, kChannels> kWaves = {wave(1), wave(2)};
    return kWaves.at(sample % kChannels).at(sample / kChannels % kPeriodFrames);
}

}  // namespace

void AudioStream::restart(TimePoint now) {
    recorded_until_ = now;
    next_sample_ = 1;
}

TimePoint AudioStream::due(const Urb& urb) const {
    return recorded_until_ + kPacketTime * urb.packets.size();
}

void AudioStream::fill(Urb& urb, AudioLevel level) {
    recorded_until_ = due(urb);
    for (IsochronousPacket& packet : urb.packets) {
        const std::size_t bytes = std::min<std::size_t>(packet.length_bytes, kPacketBytes);
        for (std::size_t i = 0; i + 1 < bytes; i += 2) {
            const std::int16_t sample =
                level == AudioLevel::Tone ? tone_sample(next_sample_) : std::int16_t{0};
            next_sample_ = (next_sample_ + 1) % (kChannels * kPeriodFrames);
            urb.data.push_back(static_cast<std::uint8_t>(sample));
            urb.data.push_back(static_cast<std::uint8_t>(sample >> 8));
        }
        packet.actual_bytes = static_cast<std::uint32_t>(bytes);
    }
}

}  // namespace minikvm::sim
