// SPDX-License-Identifier: MIT
// minikvmctl type: text, as the keys that make it at the target.

#include <linux/input-event-codes.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/progress_bar.h"
#include "clients/ctl/target_layout.h"
#include "clients/ctl/typing.h"
#include "protocol/errors.h"
#include "protocol/utf8.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

// Fast enough for text, and slow enough for targets that look at their keyboard every 8 ms.
constexpr double kUsualRateHz = 60;
constexpr double kHighestRateHz = 10000;

struct Character {
    char32_t code = 0;
    std::string text;  // in UTF-8
};

// What is to be done for a text, and what cannot be.
struct Plan {
    std::vector<InputStep> steps;
    std::vector<Character> missing;
    std::vector<Character> xkb_only;
};

Result<std::string> read_standard_input() {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count == 0) {
            return text;
        }
        if (count < 0) {
            return errno_error("read standard input");
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

Result<std::vector<Character>> characters_of(std::string_view text) {
    std::vector<Character> characters;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = utf8_character_size(text.substr(at));
        if (size == 0) {
            return make_error(ControlError::BadValue,
                              fmt::format("the text is not UTF-8 at byte {}", at + 1));
        }
        const std::string_view one = text.substr(at, size);
        at += size;
        // Lines of Windows end with two characters, which are one key.
        if (one != "\r" || text.substr(at, 1) != "\n") {
            characters.push_back({decode_utf8_character(one), std::string(one)});
        }
    }
    return characters;
}

void remember(std::vector<Character>& list, const Character& character) {
    const auto known = std::ranges::find(list, character.code, &Character::code);
    if (known == list.end()) {
        list.push_back(character);
    }
}

Plan plan_for(const std::vector<Character>& characters, const TargetLayout& layout) {
    Plan plan;
    for (const Character& character : characters) {
        const Spelling* const spelling =
            layout.find(character.code == U'\r' ? U'\n' : character.code);
        if (spelling == nullptr) {
            remember(plan.missing, character);
        } else if (spelling->xkb_only) {
            remember(plan.xkb_only, character);
        } else {
            InputStep& step = plan.steps.emplace_back();
            for (const Chord& chord : spelling->chords) {
                std::vector<std::uint16_t> codes;
                if (chord.shift) {
                    codes.push_back(KEY_LEFTSHIFT);
                }
                if (chord.alt_gr) {
                    codes.push_back(KEY_RIGHTALT);
                }
                codes.push_back(chord.code);
                add_chord(step, codes);
            }
        }
    }
    return plan;
}

std::string list_of(const std::vector<Character>& characters) {
    std::string list;
    for (const Character& character : characters) {
        list += list.empty() ? "" : ", ";
        if (!starts_with_control(character.text)) {
            list += character.text + " ";
        }
        list += fmt::format("U+{:04X}", static_cast<std::uint32_t>(character.code));
    }
    return list;
}

class TypeCommand final : public Command {
public:
    explicit TypeCommand(CommandLine program)
        : Command(program, "type", "Type text at the target") {
        line().add_argument("TEXT", text_, "What to type; - or nothing: standard input");
        line()
            .add_argument("--layout", names_.layout, "The target's layout, as XKB calls it")
            .show_default();
        line().add_argument("--variant", names_.variant, "Its variant, such as nodeadkeys");
        line().add_argument("--options", names_.options, "Its XKB options");
        line()
            .add_argument("--target", system_, "What runs there: windows (or unknown), linux")
            .one_of({"windows", "linux"})
            .show_default();
        line()
            .add_argument("--rate", rate_hz_, "Characters a second; 0: as fast as the stick can")
            .between(0.0, kHighestRateHz)
            .show_default();
        line().add_flag("--skip", skip_, "Leave out what the layout cannot make");
    }

    ExitStatus run(const CommandOptions& options) override {
        const Result<Plan> plan = make_plan();
        if (!plan) {
            return complain(plan.error());
        }
        if (tell_what_is_missing(*plan) && !skip_) {
            print_error("nothing was typed; --skip leaves these characters out");
            return ExitStatus::Usage;
        }
        const Result<TypingOutcome> outcome = type(options, plan->steps);
        if (!outcome) {
            return complain(outcome.error());
        }
        if (options.json) {
            print_json(
                ordered_json{{"typed", outcome->done}, {"unconfirmed", outcome->unconfirmed}});
        }
        return tell_outcome(*outcome, plan->steps.size(), "character");
    }

private:
    Result<Plan> make_plan() const {
        const TargetLayout layout = MINIKVM_TRY(TargetLayout::create(
            names_, system_ == "linux" ? TargetSystem::Linux : TargetSystem::Windows));
        const std::string text = text_ == "-" ? MINIKVM_TRY(read_standard_input()) : text_;
        return plan_for(MINIKVM_TRY(characters_of(text)), layout);
    }

    bool tell_what_is_missing(const Plan& plan) const {
        if (!plan.missing.empty()) {
            print_error(
                fmt::format("layout {} has no key for: {}", names_.layout, list_of(plan.missing)));
        }
        if (!plan.xkb_only.empty()) {
            print_error(
                fmt::format("XKB only, Windows' layout {} may not have them (see --target): {}",
                            names_.layout, list_of(plan.xkb_only)));
        }
        return !plan.missing.empty() || !plan.xkb_only.empty();
    }

    Result<TypingOutcome> type(const CommandOptions& options,
                               const std::vector<InputStep>& steps) const {
        const Interruption interruption = MINIKVM_TRY(Interruption::create());
        InputClient client =
            MINIKVM_TRY(connect_input(options.directory, options.stick, InputPointer::Relative));
        const bool caps_lock = client.state().leds.caps;
        MINIKVM_TRY(set_caps_lock(client, interruption, false));
        Result<TypingOutcome> outcome = type_with_bar(client, interruption, steps);
        if (caps_lock && outcome) {
            MINIKVM_TRY(set_caps_lock(client, interruption, true));
        }
        return outcome;
    }

    Result<TypingOutcome> type_with_bar(InputClient& client, const Interruption& interruption,
                                        const std::vector<InputStep>& steps) const {
        ProgressBar bar(steps.size(), "characters");
        TypingOptions typing;
        if (rate_hz_ > 0) {
            typing.interval = std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::duration<double>(1 / rate_hz_));
        }
        typing.on_step = [&bar](std::size_t done) { bar.show(done); };
        return type_steps(client, interruption, steps, typing);
    }

    LayoutNames names_;
    std::string text_ = "-";
    std::string system_ = "windows";
    double rate_hz_ = kUsualRateHz;
    bool skip_ = false;
};

}  // namespace

std::unique_ptr<Command> make_type_command(CommandLine program) {
    return std::make_unique<TypeCommand>(program);
}

}  // namespace minikvm
