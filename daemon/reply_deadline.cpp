// SPDX-License-Identifier: MIT
// Answers in time.

#include "daemon/reply_deadline.h"

#include <utility>

#include <fmt/format.h>

#include "protocol/errors.h"

namespace minikvm {

ReplyDeadline::~ReplyDeadline() {
    while (!pending_.empty()) {
        const auto& [id, open] = *pending_.begin();
        answer(id, make_error(ControlError::NoDevice, open.name + ": the stick was unplugged"));
    }
}

AttributeTree::Reply ReplyDeadline::bound(std::string name, AttributeTree::Reply reply) {
    const std::uint64_t id = ++next_id_;
    Result<Timer> timer = loop_.timer([this, id](auto) {
        answer(id, make_error(ControlError::Busy,
                              fmt::format("{}: the stick's chip has not answered within {} s",
                                          pending_.at(id).name, kLongest.count())));
    });
    if (!timer) {
        reply(tl::unexpected<Error>(std::move(timer.error())));
        return [](const Result<std::string>&) {};
    }
    timer->arm_after(kLongest);
    pending_.emplace(id, Pending{std::move(name), std::move(reply), std::move(*timer)});
    return [this, id](Result<std::string> result) { answer(id, std::move(result)); };
}

void ReplyDeadline::answer(std::uint64_t id, Result<std::string> result) {
    auto open = pending_.extract(id);
    if (!open.empty()) {
        open.mapped().reply(std::move(result));
    }
}

}  // namespace minikvm
