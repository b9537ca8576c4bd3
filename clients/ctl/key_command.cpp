// SPDX-License-Identifier: MIT
// minikvmctl key: keys by their names.

#include "clients/ctl/command_table.h"
#include "clients/ctl/key_names.h"
#include "clients/ctl/typing.h"

namespace minikvm {
namespace {

class KeyCommand final : public Command {
public:
    explicit KeyCommand(CommandLine program) : Command(program, "key", "Press keys at the target") {
        line()
            .add_argument("KEYS", chords_, "Keys that are down together, such as ctrl+alt+delete")
            .required();
    }

    ExitStatus run(const CommandOptions& options) override {
        const Result<TypingOutcome> outcome = press(options);
        return outcome ? tell_outcome(*outcome, chords_.size(), "chord")
                       : complain(outcome.error());
    }

private:
    Result<TypingOutcome> press(const CommandOptions& options) const {
        std::vector<InputStep> steps;
        for (const std::string& chord : chords_) {
            add_chord(steps.emplace_back(), MINIKVM_TRY(parse_chord(chord)));
        }
        const Interruption interruption = MINIKVM_TRY(Interruption::create());
        InputClient client =
            MINIKVM_TRY(connect_input(options.directory, options.stick, InputPointer::Relative));
        return type_steps(client, interruption, steps, {});
    }

    std::vector<std::string> chords_;
};

}  // namespace

std::unique_ptr<Command> make_key_command(CommandLine program) {
    return std::make_unique<KeyCommand>(program);
}

}  // namespace minikvm
