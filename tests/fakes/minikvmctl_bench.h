// SPDX-License-Identifier: MIT
// MinikvmctlBench: minikvmctl as a user meets it, a real process against real control sockets.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {

class MinikvmctlBench : public testing::Test {
protected:
    void plug_in(const std::string& id) {
        sticks_.push_back(std::make_unique<ControlDaemon>(directory_.path(), id));
    }

    std::vector<std::string> command(std::vector<std::string> words) const {
        words.insert(words.begin(), {MINIKVMCTL, "--runtime-dir", directory_.path()});
        return words;
    }

    /// The same, in an environment with these variables besides.
    std::vector<std::string> command_with(const std::vector<std::string>& variables,
                                          const std::vector<std::string>& words) const {
        std::vector<std::string> all = {"/usr/bin/env"};
        all.insert(all.end(), variables.begin(), variables.end());
        const std::vector<std::string> rest = command(words);
        all.insert(all.end(), rest.begin(), rest.end());
        return all;
    }

    /// Runs it to its end.
    int run(const std::vector<std::string>& words) { return run_command(command(words)); }

    int run_command(const std::vector<std::string>& words) {
        ChildProcess process(words);
        output_ = process.output();
        errors_ = process.errors();
        return process.wait();
    }

    TemporaryDirectory directory_;
    std::vector<std::unique_ptr<ControlDaemon>> sticks_;
    std::string output_;
    std::string errors_;
};

}  // namespace minikvm
