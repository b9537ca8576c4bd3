// SPDX-License-Identifier: MIT
// SerialBench: a simulated CH9329 on a line, with its target, in a time that the test moves.

#pragma once

#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/serial/serial_link.h"
#include "sim/serial/target_recorder.h"

namespace minikvm::sim {

/// "57 AB 00" as bytes.
inline std::vector<std::uint8_t> bytes_of(const std::string& text) {
    std::vector<std::uint8_t> bytes;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(word, nullptr, 16)));
    }
    return bytes;
}

/// Bytes as hardware.md writes them.
inline std::string text_of(const std::vector<std::uint8_t>& bytes) {
    return fmt::format("{:02X}", fmt::join(bytes, " "));
}

// Vectors printed in hardware.md, 5.3 to 5.5.
inline const std::string kGetInfo = "57 AB 00 01 00 03";
inline const std::string kKeyADown = "57 AB 00 02 08 00 00 04 00 00 00 00 00 10";
inline const std::string kReleaseAll = "57 AB 00 02 08 00 00 00 00 00 00 00 00 0C";
inline const std::string kKeyboardAck = "57 AB 00 82 01 00 85";
inline const std::string kGetParameters = "57 AB 00 08 00 0A";
inline const std::string kSetDefault = "57 AB 00 0C 00 0E";
inline const std::string kReset = "57 AB 00 0F 00 11";
inline const std::string kResetAck = "57 AB 00 8F 01 00 92";
inline const std::string kSetAck = "57 AB 00 89 01 00 8C";
inline const std::string kRealBlock =
    "82 80 00 00 01 C2 00 08 00 00 03 86 1A 29 E1 00 00 00 01 00 0D 00 00 00 00 00 00 00 00 00 00 "
    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";

/// The frame of `command` around `payload`, for commands without a printed vector.
inline std::string frame(std::uint8_t command, const std::string& payload,
                         std::uint8_t address = 0) {
    return text_of(packet_bytes(address, command, bytes_of(payload)));
}

/// A parameter block like the real one, but for its first bytes.
inline std::string block_beginning(const std::string& first_bytes) {
    return first_bytes + kRealBlock.substr(first_bytes.size());
}

struct SerialBench {
    static constexpr std::chrono::milliseconds kLongEnough{100};

    explicit SerialBench(const Ch9329Options& options = {}, unsigned speed_bd = 115200)
        : recorder([this](const std::string& line) { lines.push_back(line); }),
          link(options, recorder) {
        link.set_speed(now, speed_bd);
    }

    void run_for(std::chrono::nanoseconds duration) {
        now += duration;
        link.advance(now);
    }

    void send(const std::string& text) { link.send(now, bytes_of(text)); }
    std::string received() { return text_of(link.take_received(link.received())); }

    /// What the chip answers within 100 ms.
    std::string answer_to(const std::string& text) {
        send(text);
        run_for(kLongEnough);
        return received();
    }

    /// Moves time in small steps until `count` bytes have come; how long that took.
    std::chrono::nanoseconds time_until_received(std::size_t count) {
        const TimePoint start = now;
        while (link.received() < count && now - start < std::chrono::seconds(1)) {
            run_for(std::chrono::microseconds(10));
        }
        return now - start;
    }

    void hold_def_for(std::chrono::milliseconds duration) {
        link.chip().set_def(now, DefLevel::Low);
        run_for(duration);
        link.chip().set_def(now, DefLevel::High);
    }

    TimePoint now{std::chrono::seconds(1000)};
    std::vector<std::string> lines;
    TargetRecorder recorder;
    SerialLink link;
};

}  // namespace minikvm::sim
