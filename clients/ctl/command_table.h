// SPDX-License-Identifier: MIT
// The commands of minikvmctl, in the order in which its help shows them.

#pragma once

#include <array>

#include "clients/ctl/command.h"

namespace minikvm {

std::unique_ptr<Command> make_list_command(CommandLine program);
std::unique_ptr<Command> make_status_command(CommandLine program);
std::unique_ptr<Command> make_get_command(CommandLine program);
std::unique_ptr<Command> make_set_command(CommandLine program);
std::unique_ptr<Command> make_ls_command(CommandLine program);
std::unique_ptr<Command> make_watch_command(CommandLine program);
std::unique_ptr<Command> make_type_command(CommandLine program);
std::unique_ptr<Command> make_key_command(CommandLine program);
std::unique_ptr<Command> make_mouse_command(CommandLine program);
std::unique_ptr<Command> make_usb_command(CommandLine program);
std::unique_ptr<Command> make_grab_command(CommandLine program);
std::unique_ptr<Command> make_screenshot_command(CommandLine program);
std::unique_ptr<Command> make_mount_command(CommandLine program);
std::unique_ptr<Command> make_pinout_command(CommandLine program);
std::unique_ptr<Command> make_top_command(CommandLine program);
std::unique_ptr<Command> make_metrics_command(CommandLine program);
std::unique_ptr<Command> make_config_command(CommandLine program);
std::unique_ptr<Command> make_doctor_command(CommandLine program);

inline constexpr auto kCommands = std::to_array<MakeCommand>({
    make_list_command,
    make_status_command,
    make_get_command,
    make_set_command,
    make_ls_command,
    make_watch_command,
    make_type_command,
    make_key_command,
    make_mouse_command,
    make_usb_command,
    make_grab_command,
    make_screenshot_command,
    make_mount_command,
    make_pinout_command,
    make_top_command,
    make_metrics_command,
    make_config_command,
    make_doctor_command,
});

}  // namespace minikvm
