// SPDX-License-Identifier: MIT
// Completing a command line from the command table.

#include "clients/ctl/completion.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"

namespace minikvm {
namespace {

const CLI::Option* option_named(const CLI::App* command, const std::string& name) {
    for (; command != nullptr; command = command->get_parent()) {
        for (const CLI::Option* option : command->get_options()) {
            if (!option->get_positional() && option->check_name(name)) {
                return option;
            }
        }
    }
    return nullptr;
}

std::vector<const CLI::App*> commands_below(const CLI::App& command) {
    return command.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> operands_of(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

/// A command line, read as far as it is there.
class TypedWords final {
public:
    explicit TypedWords(const CLI::App& program) : command_(&program) {}

    void take(const std::string& word) {
        if (option_ != nullptr) {
            take_value(word);
        } else if (word.starts_with("-")) {
            option_ = option_named(command_, word);
            left_ = option_ != nullptr ? option_->get_items_expected_max() : 0;
            option_ = left_ > 0 ? option_ : nullptr;
        } else if (!enter(word)) {
            operands_.push_back(word);
        }
    }

    const CLI::App& command() const { return *command_; }
    const CLI::Option* option() const { return option_; }  // whose value comes next
    const std::vector<std::string>& operands() const { return operands_; }
    const std::string& stick() const { return stick_; }
    const std::string& directory() const { return directory_; }

private:
    void take_value(const std::string& word) {
        if (option_->check_name("--stick")) {
            stick_ = word;
        } else if (option_->check_name("--runtime-dir")) {
            directory_ = word;
        }
        option_ = --left_ > 0 ? option_ : nullptr;
    }

    bool enter(const std::string& word) {
        for (const CLI::App* below : commands_below(*command_)) {
            if (below->get_name() == word && operands_.empty()) {
                command_ = below;
                return true;
            }
        }
        return false;
    }

    const CLI::App* command_;
    const CLI::Option* option_ = nullptr;
    int left_ = 0;
    std::vector<std::string> operands_;
    std::string stick_;
    std::string directory_ = "/run/minikvm";
};

void offer_commands(const CLI::App& command, Completion& completion) {
    for (const CLI::App* below : commands_below(command)) {
        completion.candidates.push_back({below->get_name(), below->get_description()});
    }
}

void offer_options(const CLI::App* command, Completion& completion) {
    for (; command != nullptr; command = command->get_parent()) {
        for (const CLI::Option* option : command->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                completion.candidates.push_back({"--" + name, option->get_description()});
            }
        }
    }
}

/// Who presses Tab does not want to read why there are none.
std::vector<ReachableStick> or_none(Result<std::vector<ReachableStick>> sticks) {
    return sticks ? std::move(*sticks) : std::vector<ReachableStick>();
}

void offer_sticks(const TypedWords& typed, Completion& completion) {
    for (ReachableStick& stick : or_none(reachable_sticks(typed.directory()))) {
        const std::string name = stick.client.get("name").value_or(stick.id);
        completion.candidates.push_back({stick.id, name});
        if (name != stick.id) {
            completion.candidates.push_back({name, stick.id});
        }
    }
}

/// Those that can be read ("r") or set ("w"), of all sticks that are meant.
std::set<std::string> attributes(const TypedWords& typed, std::string_view access) {
    std::set<std::string> names;
    for (ReachableStick& stick : or_none(find_sticks(typed.directory(), typed.stick()))) {
        const Result<ControlReply> reply =
            stick.client.ask(ControlRequest{ControlVerb::List, {}, {}});
        for (const ControlAnswer& item : reply ? reply->items : std::vector<ControlAnswer>()) {
            if (item.text.find(access) != std::string::npos) {
                names.insert(item.name);
            }
        }
    }
    return names;
}

void offer_attributes(const TypedWords& typed, Completion& completion) {
    const std::string command = typed.command().get_name();
    std::set<std::string> names = attributes(typed, command == "set" ? "w" : "r");
    if (command == "ls" || command == "watch") {
        for (const std::string& name : std::set<std::string>(names)) {
            const std::size_t slash = name.find('/');
            if (slash != std::string::npos) {
                names.insert(name.substr(0, slash));
            }
        }
    }
    for (const std::string& name : names) {
        completion.candidates.push_back({name, {}});
    }
}

// What it is now: the start of what it could be.
void offer_value(const TypedWords& typed, Completion& completion) {
    Result<ReachableStick> stick = find_one_stick(typed.directory(), typed.stick());
    if (stick && !typed.operands().empty()) {
        const Result<std::string> value = stick->client.get(typed.operands().front());
        if (value) {
            completion.candidates.push_back({*value, "as it is now"});
        }
    }
}

// CLI11 describes a set of words as "TEXT:{host,target}".
void offer_choices(std::string_view type, Completion& completion) {
    const std::size_t begin = type.find('{');
    const std::size_t end = type.find('}');
    if (begin == std::string_view::npos || end == std::string_view::npos) {
        return;
    }
    std::string_view left = type.substr(begin + 1, end - begin - 1);
    while (!left.empty()) {
        const std::size_t comma = std::min(left.find(','), left.size());
        completion.candidates.push_back({std::string(left.substr(0, comma)), {}});
        left.remove_prefix(std::min(comma + 1, left.size()));
    }
}

void offer_values_of(const CLI::Option& option, const TypedWords& typed, Completion& completion) {
    const std::string& name = option.get_single_name();
    if (name == "stick") {
        offer_sticks(typed, completion);
    } else if (name == "NAME" || name == "PREFIX") {
        offer_attributes(typed, completion);
    } else if (name == "VALUE") {
        offer_value(typed, completion);
    } else if (name == "DIRECTORY" || name == "runtime-dir") {
        completion.paths = PathCandidates::Directories;
    } else if (name == "config" || name == "FILE") {
        completion.paths = PathCandidates::Files;
    } else {
        offer_choices(option.get_type_name(), completion);
    }
}

// The last operand may be there several times.
const CLI::Option* next_operand(const TypedWords& typed) {
    const std::vector<const CLI::Option*> operands = operands_of(typed.command());
    if (operands.empty()) {
        return nullptr;
    }
    if (typed.operands().size() < operands.size()) {
        return operands.at(typed.operands().size());
    }
    return operands.back()->get_items_expected_max() > 1 ? operands.back() : nullptr;
}

}  // namespace

Completion complete(const CLI::App& program, const std::vector<std::string>& words) {
    const std::string begun = words.empty() ? std::string() : words.back();
    TypedWords typed(program);
    std::for_each(words.begin(), words.empty() ? words.end() : words.end() - 1,
                  [&](const std::string& word) { typed.take(word); });

    Completion completion;
    if (typed.option() != nullptr) {
        offer_values_of(*typed.option(), typed, completion);
    } else if (begun.starts_with("-")) {
        offer_options(&typed.command(), completion);
    } else if (const CLI::Option* operand = next_operand(typed)) {
        offer_values_of(*operand, typed, completion);
    } else if (typed.operands().empty()) {
        offer_commands(typed.command(), completion);
    }
    std::erase_if(completion.candidates,
                  [&](const Candidate& candidate) { return !candidate.word.starts_with(begun); });
    return completion;
}

void print_completion(const Completion& completion) {
    if (completion.paths != PathCandidates::None) {
        print_line(completion.paths == PathCandidates::Files ? ":files" : ":directories");
    }
    for (const Candidate& candidate : completion.candidates) {
        print_line(fmt::format("{}\t{}", candidate.word, candidate.description));
    }
}

}  // namespace minikvm
