// SPDX-License-Identifier: MIT
// The control socket's lines under arbitrary bytes, both as requests and as what devices are
// called.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "protocol/control_grammar.h"

namespace {

// What is answered must be one line that a client understands, whatever is in it.
void check_answer(std::string line, minikvm::ControlLine kind) {
    assert(!line.empty() && line.find('\n') == line.size() - 1);
    line.pop_back();
    const auto answer = minikvm::parse_answer(line);
    assert(answer && answer->line == kind);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const auto request = minikvm::parse_request(text);
    if (request) {
        std::string line = minikvm::format_request(*request).value();
        line.pop_back();
        assert(minikvm::parse_request(line).value() == *request);
    } else {
        check_answer(minikvm::format_error(request.error()), minikvm::ControlLine::Error);
    }
    check_answer(minikvm::format_ok(text), minikvm::ControlLine::Ok);
    check_answer(minikvm::format_item("usb/device", text), minikvm::ControlLine::Item);
    static_cast<void>(minikvm::parse_answer(text));
    return 0;
}
