// SPDX-License-Identifier: MIT
// Events at their moments, and what became of them.

#include "tests/bench/input_load.h"

#include <fcntl.h>
#include <linux/input.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <random>
#include <utility>
#include <variant>

#include "protocol/hid_keymap.h"

namespace minikvm {
namespace {

using Clock = std::chrono::steady_clock;

// The letters of a keyboard's rows.
constexpr std::array<std::uint16_t, 26> kLetters = {
    KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P, KEY_A, KEY_S, KEY_D,
    KEY_F, KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M};

struct Step {
    std::chrono::nanoseconds at{};
    std::uint16_t code = 0;  // 0: motion
    std::int32_t value = 0;
};

void write_all(int pipe, std::span<const input_event> events) {
    const ssize_t count = ::write(pipe, events.data(), events.size_bytes());
    assert(count == static_cast<ssize_t>(events.size_bytes()));
}

input_event event(unsigned type, unsigned code, std::int32_t value) {
    return {{}, static_cast<std::uint16_t>(type), static_cast<std::uint16_t>(code), value};
}

void write_key(int pipe, std::uint16_t code, std::int32_t value) {
    write_all(pipe, std::array{event(EV_KEY, code, value), event(EV_SYN, SYN_REPORT, 0)});
}

void write_move(int pipe) {
    write_all(pipe, std::array{event(EV_REL, REL_X, kMoveX), event(EV_REL, REL_Y, kMoveY),
                               event(EV_SYN, SYN_REPORT, 0)});
}

std::vector<Step> steps_of(const LoadOptions& options) {
    std::vector<Step> steps;
    // Jittered, so that keys do not always meet the same phase of the motion and of the line.
    std::minstd_rand random(1);
    const auto quarter = options.key_interval.count() / 4;
    std::uniform_int_distribution<std::int64_t> jitter(0, std::max<std::int64_t>(quarter, 1));
    std::size_t letter = 0;
    for (std::chrono::nanoseconds at{}; options.key_interval.count() > 0 && at < options.duration;
         at += options.key_interval) {
        const std::uint16_t code = kLetters[letter++ % kLetters.size()];
        const std::chrono::nanoseconds press = at + std::chrono::nanoseconds(jitter(random));
        steps.push_back({press, code, 1});
        steps.push_back({press + options.key_interval / 2, code, 0});
    }
    for (std::chrono::nanoseconds at{}; options.move_interval.count() > 0 && at < options.duration;
         at += options.move_interval) {
        steps.push_back({at});
    }
    std::ranges::stable_sort(steps, {}, &Step::at);
    return steps;
}

void sleep_until(sim::TimePoint when) {
    const auto since = std::chrono::nanoseconds(when.time_since_epoch());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    const timespec time = {seconds.count(), (since - seconds).count()};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) != 0) {
    }
}

hid::HidUsage held_in(const sim::KeyboardReport& report) {
    return hid::HidUsage{report.usages[0]};
}

double to_milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

EventPipe EventPipe::make() {
    std::array<int, 2> ends = {-1, -1};
    const int made = ::pipe2(ends.data(), O_CLOEXEC);
    assert(made == 0);
    EventPipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
    ::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK);
    return pipe;
}

Played play(const LoadOptions& options, int keyboard, int mouse) {
    const std::vector<Step> steps = steps_of(options);
    Played played;
    played.begin = Clock::now();
    for (const Step& step : steps) {
        sleep_until(played.begin + step.at);
        if (step.code == 0) {
            write_move(mouse);
            ++played.moves;
        } else {
            played.strokes.push_back(
                {Clock::now(), step.value == 1 ? usage_of(step.code) : hid::HidUsage::None});
            write_key(keyboard, step.code, step.value);
        }
    }
    played.end = Clock::now();
    return played;
}

Played type_letters(std::span<const std::uint16_t> codes, int keyboard) {
    Played played;
    played.begin = Clock::now();
    for (const std::uint16_t code : codes) {
        write_key(keyboard, code, 1);
        write_key(keyboard, code, 0);
    }
    played.end = Clock::now();
    return played;
}

std::vector<std::uint16_t> letters(std::size_t count) {
    std::vector<std::uint16_t> codes;
    std::minstd_rand random(1);
    std::uniform_int_distribution<std::size_t> step(1, kLetters.size() - 1);
    std::size_t letter = 0;
    while (codes.size() < count) {
        letter = (letter + step(random)) % kLetters.size();
        codes.push_back(kLetters[letter]);
    }
    return codes;
}

hid::HidUsage usage_of(std::uint16_t code) {
    return hid::HidUsage{hid::find_key(hid::KeyCode{code}).value};
}

Latencies latencies_of(std::span<const SentStroke> strokes, std::span<const Arrival> arrivals,
                       sim::TimePoint end) {
    Latencies latencies;
    std::size_t next = 0;
    for (const Arrival& arrival : arrivals) {
        const auto* report = std::get_if<sim::KeyboardReport>(&arrival.report);
        if (report == nullptr) {
            continue;
        }
        // State that was sent again, since its acknowledgement was late.
        const bool again = next > 0 && strokes[next - 1].holds == held_in(*report);
        if (again) {
            continue;
        }
        const auto rest = strokes.subspan(next);
        const auto found = std::ranges::find_if(rest, [&](const SentStroke& stroke) {
            return stroke.at > arrival.taken || stroke.holds == held_in(*report);
        });
        if (found == rest.end() || found->at > arrival.taken) {
            continue;  // of before the load
        }
        const auto passed = static_cast<std::size_t>(std::distance(rest.begin(), found));
        latencies.lost += passed;
        latencies.milliseconds.push_back(to_milliseconds(arrival.taken - found->at));
        next += passed + 1;
    }
    for (const SentStroke& stroke : strokes.subspan(next)) {
        ++latencies.unfinished;
        latencies.milliseconds.push_back(to_milliseconds(end - stroke.at));
    }
    return latencies;
}

std::vector<std::uint8_t> pressed_usages(std::span<const Arrival> arrivals) {
    std::vector<std::uint8_t> pressed;
    sim::KeyboardReport before;
    for (const Arrival& arrival : arrivals) {
        const auto* report = std::get_if<sim::KeyboardReport>(&arrival.report);
        if (report == nullptr) {
            continue;
        }
        for (const std::uint8_t usage : report->usages) {
            if (usage != 0 && std::ranges::find(before.usages, usage) == before.usages.end()) {
                pressed.push_back(usage);
            }
        }
        before = *report;
    }
    return pressed;
}

std::size_t differences(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
    std::vector<std::size_t> common(other.size() + 1);
    for (const std::uint8_t usage : one) {
        std::size_t diagonal = 0;
        for (std::size_t index = 0; index < other.size(); ++index) {
            const std::size_t above = common[index + 1];
            common[index + 1] =
                usage == other[index] ? diagonal + 1 : std::max(above, common[index]);
            diagonal = above;
        }
    }
    return std::max(one.size(), other.size()) - common.back();
}

}  // namespace minikvm
