// SPDX-License-Identifier: MIT
// minikvm-fs: shows one stick's control tree as files until it is unmounted.

#include <signal.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "clients/ctl/exit_status.h"
#include "clients/fs/background.h"
#include "clients/fs/fuse_mount.h"
#include "clients/fs/stick_files.h"

namespace minikvm {
namespace {

struct MountOptions {
    std::string socket;
    std::string folder;
    bool foreground = false;
};

Result<void> run(const MountOptions& options) {
    std::optional<Background> background;
    if (!options.foreground) {
        background = MINIKVM_TRY(Background::begin());
    }
    const std::unique_ptr<EventLoop> loop = MINIKVM_TRY(EventLoop::create());
    const std::unique_ptr<StickFiles> files = MINIKVM_TRY(StickFiles::create(options.socket));
    const std::unique_ptr<FuseMount> mounted =
        MINIKVM_TRY(FuseMount::create(*files, options.folder, options.socket));
    const auto end = [&loop] { loop->stop(); };
    const Watch terminated = MINIKVM_TRY(loop->on_signal(SIGTERM, end));
    const Watch interrupted = MINIKVM_TRY(loop->on_signal(SIGINT, end));
    MINIKVM_TRY(mounted->start(*loop, end));
    if (background) {
        MINIKVM_TRY(background->finish());
    }
    return loop->run();
}

ExitStatus command(int argc, char** argv) {
    MountOptions options;
    CLI::App app("Shows a Mini-KVM's control tree as files.", "minikvm-fs");
    app.set_version_flag("--version", "minikvm-fs " MINIKVM_VERSION);
    app.add_flag("-f,--foreground", options.foreground, "Stay in the foreground");
    app.add_option("SOCKET", options.socket, "The stick's control socket")->required();
    app.add_option("DIRECTORY", options.folder, "Where to show it")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.footer("Started by minikvmctl mount; see minikvm-fs(1).");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? ExitStatus::Done : ExitStatus::Usage;
    }
    // Going to the background changes the directory.
    options.folder = std::filesystem::absolute(options.folder);
    options.socket = std::filesystem::absolute(options.socket);
    const Result<void> done = run(options);
    return done ? ExitStatus::Done : complain(done.error());
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    try {
        return static_cast<int>(minikvm::command(argc, argv));
    } catch (const std::exception& error) {
        static_cast<void>(std::fputs(error.what(), stderr));
        return static_cast<int>(minikvm::ExitStatus::Failed);
    }
}
