// SPDX-License-Identifier: MIT
// minikvmctl mouse: the target's pointer.

#include <linux/input-event-codes.h>

#include <cmath>
#include <map>
#include <optional>

#include "clients/ctl/command_table.h"
#include "clients/ctl/typing.h"

namespace minikvm {
namespace {

constexpr int kFurthest = 32767;
constexpr int kMostNotches = 1000;
constexpr double kWhole = 100;  // percent

const std::map<std::string, std::uint16_t>& buttons() {
    static const std::map<std::string, std::uint16_t> buttons_by_name = {{"left", BTN_LEFT},
                                                                         {"right", BTN_RIGHT},
                                                                         {"middle", BTN_MIDDLE},
                                                                         {"back", BTN_SIDE},
                                                                         {"forward", BTN_EXTRA}};
    return buttons_by_name;
}

std::vector<std::string> button_names() {
    std::vector<std::string> names;
    for (const auto& [name, code] : buttons()) {
        names.push_back(name);
    }
    return names;
}

// From percent of the screen.
std::int32_t axis_value(double percent) {
    return static_cast<std::int32_t>(std::lround(percent / kWhole * hid::kAbsoluteMax));
}

class MouseCommand final : public Command {
public:
    explicit MouseCommand(CommandLine program)
        : Command(program, "mouse", "Move, click or scroll") {
        line().require_command();
        move_.add_argument("X", x_, "To the right").required().between(-kFurthest, kFurthest);
        move_.add_argument("Y", y_, "Downwards").required().between(-kFurthest, kFurthest);
        point_.add_argument("X", percent_x_, "Percent of its width, from the left")
            .required()
            .between(0.0, kWhole);
        point_.add_argument("Y", percent_y_, "Percent of its height, from the top")
            .required()
            .between(0.0, kWhole);
        click_.add_argument("BUTTON", button_, "left, right, middle, back or forward")
            .one_of(button_names())
            .show_default();
        click_.add_argument("--at", at_, "X and Y, in percent of the screen")
            .values(2)
            .between(0.0, kWhole);
        click_.add_flag("--double", twice_, "Twice");
        scroll_.add_argument("NOTCHES", notches_, "Up; a negative number is down")
            .required()
            .between(-kMostNotches, kMostNotches);
    }

    ExitStatus run(const CommandOptions& options) override {
        const std::vector<InputStep> steps = plan();
        const Result<TypingOutcome> outcome = carry_out(options, steps);
        return outcome ? tell_outcome(*outcome, steps.size(), "step") : complain(outcome.error());
    }

private:
    bool is_absolute() const { return point_.is_asked_for() || !at_.empty(); }

    std::vector<InputStep> plan() const {
        if (move_.is_asked_for()) {
            return {{{EV_REL, REL_X, x_}, {EV_REL, REL_Y, y_}}};
        }
        if (scroll_.is_asked_for()) {
            return {{{EV_REL, REL_WHEEL, notches_}}};
        }
        std::vector<InputStep> steps;
        if (point_.is_asked_for()) {
            steps.push_back(place(percent_x_, percent_y_));
            return steps;
        }
        if (!at_.empty()) {
            steps.push_back(place(at_[0], at_[1]));
        }
        for (int count = 0; count < (twice_ ? 2 : 1); ++count) {
            add_chord(steps.emplace_back(), {buttons().at(button_)});
        }
        return steps;
    }

    static InputStep place(double x, double y) {
        return {{EV_ABS, ABS_X, axis_value(x)}, {EV_ABS, ABS_Y, axis_value(y)}};
    }

    Result<TypingOutcome> carry_out(const CommandOptions& options,
                                    const std::vector<InputStep>& steps) const {
        const Interruption interruption = MINIKVM_TRY(Interruption::create());
        InputClient client = MINIKVM_TRY(
            connect_input(options.directory, options.stick,
                          is_absolute() ? InputPointer::Absolute : InputPointer::Relative));
        return type_steps(client, interruption, steps, {});
    }

    CommandLine move_ = line().add_command("move", "Move the pointer by so many counts");
    CommandLine point_ = line().add_command("point", "Put the pointer somewhere on the screen");
    CommandLine click_ = line().add_command("click", "Click where the pointer is, or at a place");
    CommandLine scroll_ = line().add_command("scroll", "Turn the wheel");
    int x_ = 0;
    int y_ = 0;
    double percent_x_ = 0;
    double percent_y_ = 0;
    std::vector<double> at_;
    std::string button_ = "left";
    bool twice_ = false;
    int notches_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_mouse_command(CommandLine program) {
    return std::make_unique<MouseCommand>(program);
}

}  // namespace minikvm
