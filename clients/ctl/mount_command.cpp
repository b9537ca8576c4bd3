// SPDX-License-Identifier: MIT
// minikvmctl mount: starts minikvm-fs, which shows a stick's tree as files.

#include <unistd.h>

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "clients/ctl/command_table.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

class MountCommand final : public Command {
public:
    explicit MountCommand(CommandLine program)
        : Command(program, "mount",
                  "Show the attributes as files, until umount or fusermount3 -u") {
        line()
            .add_argument("DIRECTORY", directory_, "An existing one, best an empty one")
            .required()
            .existing_folder();
        line().add_flag("-f,--foreground", foreground_, "Stay in the foreground");
    }

    ExitStatus run(const CommandOptions& options) override {
        const Result<ReachableStick> stick = find_one_stick(options.directory, options.stick);
        if (!stick) {
            return complain(stick.error());
        }
        const std::string socket = fmt::format("{}/{}/control", options.directory, stick->id);
        return complain(become_file_system(socket));
    }

private:
    // Returns only if it could not.
    Error become_file_system(std::string socket) {
        std::error_code code;
        const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", code);
        if (code) {
            return {code, "find out where minikvmctl is installed"};
        }
        std::string program = self.parent_path().parent_path() / "libexec/minikvm-fs";
        std::string foreground = "--foreground";
        std::array<char*, 5> words = {program.data(), socket.data(), directory_.data(),
                                      foreground_ ? foreground.data() : nullptr, nullptr};
        ::execv(program.c_str(), words.data());
        return errno_error("run " + program).value();
    }

    std::string directory_;
    bool foreground_ = false;
};

}  // namespace

std::unique_ptr<Command> make_mount_command(CommandLine program) {
    return std::make_unique<MountCommand>(program);
}

}  // namespace minikvm
