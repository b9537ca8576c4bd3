// SPDX-License-Identifier: MIT
// CommandLine: what a command says of the words that may stand behind it.

#pragma once

#include <string>
#include <vector>

// CLI11's header takes a compiler longer than all else that a command includes.
// NOLINTNEXTLINE(readability-identifier-naming): the library's name
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace minikvm {

/// Shape:   a copyable handle of one argument; what it says of the argument stands in the help too.
/// Errors:  none; a value that is not allowed ends the parsing, with a message that names the
///          argument.
/// Limits:  the CommandLine that it is from must outlive it.
/// Thread:  main.
class Argument {
public:
    /// What is wrong with `value`, or an empty text.
    using Check = std::string (*)(const std::string& value);

    explicit Argument(CLI::Option& option) : option_(&option) {}

    Argument required();
    Argument one_of(const std::vector<std::string>& words);
    Argument between(int least, int most);
    Argument between(double least, double most);
    Argument existing_folder();
    Argument checked(Check check);

    /// So many values, neither fewer nor more.
    Argument values(int count);

    /// The help shows what `into` is now.
    Argument show_default();

private:
    CLI::Option* option_;
};

/// Shape:   a copyable handle of the program's command line, or of a command's part of it. A name
///          such as NAME is an operand's, `--name` or `-n,--name` an option's. Parsing fills
///          `into`, which is left as it is where the argument is not given; a vector takes several
///          values.
/// Errors:  none; a name that is not one, or is there already, ends the program.
/// Limits:  what it is a handle of must outlive it, and so must `into`, until all is parsed.
/// Thread:  main.
class CommandLine {
public:
    explicit CommandLine(CLI::App& app) : app_(&app) {}

    Argument add_argument(const std::string& name, std::string& into, const std::string& help);
    Argument add_argument(const std::string& name, int& into, const std::string& help);
    Argument add_argument(const std::string& name, double& into, const std::string& help);
    Argument add_argument(const std::string& name, std::vector<std::string>& into,
                          const std::string& help);
    Argument add_argument(const std::string& name, std::vector<double>& into,
                          const std::string& help);
    void add_flag(const std::string& name, bool& into, const std::string& help);

    /// A word with arguments of its own, behind which those of this one may stand as well.
    CommandLine add_command(const std::string& name, const std::string& summary);

    /// One of the commands has to be asked for.
    void require_command();

    bool is_asked_for() const;

private:
    CLI::App* app_;
};

}  // namespace minikvm
