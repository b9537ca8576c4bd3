// SPDX-License-Identifier: MIT
// What a shell offers when Tab is pressed in a command line of minikvmctl.

#pragma once

#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the library's name
namespace CLI {
class App;
}  // namespace CLI

namespace minikvm {

struct Candidate {
    std::string word;
    std::string description;  // one phrase, or empty
};

enum class PathCandidates { None, Files, Directories };

struct Completion {
    std::vector<Candidate> candidates;
    PathCandidates paths = PathCandidates::None;  // which the shell knows better
};

/// Shape:   `words` are those behind the program's name, the last one being typed and perhaps
/// empty.
///          Commands and options are those of `program`; sticks and attributes those that the
///          daemons name.
/// Errors:  none: what cannot be known is not offered.
/// Thread:  the thread that made `program`.
Completion complete(const CLI::App& program, const std::vector<std::string>& words);

/// Prints it as the scripts in completions/ read it: a line ":files" or ":directories", or
/// WORD TAB DESCRIPTION for each candidate.
void print_completion(const Completion& completion);

}  // namespace minikvm
