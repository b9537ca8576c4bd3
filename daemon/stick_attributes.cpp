// SPDX-License-Identifier: MIT
// Values of the control tree.

#include "daemon/stick_attributes.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "control/attribute_text.h"

namespace minikvm {
namespace {

std::optional<std::string> text_if_any(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::optional<std::string> side_if_known(const std::optional<SwitchPosition>& side) {
    return side ? std::optional(std::string(usb_side_name(*side))) : std::nullopt;
}

std::string mode_text(const ms2109::InputMode& mode) {
    constexpr int kCentihertzPerHertz = 100;
    return fmt::format("{}x{}@{}.{:02}", mode.width_px, mode.height_px,
                       mode.rate_centihertz / kCentihertzPerHertz,
                       mode.rate_centihertz % kCentihertzPerHertz);
}

std::string leds_text(const hid::LockLeds& leds) {
    std::vector<std::string_view> lit;
    if (leds.num) {
        lit.emplace_back("num");
    }
    if (leds.caps) {
        lit.emplace_back("caps");
    }
    if (leds.scroll) {
        lit.emplace_back("scroll");
    }
    return fmt::format("{}", fmt::join(lit, " "));
}

std::string_view verified_name(Verified verified) {
    switch (verified) {
        case Verified::Pending:
            return "pending";
        case Verified::Yes:
            return "yes";
        case Verified::No:
            return "no";
        case Verified::Unknown:
            break;
    }
    return kUnknownValue;
}

void publish_latency(AttributeTree& tree, std::string_view part,
                     const std::optional<Percentiles>& latency) {
    const auto publish = [&](std::string_view percentile, std::chrono::microseconds time) {
        tree.publish(fmt::format("{}/latency_{}_us", part, percentile),
                     latency ? std::optional(fmt::format("{}", time.count())) : std::nullopt);
    };
    publish("p50", latency.value_or(Percentiles()).p50);
    publish("p99", latency.value_or(Percentiles()).p99);
}

}  // namespace

std::string_view stick_state_name(StickState state) {
    switch (state) {
        case StickState::Ready:
            return "ready";
        case StickState::NoCapture:
            return "no-capture";
        case StickState::NoSerial:
            return "no-serial";
        case StickState::NoCamera:
            return "no-camera";
        case StickState::Absent:
            break;
    }
    return "absent";
}

std::string_view usb_side_name(SwitchPosition side) {
    return side == SwitchPosition::Host ? "host" : "target";
}

void publish_nodes(AttributeTree& tree, const StickNodes& nodes) {
    const bool plugged = !nodes.capture.empty() || !nodes.hidraw.empty() || !nodes.tty.empty();
    // Without the stick nobody can see its ports.
    tree.publish("usb/device", plugged ? std::optional(nodes.usb_a_device) : std::nullopt);
    tree.publish("extension/host/device",
                 plugged ? std::optional(nodes.extension_device) : std::nullopt);
    tree.publish("serial/node", text_if_any(nodes.tty));
}

void publish_registers(AttributeTree& tree, const RegisterSnapshot& snapshot) {
    tree.publish("chip/video/model", text_if_any(snapshot.model));
    tree.publish("chip/video/firmware", text_if_any(snapshot.firmware));
    tree.publish("chip/video/problem", snapshot.trouble);
    tree.publish("hdmi/connected", snapshot.hdmi_connected
                                       ? std::optional(yes_or_no(*snapshot.hdmi_connected))
                                       : std::nullopt);
    tree.publish("hdmi/mode",
                 snapshot.mode ? std::optional(mode_text(*snapshot.mode)) : std::nullopt);
    tree.publish("hdmi/pixel_clock_khz",
                 snapshot.mode ? std::optional(fmt::format("{}", snapshot.mode->pixel_clock_khz))
                               : std::nullopt);
}

void publish_generation(AttributeTree& tree, std::optional<Generation> generation) {
    tree.publish("generation", generation ? std::optional(std::string(facts_of(*generation).name))
                                          : std::nullopt);
}

void publish_switch(AttributeTree& tree, const SwitchView& view) {
    tree.publish("usb/slide", side_if_known(view.slide));
    tree.publish("usb/switch", side_if_known(view.position));
}

void publish_verified(AttributeTree& tree, Verified verified) {
    tree.publish("usb/verified", std::string(verified_name(verified)));
}

void publish_video(AttributeTree& tree, const VideoStatus& status) {
    tree.publish("video/cameras", fmt::format("{}", fmt::join(status.cameras, " ")));
    tree.publish("video/viewers", fmt::format("{}", status.viewers));
    tree.publish("video/streaming", yes_or_no(status.streaming));
    tree.publish("video/frames", fmt::format("{}", status.frames));
    tree.publish("video/dropped", fmt::format("{}", status.dropped));
    tree.publish("video/skipped", fmt::format("{}", status.skipped));
    tree.publish("video/broken", fmt::format("{}", status.broken));
    tree.publish("video/filler", fmt::format("{}", status.filler));
    tree.publish("video/decoded", fmt::format("{}", status.decoded));
    tree.publish("video/repeated", fmt::format("{}", status.repeated));
    tree.publish("video/restarts", fmt::format("{}", status.restarts));
    tree.publish("video/resets", fmt::format("{}", status.resets));
    tree.publish("video/card", std::string(name_of(status.card)));
    publish_latency(tree, "video", status.latency);
    const bool has_camera = !status.cameras.empty();
    tree.publish("video/format", has_camera
                                     ? std::optional<std::string>(name_of(status.mode.format))
                                     : std::nullopt);
    tree.publish("video/size",
                 has_camera ? std::optional(to_string(status.mode.video.size)) : std::nullopt);
    tree.publish("video/rate_hz", has_camera
                                      ? std::optional(fmt::format("{}", status.mode.video.rate_hz))
                                      : std::nullopt);
    tree.publish("video/problem", status.error);
}

void publish_sink(AttributeTree& tree, const InputBridge& input) {
    const InputNodes nodes = input.nodes();
    tree.publish("input/keyboard", text_if_any(nodes.keyboard));
    tree.publish("input/mouse", text_if_any(nodes.mouse));
    tree.publish("input/tablet", text_if_any(nodes.tablet));
    tree.publish("input/held", fmt::format("{}", input.held()));
    tree.publish("input/sources", fmt::format("{}", input.sources()));
}

void publish_sink_counters(AttributeTree& tree, const InputCounters& counters) {
    tree.publish("input/merged_moves", fmt::format("{}", counters.merged_moves));
    tree.publish("input/unsendable", fmt::format("{}", counters.unsendable));
    publish_latency(tree, "input", counters.latency);
}

void publish_chip_counters(AttributeTree& tree, const ChipCounters& counters) {
    tree.publish("input/reports", fmt::format("{}", counters.reports));
    tree.publish("input/retries", fmt::format("{}", counters.retries));
    tree.publish("input/errors", fmt::format("{}", counters.errors));
    tree.publish("input/resyncs", fmt::format("{}", counters.resyncs));
    tree.publish("input/unconfirmed", fmt::format("{}", counters.unconfirmed));
}

void publish_recoveries(AttributeTree& tree, const RecoveryCounters& counters) {
    tree.publish("input/resets", fmt::format("{}", counters.chip_resets));
    tree.publish("serial/reopens", fmt::format("{}", counters.reopens));
    tree.publish("serial/resets", fmt::format("{}", counters.usb_resets));
}

void publish_chip(AttributeTree& tree, const InputChip* chip, int speed_bd) {
    const auto said = chip != nullptr ? chip->information() : std::nullopt;
    tree.publish("chip/input/model", chip != nullptr
                                         ? std::optional(std::string(model_name(chip->model())))
                                         : std::nullopt);
    tree.publish("chip/input/version", said ? std::optional(said->version_text()) : std::nullopt);
    tree.publish("input/target",
                 said ? std::optional<std::string>(said->target_connected ? "connected" : "absent")
                      : std::nullopt);
    tree.publish("input/leds", said ? std::optional(leds_text(said->leds)) : std::nullopt);
    tree.publish("serial/baud_bd",
                 speed_bd != 0 ? std::optional(fmt::format("{}", speed_bd)) : std::nullopt);
}

}  // namespace minikvm
