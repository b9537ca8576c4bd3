// SPDX-License-Identifier: MIT
// Two channels as one.

#include "clients/forward/stick_link.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace minikvm {
namespace {

constexpr std::array kPointers = {InputPointer::Relative, InputPointer::Absolute};

bool is_button(const InputEvent& event) {
    return event.type == EV_KEY && event.code >= BTN_MOUSE && event.code < BTN_JOYSTICK;
}

}  // namespace

Result<std::unique_ptr<StickLink>> StickLink::open(EventLoop& loop, const std::string& path,
                                                   Callbacks callbacks) {
    std::unique_ptr<StickLink> link(new StickLink(std::move(callbacks)));
    StickLink& self = *link;
    for (const InputPointer pointer : kPointers) {
        self.channels_[static_cast<std::size_t>(pointer)] = MINIKVM_TRY(InputChannel::open(
            loop, path, pointer,
            {.on_state =
                 [&self] {
                     if (self.ready()) {
                         const auto on_state = self.callbacks_.on_state;  // it may destroy us
                         on_state();
                     }
                 },
             .on_lost = [&self](const Error& error) { self.lose(error); }}));
    }
    return link;
}

bool StickLink::ready() const {
    return std::ranges::all_of(channels_, [](const auto& channel) { return channel->ready(); });
}

void StickLink::lose(const Error& error) {
    if (!std::exchange(lost_, true)) {
        const auto on_lost = callbacks_.on_lost;  // it may destroy us
        on_lost(error);
    }
}

void StickLink::push(InputPointer pointer, std::span<const InputEvent> events) {
    if (pointer == InputPointer::Relative) {
        channel(pointer).push(events);
        return;
    }
    std::vector<InputEvent> pointing;
    std::vector<InputEvent> typing;
    for (const InputEvent& event : events) {
        (event.type != EV_KEY || is_button(event) ? pointing : typing).push_back(event);
    }
    channel(InputPointer::Absolute).push(pointing);
    if (!typing.empty() && ready()) {
        channel(InputPointer::Relative).push(typing);
    }
}

void StickLink::finish(std::function<void()> on_done) {
    lost_ = true;
    on_done_ = std::move(on_done);
    for (const InputPointer pointer : kPointers) {
        channel(pointer).finish([this, pointer] {
            channels_[static_cast<std::size_t>(pointer)].reset();
            if (std::ranges::none_of(channels_, [](const auto& one) { return one != nullptr; })) {
                const auto done = std::exchange(on_done_, nullptr);  // it destroys us
                done();
            }
        });
    }
}

}  // namespace minikvm
