// SPDX-License-Identifier: MIT
// minikvmd: the daemon of one stick.

#include <stdlib.h>

#include <algorithm>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "common/log.h"
#include "configuration/configuration_files.h"
#include "daemon/daemon.h"

namespace minikvm {
namespace {

constexpr log::MessageId kCannotServe{"5236398f13b348f6a7c2b367321d21ac"};

class CommandLine final {
public:
    CommandLine() {
        app_.set_version_flag("--version", "minikvmd " MINIKVM_VERSION);
        app_.add_option("ID", options_.id, "The stick: its hub's kernel name, such as 1-2")
            ->required()
            ->check(is_hub_name, "a hub's kernel name");
        app_.add_option("--runtime-dir", options_.directory,
                        "Where the socket and the links are made "
                        "(default: $RUNTIME_DIRECTORY, then /run/minikvm/ID)");
        app_.add_option("--config", options_.configuration_path, "The configuration file")
            ->capture_default_str();
        app_.add_option("--log-level", options_.log_level,
                        "error, warning, notice, info or debug (default: as configured)")
            ->transform(CLI::CheckedTransformer(
                std::map<std::string, log::Level>{{"error", log::Level::Error},
                                                  {"warning", log::Level::Warning},
                                                  {"notice", log::Level::Notice},
                                                  {"info", log::Level::Info},
                                                  {"debug", log::Level::Debug}}));
        app_.footer("See minikvmd(8).");
    }

    void parse(int argc, char** argv) { app_.parse(argc, argv); }

    ExitStatus explain(const CLI::ParseError& error) const {
        return app_.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Usage;
    }

    DaemonOptions options() const {
        DaemonOptions options = options_;
        if (options.directory.empty()) {
            // No other thread runs yet.
            // NOLINTNEXTLINE(concurrency-mt-unsafe)
            const char* given = ::getenv("RUNTIME_DIRECTORY");
            options.directory = given != nullptr ? given : "/run/minikvm/" + options.id;
        }
        return options;
    }

private:
    // It becomes part of paths and of device names.
    static std::string is_hub_name(const std::string& id) {
        const bool good =
            !id.empty() && id.front() != '.' && id.front() != '-' &&
            id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
        return good ? std::string() : "\"" + id + "\" is no hub's kernel name, such as 1-2 or usb3";
    }

    DaemonOptions options_{
        .id = {}, .directory = {}, .configuration_path = kConfigurationPath, .log_level = {}};
    CLI::App app_{"Makes a camera, a keyboard and a mouse of one Mini-KVM stick.", "minikvmd"};
};

ExitStatus serve(const DaemonOptions& options) {
    log::set_stick(options.id);
    const Result<std::unique_ptr<Daemon>> daemon = Daemon::create(options);
    if (!daemon) {
        log::error(kCannotServe, "{} id={}", daemon.error().message(), options.id);
        return ExitStatus::Failed;
    }
    const Result<ExitStatus> status = (*daemon)->run();
    if (!status) {
        log::error("bug: {} id={}", status.error().message(), options.id);
        return ExitStatus::Failed;
    }
    return *status;
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    minikvm::CommandLine line;
    // CLI11 says by exception that the command line is wrong, or that help was asked for.
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(line.explain(error));
    }
    return static_cast<int>(minikvm::serve(line.options()));
}
