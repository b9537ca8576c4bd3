// SPDX-License-Identifier: MIT
// minikvmctl top: sticks at work, once a second.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"
#include "clients/ctl/terminal_screen.h"
#include "clients/ctl/top_view.h"
#include "clients/input/interruption.h"

namespace minikvm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPeriod{1};
constexpr std::string_view kFoot = "q quits";

struct WatchedStick {
    ControlClient client;
    TopView view;
};

Result<std::vector<WatchedStick>> watch(std::vector<ReachableStick> sticks) {
    std::vector<WatchedStick> watched;
    for (ReachableStick& stick : sticks) {
        const StickValues values = MINIKVM_TRY(watch_all(stick.client));
        watched.push_back({std::move(stick.client), TopView(stick.id, values, Clock::now())});
    }
    return watched;
}

Result<void> take_changes(WatchedStick& stick) {
    while (const std::optional<ControlAnswer> change = MINIKVM_TRY(stick.client.take_change())) {
        if (change->name != kMissedItem) {
            stick.view.take(change->name, change->text, Clock::now());
        }
    }
    return {};
}

void draw(const TerminalScreen& screen, std::vector<WatchedStick>& sticks, const TextStyle& style) {
    std::string text;
    for (WatchedStick& stick : sticks) {
        stick.view.tick(Clock::now());
        text += stick.view.draw(style, TerminalScreen::columns()) + '\n';
    }
    screen.show(text.append(style.in(Tone::Faint, kFoot)));
}

// Whether the person wants to leave; so does one who has gone.
bool wants_to_quit() {
    std::array<char, 16> keys{};
    const ssize_t count = ::read(STDIN_FILENO, keys.data(), keys.size());
    return count <= 0 || std::string_view(keys.data(), static_cast<std::size_t>(count)).find('q') !=
                             std::string_view::npos;
}

class TopCommand final : public Command {
public:
    explicit TopCommand(CommandLine program)
        : Command(program, "top", "Show live what the sticks do, until q") {}

    ExitStatus run(const CommandOptions& options) override {
        if (options.json) {
            print_error("top: it draws on a terminal and has no JSON; watch --json has");
            return ExitStatus::Usage;
        }
        if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) {
            print_error(
                "top: it draws on a terminal, and this is none; see status, watch, metrics");
            return ExitStatus::Usage;
        }
        const Result<void> followed = follow(options);
        return followed ? ExitStatus::Done : complain(followed.error());
    }

private:
    // Nothing when the person has quit. The terminal is given back before an error is told.
    static Result<void> follow(const CommandOptions& options) {
        std::vector<WatchedStick> sticks =
            MINIKVM_TRY(watch(MINIKVM_TRY(find_sticks(options.directory, options.stick))));
        const Interruption interruption = MINIKVM_TRY(Interruption::create());
        const TextStyle style = TextStyle::for_output();
        const TerminalScreen screen = MINIKVM_TRY(TerminalScreen::take());
        std::vector<pollfd> ready = {{STDIN_FILENO, POLLIN, 0}, {interruption.fd(), POLLIN, 0}};
        for (const WatchedStick& stick : sticks) {
            ready.push_back({stick.client.fd(), POLLIN, 0});
        }
        Clock::time_point next = Clock::now();
        while (true) {
            if (Clock::now() >= next) {
                draw(screen, sticks, style);
                next += kPeriod;
            }
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
            const int count =
                ::poll(ready.data(), ready.size(), std::max(0, static_cast<int>(left.count())));
            if (count < 0 && errno != EINTR) {
                return errno_error("wait for changes");
            }
            if (count <= 0) {
                continue;
            }
            if (ready[1].revents != 0 || (ready[0].revents != 0 && wants_to_quit())) {
                return {};
            }
            MINIKVM_TRY(receive(sticks, ready));
        }
    }

    static Result<void> receive(std::vector<WatchedStick>& sticks,
                                const std::vector<pollfd>& ready) {
        const std::size_t others = ready.size() - sticks.size();
        for (std::size_t index = 0; index < sticks.size(); ++index) {
            if (ready[others + index].revents != 0) {
                MINIKVM_TRY(sticks[index].client.receive());
                MINIKVM_TRY(take_changes(sticks[index]));
            }
        }
        return {};
    }
};

}  // namespace

std::unique_ptr<Command> make_top_command(CommandLine program) {
    return std::make_unique<TopCommand>(program);
}

}  // namespace minikvm
