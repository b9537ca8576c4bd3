// SPDX-License-Identifier: MIT
// minikvm-sim: a virtual Mini-KVM for the real kernel.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/result.h"
#include "sim/stick/ctl.h"
#include "sim/stick/paths.h"
#include "sim/stick/run.h"
#include "sim/stick/stick_commands.h"

namespace {

using minikvm::Result;
namespace sim = minikvm::sim;

/// The command line, as text where a text has to be checked.
struct RunArguments {
    sim::StickOptions options;
    std::string control_socket;
    std::string nonce;
    std::string firmware = "24081309";
    std::string input = "1920x1080@60";
    bool no_usb_a = false;
    bool unplugged = false;
    bool no_signal = false;
};

struct ControlArguments {
    unsigned stick = 0;
    std::string control_socket;
    std::vector<std::string> words;
};

void add_picture_options(CLI::App& command, RunArguments& arguments) {
    auto& picture = arguments.options.picture;
    command.add_option("--nonce", arguments.nonce,
                       "The run's number in the test picture, in hexadecimal (default: random)");
    auto* folder = command.add_option("--jpegs", picture.jpeg_folder,
                                      "Show the JPEG files of this folder, byte for byte");
    command.add_option("--video", picture.video_file, "Show this video file, decoded by ffmpeg")
        ->excludes(folder);
    command.add_option("--filler-frames", picture.filler.frames,
                       "How many filler frames begin a stream (default: 12)");
    const std::map<std::string, sim::Sampling> samplings = {{"4:2:2", sim::Sampling::Yuv422},
                                                            {"4:2:0", sim::Sampling::Yuv420}};
    command
        .add_option("--sampling", picture.filler.sampling,
                    "Which pixels of a JPEG share a colour (default: 4:2:2)")
        ->transform(CLI::CheckedTransformer(samplings))
        ->option_text("4:2:2|4:2:0");
    command.add_option("--input", arguments.input, "The target's mode, as 1920x1080@60");
    command.add_flag("--no-signal", arguments.no_signal, "Start without an HDMI signal");
}

void add_part_options(CLI::App& command, RunArguments& arguments) {
    auto& options = arguments.options;
    const std::map<std::string, sim::Generation> generations = {
        {"mini-kvm-1.6", sim::Generation::MiniKvm16},
        {"mini-kvm-1.9", sim::Generation::MiniKvm19},
        {"mini-kvm-2", sim::Generation::MiniKvm2},
        {"kvm-go", sim::Generation::KvmGo}};
    command
        .add_option("--generation", options.generation,
                    "Which of the sticks it is (default: mini-kvm-1.9)")
        ->transform(CLI::CheckedTransformer(generations))
        ->option_text("mini-kvm-1.6|mini-kvm-1.9|mini-kvm-2|kvm-go");
    auto* no_usb_a =
        command.add_flag("--no-usb-a", arguments.no_usb_a, "Nothing in the USB-A socket");
    command
        .add_option("--memory-stick", options.memory_stick,
                    "A memory stick in the USB-A socket, whose content is this file")
        ->option_text("PATH")
        ->excludes(no_usb_a);
    command.add_flag("--extension", options.extension, "A device on the extension pins");
    command.add_flag_callback(
        "--serial-adapter",
        [&options] {
            options.extension = true;
            options.extension_device = sim::ExtensionDevice::SerialAdapter;
        },
        "A USB serial adapter on the extension pins");
    command.add_flag("--unplugged", arguments.unplugged, "Wait for `ctl replug` to plug it in");
    const std::map<std::string, sim::PlugOrder> orders = {
        {"capture-first", sim::PlugOrder::CaptureFirst},
        {"serial-first", sim::PlugOrder::SerialFirst}};
    command.add_option("--order", options.order, "Which half appears first")
        ->transform(CLI::CheckedTransformer(orders))
        ->option_text("capture-first|serial-first");
    auto* capture_only = command.add_flag_callback(
        "--capture-only", [&options] { options.parts = sim::StickParts::CaptureOnly; },
        "Only the capture chip: any cheap dongle");
    command
        .add_flag_callback(
            "--serial-only", [&options] { options.parts = sim::StickParts::SerialOnly; },
            "Only the serial bridge: any adapter")
        ->excludes(capture_only);
}

// What nobody knows of the real stick: hardware.md names each.
void add_uncertain_options(CLI::App& command, RunArguments& arguments) {
    auto& options = arguments.options;
    const std::map<std::string, sim::Ms2109Strings> strings = {
        {"openterface", sim::Ms2109Strings::Openterface}, {"generic", sim::Ms2109Strings::Generic}};
    command
        .add_option("--strings", options.ms2109.identity.strings, "The capture chip's USB strings")
        ->transform(CLI::CheckedTransformer(strings))
        ->option_text("openterface|generic");
    const std::map<unsigned, sim::PayloadHeader> headers = {{2U, sim::PayloadHeader::Short},
                                                            {12U, sim::PayloadHeader::Full}};
    command
        .add_option_function<unsigned>(
            "--payload-header",
            [&options, headers](const unsigned& bytes) {
                options.ms2109.header = headers.at(bytes);
            },
            "Bytes of a video payload's header: 2 (default) or 12")
        ->check(CLI::IsMember({2U, 12U}))
        ->option_text("2|12");
    command.add_option("--firmware", arguments.firmware,
                       "The capture chip's firmware version (default: 24081309)");
    const std::map<std::string, sim::InitialConfiguration> configurations = {
        {"vendor-app", sim::InitialConfiguration::VendorApp},
        {"factory", sim::InitialConfiguration::Factory}};
    command
        .add_option("--keyboard-chip", options.serial.chip.initial,
                    "How the keyboard chip was left: vendor-app (115200 Bd) or factory (9600 Bd)")
        ->transform(CLI::CheckedTransformer(configurations))
        ->option_text("vendor-app|factory");
    command.add_flag("--numbered-reports", options.ms2109.identity.numbers_reports,
                     "The MS2109S numbers its HID reports");
    command.add_flag("--def-restores-factory", options.serial.chip.def_restores_factory,
                     "RTS held for 3 s, then released, restores the factory settings");
    command.add_flag("--cts-flips", options.ch340.cts_flips,
                     "CTS flips with each report that reaches the target");
    command.add_flag("!--no-break", options.ch340.has_break,
                     "The serial bridge is one that cannot send a break");
}

// A file of an earlier run is not continued, unless the user named it.
Result<void> fresh_file(std::string& path, std::string otherwise) {
    if (!path.empty()) {
        return {};
    }
    path = std::move(otherwise);
    std::error_code code;
    std::filesystem::create_directories(sim::kRunFolder, code);
    if (!code) {
        std::filesystem::remove(path, code);
    }
    return code ? Result<void>(minikvm::make_error(code, "prepare " + path)) : Result<void>();
}

Result<void> run(RunArguments& arguments) {
    sim::StickOptions& options = arguments.options;
    options.usb_a = !arguments.no_usb_a;
    options.plugged = !arguments.unplugged;
    options.signal = !arguments.no_signal;
    options.input = MINIKVM_TRY(sim::parse_input_mode(arguments.input));
    options.ms2109.firmware = MINIKVM_TRY(sim::FirmwareVersion::parse(arguments.firmware));
    options.picture.nonce = arguments.nonce.empty()
                                ? static_cast<std::uint32_t>(std::random_device()())
                                : MINIKVM_TRY(sim::parse_nonce(arguments.nonce));
    MINIKVM_TRY(fresh_file(options.serial.recorder_path, sim::recorder_path(options.number)));
    MINIKVM_TRY(fresh_file(options.ch340.trace_path, sim::trace_path(options.number)));
    if (arguments.control_socket.empty()) {
        arguments.control_socket = sim::control_path(options.number);
    }
    return sim::run_stick(options, arguments.control_socket);
}

Result<void> control(const ControlArguments& arguments) {
    const std::string text = MINIKVM_TRY(sim::send_command(arguments.control_socket.empty()
                                                               ? sim::control_path(arguments.stick)
                                                               : arguments.control_socket,
                                                           arguments.words));
    fmt::print("{}", text);
    return {};
}

int exit_status(const Result<void>& result) {
    if (result) {
        return 0;
    }
    fmt::print(stderr, "minikvm-sim: {}\n", result.error().message());
    return 1;
}

int run_program(int argc, char** argv) {
    CLI::App app("A virtual Mini-KVM on the kernel's vhci_hcd", "minikvm-sim");
    app.require_subcommand(1);
    app.set_version_flag("--version", MINIKVM_VERSION);

    RunArguments run_arguments;
    CLI::App* run_command = app.add_subcommand("run", "Be a stick until SIGTERM");
    run_command->add_option("--stick", run_arguments.options.number,
                            "Number of the virtual host controller (default: 0)");
    run_command->add_option("--ctl", run_arguments.control_socket,
                            "Control socket (default: /run/minikvm-sim/STICK.ctl)");
    run_command->add_option("--recorder", run_arguments.options.serial.recorder_path,
                            "What the target sees, one JSON object a line "
                            "(default: /run/minikvm-sim/STICK.jsonl, begun anew)");
    run_command->add_option("--trace", run_arguments.options.ch340.trace_path,
                            "Edges of DTR and RTS "
                            "(default: /run/minikvm-sim/STICK.lines.jsonl, begun anew)");
    add_part_options(*run_command, run_arguments);
    add_picture_options(*run_command, run_arguments);
    add_uncertain_options(*run_command, run_arguments);

    ControlArguments control_arguments;
    CLI::App* control_command = app.add_subcommand("ctl", "Send a command to a running stick");
    control_command->add_option("--stick", control_arguments.stick,
                                "Number of the stick (default: 0)");
    control_command->add_option("--ctl", control_arguments.control_socket, "Its control socket");
    control_command->add_option("command", control_arguments.words, "Command and its words")
        ->required();
    control_command->positionals_at_end();
    control_command->footer("Commands:\n" + sim::stick_commands_help());

    CLI11_PARSE(app, argc, argv);
    return run_command->parsed() ? exit_status(run(run_arguments))
                                 : exit_status(control(control_arguments));
}

}  // namespace

int main(int argc, char** argv) {
    // Ours throw nothing; CLI11 and the standard library may.
    try {
        return run_program(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "minikvm-sim: bug: {}\n", error.what());
        return 1;
    }
}
