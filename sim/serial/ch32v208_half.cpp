// SPDX-License-Identifier: MIT

#include "sim/serial/ch32v208_half.h"

#include <utility>

#include <fmt/format.h>

#include "common/log.h"
#include "sim/serial/serial_commands.h"

namespace minikvm::sim {

Ch32v208Half::Ch32v208Half(std::optional<JsonLines> lines, const Ch32v208Options& options)
    : lines_(std::move(lines)),
      target_([this](const std::string& line) {
          const Result<void> written = lines_ ? lines_->append(line) : Result<void>();
          if (!written && !lines_broken_) {
              log::error("kernel: the target's reports are not recorded: {}",
                         written.error().message());
          }
          lines_broken_ = !written;
      }),
      chip_(options, target_) {
}

Result<std::unique_ptr<Ch32v208Half>> Ch32v208Half::create(EventLoop& loop,
                                                           const Ch32v208Options& options,
                                                           const std::string& recorder_path) {
    std::optional<JsonLines> lines;
    if (!recorder_path.empty()) {
        lines = MINIKVM_TRY(JsonLines::open(recorder_path));
    }
    std::unique_ptr<Ch32v208Half> half(new Ch32v208Half(std::move(lines), options));
    half->timer_ = MINIKVM_TRY(loop.timer([borrowed = half.get()](TimePoint) { borrowed->run(); }));
    return half;
}

void Ch32v208Half::run() {
    chip_.advance(Clock::now());
    go_on();
}

void Ch32v208Half::go_on() {
    if (const std::optional<TimePoint> next = chip_.next_event()) {
        timer_.arm_at(*next);
    } else {
        timer_.disarm();
    }
    if (progress_) {
        progress_();
    }
}

void Ch32v208Half::send(std::span<const std::uint8_t> bytes) {
    chip_.receive(Clock::now(), bytes);
    go_on();
}

void Ch32v208Half::plug() {
    chip_.set_power(Clock::now(), PowerSource::Host, Power::On);
}

void Ch32v208Half::unplug() {
    chip_.set_power(Clock::now(), PowerSource::Host, Power::Off);
}

void Ch32v208Half::set_target(TargetState state) {
    const TimePoint now = Clock::now();
    target_.set_state(now, state);
    chip_.set_power(now, PowerSource::Target,
                    state == TargetState::Unplugged ? Power::Off : Power::On);
    if (target_.enumerated()) {
        chip_.target_came(now);
    }
    go_on();
}

void Ch32v208Half::set_leds(std::uint8_t leds) {
    target_.set_leds(Clock::now(), leds);
}

void Ch32v208Half::add_noise_to_chip(std::span<const std::uint8_t> bytes) {
    send(bytes);
}

void Ch32v208Half::add_noise_to_bridge(std::span<const std::uint8_t> bytes) {
    chip_.add_noise(bytes);
    go_on();
}

Result<std::string> Ch32v208Half::chip_command(std::span<const std::string> words) {
    if (words.size() == 2 && words[1] == "button") {
        chip_.press_button();
        return std::string("ok");
    }
    Ch32v208Options& options = chip_.options();
    if (words.size() != 3) {
        return fmt::format("version={:02x} switch={} silent={} information={}", options.version,
                           chip_.selected() == Side::Target ? "target" : "host",
                           options.is_silent ? "yes" : "no",
                           options.answers_information ? "yes" : "no");
    }
    if (words[1] == "silent") {
        options.is_silent = MINIKVM_TRY(on_or_off(words[2]));
    } else if (words[1] == "answers-information") {
        options.answers_information = MINIKVM_TRY(on_or_off(words[2]));
    } else if (words[1] == "slide-rules") {
        options.slide_rules = MINIKVM_TRY(on_or_off(words[2]));
    } else {
        return wrong_word(words[1], "button silent answers-information slide-rules");
    }
    return std::string("ok");
}

}  // namespace minikvm::sim
