// SPDX-License-Identifier: MIT
// A stick on a screen.

#include "clients/ctl/status_screen.h"

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace minikvm {
namespace {

constexpr std::array<std::string_view, 4> kProblems = {"chip/video/problem", "input/problem",
                                                       "usb/problem", "video/problem"};
constexpr std::string_view kLabelEnd = "/problem";

class Screen {
public:
    Screen(const StickValues& values, const TextStyle& style) : values_(values), style_(style) {}

    std::string draw(const std::string& stick_id) {
        head(stick_id);
        row("screen", target_screen());
        row("camera", camera());
        row("frames", frames());
        row("target", target());
        row("reports", reports());
        row("USB-A", usb_port());
        row("", device("usb/device"));
        row("pins", device("extension/host/device"));
        row("write to", sinks());
        row("chips", chips());
        for (const std::string& problem : problems_of(values_)) {
            row("problem", style_.in(Tone::Bad, problem));
        }
        return std::move(text_);
    }

private:
    void head(const std::string& stick_id) {
        const std::string name = values_.text("name");
        const std::string title = name == stick_id ? stick_id : stick_id + " " + name;
        const std::string state = values_.text("state");
        text_ += fmt::format("{}  {}  {}\n", style_.in(Tone::Strong, title),
                             style_.in(state == "ready" ? Tone::Good : Tone::Bad, state),
                             values_.text("generation"));
    }

    void row(std::string_view label, const std::string& content) {
        // Padded first: what colours a word has no width.
        text_ +=
            fmt::format("  {} {}\n", style_.in(Tone::Faint, fmt::format("{:<8}", label)), content);
    }

    std::string value(std::string_view name) const {
        const std::string text = values_.text(name);
        return text == "unknown" ? style_.in(Tone::Faint, text) : text;
    }

    // Where another value than `good` is worth a look.
    std::string judged(std::string_view name, std::string_view good) const {
        const std::string text = values_.text(name);
        return style_.in(text == good ? Tone::Good : Tone::Doubtful, text);
    }

    // A count of mishaps stands out once there is one.
    std::string mishaps(std::string_view name) const {
        const std::string text = values_.text(name);
        return text == "0" ? text : style_.in(Tone::Doubtful, text);
    }

    // Empty before anything was measured.
    std::string latency(std::string_view part) const {
        constexpr double kMicrosecondsPerMillisecond = 1000;
        const auto p50 = values_.number(fmt::format("{}/latency_p50_us", part));
        const auto p99 = values_.number(fmt::format("{}/latency_p99_us", part));
        if (!p50 || !p99) {
            return "";
        }
        return fmt::format("; {:.1f} ms, 99 of 100 within {:.1f} ms",
                           static_cast<double>(*p50) / kMicrosecondsPerMillisecond,
                           static_cast<double>(*p99) / kMicrosecondsPerMillisecond);
    }

    std::string target_screen() const {
        if (values_.is("hdmi/connected", "no")) {
            return style_.in(Tone::Doubtful, "no signal");
        }
        return style_.in(values_.known("hdmi/mode") ? Tone::Good : Tone::Faint,
                         values_.text("hdmi/mode"));
    }

    std::string camera() const {
        const std::string viewers = values_.text("video/viewers");
        return fmt::format("{}, {} {} at {} Hz, {} {}, {}", value("video/cameras"),
                           value("video/format"), value("video/size"), value("video/rate_hz"),
                           viewers, viewers == "1" ? "viewer" : "viewers",
                           values_.is("video/streaming", "yes") ? "streaming" : "not streaming");
    }

    std::string frames() const {
        return fmt::format("{} shown, {} dropped, {} broken{}", value("video/frames"),
                           mishaps("video/dropped"), mishaps("video/broken"), latency("video"));
    }

    std::string target() const {
        const std::string lights = values_.text("input/leds");
        return fmt::format("{}, lights {}, {} held down, jiggler {}",
                           judged("input/target", "connected"), lights.empty() ? "off" : lights,
                           value("input/held"), value("input/jiggler"));
    }

    std::string reports() const {
        return fmt::format("{} confirmed, {} sent again, {} errors, {} unconfirmed{}",
                           value("input/reports"), mishaps("input/retries"),
                           mishaps("input/errors"), mishaps("input/unconfirmed"), latency("input"));
    }

    std::string usb_port() const {
        return fmt::format("{}, seen to be: {}, power {}, slide {}{}",
                           style_.in(Tone::Strong, values_.text("usb/switch")),
                           judged("usb/verified", "yes"), judged("usb/power", "on"),
                           value("usb/slide"),
                           values_.is("usb/follow_slide", "yes") ? " (followed)" : "");
    }

    std::string device(std::string_view name) const {
        const std::string text = values_.text(name);
        return text.empty() ? style_.in(Tone::Faint, "no device of this computer") : value(name);
    }

    std::string sinks() const {
        return fmt::format("{} keys, {} mouse, {} tablet", value("input/keyboard"),
                           value("input/mouse"), value("input/tablet"));
    }

    std::string chips() const {
        return fmt::format("{} {}, {} {} at {} Bd on {}", value("chip/video/model"),
                           value("chip/video/firmware"), value("chip/input/model"),
                           value("chip/input/version"), value("serial/baud_bd"),
                           value("serial/node"));
    }

    const StickValues& values_;
    const TextStyle& style_;
    std::string text_;
};

}  // namespace

std::string status_screen(const std::string& stick_id, const StickValues& values,
                          const TextStyle& style) {
    return Screen(values, style).draw(stick_id);
}

std::vector<std::string> problems_of(const StickValues& values) {
    std::vector<std::string> problems;
    for (const std::string_view name : kProblems) {
        if (values.known(name) && !values.is(name, "")) {
            problems.push_back(fmt::format("{}: {}", name.substr(0, name.size() - kLabelEnd.size()),
                                           values.text(name)));
        }
    }
    return problems;
}

}  // namespace minikvm
