// SPDX-License-Identifier: MIT
// OpenMetrics, from a table of families.

#include "clients/ctl/open_metrics.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace minikvm {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

struct Family {
    std::string_view name;
    std::string_view attribute;
    std::string_view help;
};

constexpr std::array kCounters = {
    Family{"minikvm_video_frames", "video/frames", "Frames shown on the camera."},
    Family{"minikvm_video_dropped_frames", "video/dropped",
           "Frames that the stick numbered and that never came."},
    Family{"minikvm_video_skipped_frames", "video/skipped",
           "Whole frames left out because a newer one was there."},
    Family{"minikvm_video_broken_frames", "video/broken", "Frames that were not a whole picture."},
    Family{"minikvm_video_decoded_frames", "video/decoded", "Frames decoded for the camera."},
    Family{"minikvm_video_repeated_frames", "video/repeated",
           "Frames that were the same as the one before."},
    Family{"minikvm_input_reports", "input/reports",
           "Reports that the input chip has acknowledged."},
    Family{"minikvm_input_retries", "input/retries", "Reports that were sent a second time."},
    Family{"minikvm_input_errors", "input/errors",
           "Commands that the input chip refused or never answered."},
    Family{"minikvm_input_resyncs", "input/resyncs",
           "Times that the bytes of the serial line had lost their order."},
    Family{"minikvm_input_merged_moves", "input/merged_moves",
           "Motions that went out together with others."},
    Family{"minikvm_input_unconfirmed_reports", "input/unconfirmed",
           "Motion reports whose acknowledgement was lost."},
    Family{"minikvm_input_unsendable", "input/unsendable",
           "Keys and motions that the input chip cannot send."},
    Family{"minikvm_video_restarts", "video/restarts",
           "Times that a stream which had fallen silent was started anew."},
    Family{"minikvm_video_resets", "video/resets",
           "Times that the stick was reset because its stream stayed silent."},
    Family{"minikvm_input_chip_resets", "input/resets",
           "Times that a silent input chip was told to reset itself."},
    Family{"minikvm_serial_reopens", "serial/reopens",
           "Times that the serial port of a silent input chip was opened anew."},
    Family{"minikvm_serial_resets", "serial/resets",
           "Times that the serial half was reset on the USB bus."},
};

constexpr std::array kNumbers = {
    Family{"minikvm_video_viewers", "video/viewers", "Programs that watch a camera."},
    Family{"minikvm_input_held_keys", "input/held", "Keys and buttons down at the target."},
    Family{"minikvm_input_sources", "input/sources", "Sources that hold a key or button."},
};

// A yes is 1.
struct YesFamily {
    Family family;
    std::string_view yes;
};

constexpr std::array kYesOrNo = {
    YesFamily{{"minikvm_hdmi_connected", "hdmi/connected", "The target's screen signal arrives."},
              "yes"},
    YesFamily{{"minikvm_video_streaming", "video/streaming", "The stick is sending pictures."},
              "yes"},
    YesFamily{{"minikvm_input_target_connected", "input/target",
               "The target's USB port has taken the stick's keyboard."},
              "connected"},
    YesFamily{{"minikvm_usb_power_on", "usb/power", "The switchable USB port has power."}, "on"},
};

struct StateFamily {
    Family family;
    std::array<std::string_view, 5> states;  // those that are not empty
};

constexpr std::array kStates = {
    StateFamily{{"minikvm_state", "state", "What of the stick is plugged in and works."},
                {"ready", "no-capture", "no-serial", "no-camera", "absent"}},
    StateFamily{
        {"minikvm_usb_switch", "usb/switch", "Which computer the switchable USB port belongs to."},
        {"host", "target"}},
    StateFamily{
        {"minikvm_usb_verified", "usb/verified", "Whether the last switch was seen to happen."},
        {"pending", "yes", "no"}},
};

struct SummaryFamily {
    std::string_view name;
    std::string_view median_us;
    std::string_view percentile_99_us;
    std::string_view help;
};

constexpr std::array kLatencies = {
    SummaryFamily{"minikvm_video_latency_seconds", "video/latency_p50_us", "video/latency_p99_us",
                  "From the stick's driver to the camera, over the last 1,000 frames."},
    SummaryFamily{"minikvm_input_latency_seconds", "input/latency_p50_us", "input/latency_p99_us",
                  "From reading an event to its acknowledgement, over the last 1,000 measured."},
};

// What describes a stick and hardly ever changes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDescription = {{
    {"name", "name"},
    {"generation", "generation"},
    {"video_chip", "chip/video/model"},
    {"video_firmware", "chip/video/firmware"},
    {"input_chip", "chip/input/model"},
    {"input_version", "chip/input/version"},
}};

constexpr std::array<std::string_view, 4> kParts = {"chip/video", "input", "usb", "video"};

std::string escaped(std::string_view value) {
    std::string text;
    for (const char character : value) {
        if (character == '\\' || character == '"') {
            text += '\\';
        }
        text += character;
    }
    return text;  // an attribute's value has no line's end in it
}

class Exposition {
public:
    explicit Exposition(const std::vector<MeasuredStick>& sticks) : sticks_(sticks) {}

    std::string write() {
        begin("minikvm_sticks", "gauge", "", "Sticks whose daemon answers.");
        text_ += fmt::format("minikvm_sticks {}\n", sticks_.size());
        write_description();
        write_states();
        write_problems();
        write_screen();
        for (const Family& family : kNumbers) {
            begin(family.name, "gauge", "", family.help);
            write_numbers(family.name, "", family.attribute);
        }
        for (const auto& [family, yes] : kYesOrNo) {
            write_yes_or_no(family, yes);
        }
        for (const Family& family : kCounters) {
            begin(family.name, "counter", "", family.help);
            write_numbers(family.name, "_total", family.attribute);
        }
        write_latencies();
        text_ += "# EOF\n";
        return std::move(text_);
    }

private:
    void begin(std::string_view name, std::string_view type, std::string_view unit,
               std::string_view help) {
        text_ += fmt::format("# TYPE {} {}\n", name, type);
        if (!unit.empty()) {
            text_ += fmt::format("# UNIT {} {}\n", name, unit);
        }
        text_ += fmt::format("# HELP {} {}\n", name, help);
    }

    void sample(std::string_view name, const MeasuredStick& stick, const Labels& more,
                std::string_view value) {
        text_ += fmt::format("{}{{stick=\"{}\"", name, escaped(stick.id));
        for (const auto& [label, text] : more) {
            text_ += fmt::format(",{}=\"{}\"", label, escaped(text));
        }
        text_ += fmt::format("}} {}\n", value);
    }

    void write_description() {
        begin("minikvm_stick", "info", "", "A stick and its chips.");
        for (const MeasuredStick& stick : sticks_) {
            Labels labels;
            for (const auto& [label, attribute] : kDescription) {
                if (stick.values.known(attribute)) {
                    labels.emplace_back(label, stick.values.text(attribute));
                }
            }
            sample("minikvm_stick_info", stick, labels, "1");
        }
    }

    void write_states() {
        for (const auto& [family, states] : kStates) {
            begin(family.name, "stateset", "", family.help);
            for (const MeasuredStick& stick : sticks_) {
                for (const std::string_view state : states) {
                    if (state.empty()) {
                        break;
                    }
                    const bool now = stick.values.is(family.attribute, state);
                    sample(family.name, stick, {{family.name, std::string(state)}},
                           now ? "1" : "0");
                }
            }
        }
    }

    void write_problems() {
        begin("minikvm_problem", "gauge", "", "Whether that part of the stick has a problem now.");
        for (const MeasuredStick& stick : sticks_) {
            for (const std::string_view part : kParts) {
                const std::string attribute = fmt::format("{}/problem", part);
                if (stick.values.known(attribute)) {
                    sample("minikvm_problem", stick, {{"part", std::string(part)}},
                           stick.values.is(attribute, "") ? "0" : "1");
                }
            }
        }
    }

    void write_screen() {
        constexpr double kHertzPerKilohertz = 1000;
        begin("minikvm_hdmi_pixel_clock_hertz", "gauge", "hertz",
              "Pixel clock of the target's screen signal.");
        for (const MeasuredStick& stick : sticks_) {
            if (const auto clock = stick.values.number("hdmi/pixel_clock_khz")) {
                sample("minikvm_hdmi_pixel_clock_hertz", stick, {},
                       fmt::format("{}", static_cast<double>(*clock) * kHertzPerKilohertz));
            }
        }
    }

    void write_numbers(std::string_view name, std::string_view suffix, std::string_view attribute) {
        for (const MeasuredStick& stick : sticks_) {
            if (const auto number = stick.values.number(attribute)) {
                sample(fmt::format("{}{}", name, suffix), stick, {}, fmt::format("{}", *number));
            }
        }
    }

    void write_yes_or_no(const Family& family, std::string_view yes) {
        begin(family.name, "gauge", "", family.help);
        for (const MeasuredStick& stick : sticks_) {
            if (stick.values.known(family.attribute)) {
                sample(family.name, stick, {}, stick.values.is(family.attribute, yes) ? "1" : "0");
            }
        }
    }

    void write_latencies() {
        for (const SummaryFamily& family : kLatencies) {
            begin(family.name, "summary", "seconds", family.help);
            for (const MeasuredStick& stick : sticks_) {
                write_quantile(family.name, stick, "0.5", family.median_us);
                write_quantile(family.name, stick, "0.99", family.percentile_99_us);
            }
        }
    }

    void write_quantile(std::string_view name, const MeasuredStick& stick,
                        std::string_view quantile, std::string_view attribute) {
        constexpr double kMicrosecondsPerSecond = 1e6;
        if (const auto microseconds = stick.values.number(attribute)) {
            sample(name, stick, {{"quantile", std::string(quantile)}},
                   fmt::format("{}", static_cast<double>(*microseconds) / kMicrosecondsPerSecond));
        }
    }

    const std::vector<MeasuredStick>& sticks_;
    std::string text_;
};

}  // namespace

std::string open_metrics(const std::vector<MeasuredStick>& sticks) {
    return Exposition(sticks).write();
}

}  // namespace minikvm
