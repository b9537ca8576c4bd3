// SPDX-License-Identifier: MIT
// minikvm-forward: this machine's keyboards and mice, for the sticks' targets.

#include <stdlib.h>

#include <string>

#include <CLI/CLI.hpp>

#include "clients/forward/forwarder.h"
#include "common/log.h"
#include "configuration/configuration_files.h"

namespace minikvm {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

std::string default_socket_path() {
    // No other thread runs.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* const given = ::getenv("RUNTIME_DIRECTORY");
    return std::string(given != nullptr ? given : "/run/minikvm-forward") + "/control";
}

int forward(const ForwarderOptions& options) {
    const Result<std::unique_ptr<Forwarder>> forwarder = Forwarder::create(options);
    if (!forwarder) {
        log::error("{}", forwarder.error().message());
        return kFailed;
    }
    const Result<void> ran = (*forwarder)->run();
    if (!ran) {
        log::error("bug: {}", ran.error().message());
        return kFailed;
    }
    return 0;
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    minikvm::ForwarderOptions options{.sticks_directory = "/run/minikvm",
                                      .socket_path = minikvm::default_socket_path(),
                                      .configuration_path = minikvm::kConfigurationPath};
    CLI::App app("Takes this machine's keyboards and mice to the targets of Mini-KVM sticks.",
                 "minikvm-forward");
    app.set_version_flag("--version", "minikvm-forward " MINIKVM_VERSION);
    app.add_option("--runtime-dir", options.sticks_directory, "Where the sticks' sockets are")
        ->capture_default_str();
    app.add_option("--socket", options.socket_path,
                   "The control socket (default: control in $RUNTIME_DIRECTORY)");
    app.add_option("--config", options.configuration_path, "The configuration file")
        ->capture_default_str();
    app.footer("See minikvm-forward(8).");
    // CLI11 says by exception that the command line is wrong, or that help was asked for.
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : minikvm::kUsage;
    }
    return minikvm::forward(options);
}
