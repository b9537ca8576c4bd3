// SPDX-License-Identifier: MIT
// Video cut into payloads, sound cut into packets.

#include <chrono>
#include <numeric>

#include <gtest/gtest.h>

#include "sim/ms2109/audio_stream.h"
#include "sim/ms2109/video_stream.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPayload = 800;

Urb isochronous_urb(std::size_t packets, std::uint32_t packet_bytes) {
    Urb urb;
    urb.length_bytes = packets * packet_bytes;
    for (std::size_t i = 0; i < packets; ++i) {
        urb.packets.push_back({static_cast<std::uint32_t>(i) * packet_bytes, packet_bytes, 0});
    }
    return urb;
}

std::vector<std::uint8_t> counting_frame(std::size_t bytes) {
    std::vector<std::uint8_t> frame(bytes);
    std::iota(frame.begin(), frame.end(), std::uint8_t{0});
    return frame;
}

struct Payload {
    std::uint8_t flags;
    std::vector<std::uint8_t> bytes;
};

std::vector<Payload> payloads_of(const Urb& urb) {
    std::vector<Payload> payloads;
    auto at = urb.data.begin();
    for (const IsochronousPacket& packet : urb.packets) {
        if (packet.actual_bytes > 0) {
            payloads.push_back({at[1], {at + at[0], at + packet.actual_bytes}});
        }
        at += packet.actual_bytes;
    }
    return payloads;
}

std::vector<Payload> send(VideoStream& stream, std::vector<std::uint8_t> frame) {
    Urb urb = isochronous_urb(32, 3072);
    stream.begin(std::move(frame), TimePoint());
    stream.fill(urb, TimePoint());
    stream.take_frame();
    return payloads_of(urb);
}

TEST(VideoStream, SendsTheWholeFrameInOrder) {
    VideoStream stream(PayloadHeader::Short);
    stream.restart(kPayload);

    std::vector<std::uint8_t> received;
    for (const Payload& payload : send(stream, counting_frame(2000))) {
        received.insert(received.end(), payload.bytes.begin(), payload.bytes.end());
    }

    EXPECT_EQ(received, counting_frame(2000));
}

TEST(VideoStream, KeepsToThePayloadThatWasNegotiated) {
    VideoStream stream(PayloadHeader::Full);
    stream.restart(kPayload);

    EXPECT_EQ(send(stream, counting_frame(2000)).front().bytes.size(), kPayload - 12);
}

TEST(VideoStream, MarksOnlyTheLastPayloadAsTheEnd) {
    VideoStream stream(PayloadHeader::Short);
    stream.restart(kPayload);

    const auto payloads = send(stream, counting_frame(2000));

    ASSERT_EQ(payloads.size(), 3U);
    EXPECT_EQ(payloads[1].flags & 0x02, 0);
    EXPECT_EQ(payloads[2].flags & 0x02, 0x02);
}

TEST(VideoStream, TogglesTheFrameBit) {
    VideoStream stream(PayloadHeader::Short);
    stream.restart(kPayload);

    const auto first = send(stream, counting_frame(10));
    const auto second = send(stream, counting_frame(10));

    EXPECT_NE(first[0].flags & 1, second[0].flags & 1);
}

TEST(VideoStream, GoesOnInTheNextUrb) {
    VideoStream stream(PayloadHeader::Short);
    stream.restart(kPayload);
    stream.begin(counting_frame(2000), TimePoint());
    Urb first = isochronous_urb(2, 3072);
    Urb second = isochronous_urb(2, 3072);

    stream.fill(first, TimePoint());
    EXPECT_FALSE(stream.idle());
    stream.fill(second, TimePoint());

    EXPECT_TRUE(stream.idle());
    EXPECT_EQ(second.packets[1].actual_bytes, 0U);
}

TEST(VideoStream, HasNothingForAnUrbWithoutAFrame) {
    VideoStream stream(PayloadHeader::Short);
    stream.restart(kPayload);
    Urb urb = isochronous_urb(1, 3072);

    EXPECT_FALSE(stream.fill(urb, TimePoint()));
}

std::int16_t sample(const Urb& urb, std::size_t index) {
    return static_cast<std::int16_t>(urb.data[2 * index] | urb.data[2 * index + 1] << 8);
}

TEST(AudioStream, BeginsWithALoneRightSample) {
    AudioStream stream;
    stream.restart(TimePoint());
    Urb urb = isochronous_urb(2, 256);

    stream.fill(urb, AudioLevel::Tone);

    // Sine of the right channel, at double the frequency, then left and right by turns.
    EXPECT_EQ(sample(urb, 0), 0);
    EXPECT_EQ(sample(urb, 1), 21);
    EXPECT_EQ(sample(urb, 2), 41);
    EXPECT_EQ(sample(urb, 3), 41);
}

TEST(AudioStream, FillsAMillisecondAPacket) {
    AudioStream stream;
    stream.restart(TimePoint());
    Urb urb = isochronous_urb(5, 256);

    EXPECT_EQ(stream.due(urb), TimePoint() + 5ms);
    stream.fill(urb, AudioLevel::Tone);

    EXPECT_EQ(urb.data.size(), 5U * 192);
    EXPECT_EQ(stream.due(urb), TimePoint() + 10ms);
}

TEST(AudioStream, IsSilentWithoutASignal) {
    AudioStream stream;
    stream.restart(TimePoint());
    Urb urb = isochronous_urb(1, 256);

    stream.fill(urb, AudioLevel::Silence);

    EXPECT_EQ(urb.data, std::vector<std::uint8_t>(192, 0));
}

}  // namespace
}  // namespace minikvm::sim
