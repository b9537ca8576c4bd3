// SPDX-License-Identifier: MIT
// Requests and answers, in order and within bounds.

#include "control/control_conversation.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace minikvm {
namespace {

std::string_view access_name(Access access) {
    switch (access) {
        case Access::Read:
            return "r";
        case Access::Write:
            return "w";
        case Access::ReadWrite:
            break;
    }
    return "rw";
}

}  // namespace

ControlConversation::ControlConversation(const AttributeTree& tree, SetRequest set,
                                         ScreenshotRequest screenshot)
    : tree_(tree), set_(std::move(set)), screenshot_(std::move(screenshot)) {
}

void ControlConversation::receive(std::string_view bytes) {
    input_ += bytes;
    resume();
}

void ControlConversation::end_input() {
    ended_ = true;
    resume();
}

void ControlConversation::resume() {
    while (can_go_on()) {
        take_line();
    }
    if (ended_ && may_handle() && !input_.empty()) {
        if (!skipping_) {
            refuse(ControlError::BadRequest, "the last line has no end: a newline is missing");
        }
        input_.clear();
    }
}

bool ControlConversation::can_go_on() const {
    return may_handle() &&
           (input_.find('\n') != std::string::npos || input_.size() > kMaxRequestBytes);
}

void ControlConversation::take_line() {
    --requests_left_;
    const std::size_t end = input_.find('\n');
    const std::size_t size = std::min(end, input_.size());
    const std::string line = input_.substr(0, size);
    input_.erase(0, end == std::string::npos ? size : size + 1);
    const bool rest_of_a_long_one = std::exchange(skipping_, end == std::string::npos);
    if (rest_of_a_long_one) {
        return;  // refused already, when it had grown too long
    }
    if (size > kMaxRequestBytes) {
        refuse(ControlError::BadRequest,
               fmt::format("the line is longer than {} bytes", kMaxRequestBytes));
        return;
    }
    handle(line);
}

void ControlConversation::handle(std::string_view line) {
    const Result<ControlRequest> request = parse_request(line);
    if (!request) {
        refuse(request.error());
        return;
    }
    switch (request->verb) {
        case ControlVerb::Get:
            tree_.refresh();
            answer(tree_.get(request->names.front()));
            break;
        case ControlVerb::Set:
            awaiting_ = true;
            set_(request->names.front(), request->value);
            break;
        case ControlVerb::List:
            list(request->names.empty() ? std::string_view() : request->names.front());
            break;
        case ControlVerb::Watch:
            tree_.refresh();
            watch(request->names);
            break;
        case ControlVerb::Screenshot:
            awaiting_ = true;
            screenshot_(request->names.empty() ? ScreenshotWish::Target
                                               : ScreenshotWish::TargetOrCard);
            break;
    }
}

void ControlConversation::list(std::string_view prefix) {
    const auto found = tree_.list(prefix);
    if (!found) {
        refuse(found.error());
        return;
    }
    for (const AttributeDeclaration* attribute : *found) {
        output_ += format_item(attribute->name, access_name(attribute->access));
    }
    output_ += format_ok();
}

void ControlConversation::watch(const std::vector<std::string>& names) {
    std::string items;
    std::set<std::string, std::less<>> watched;
    for (const std::string& name : names) {
        const auto found = tree_.list(name);
        if (!found) {
            refuse(found.error());
            return;
        }
        for (const AttributeDeclaration* attribute : *found) {
            const Result<std::string> value = tree_.get(attribute->name);
            if (value && watched.emplace(attribute->name).second) {
                items += format_item(attribute->name, *value);
            } else if (!value && name == attribute->name) {
                refuse(value.error());  // it can only be set; in a folder it is left out
                return;
            }
        }
    }
    watched_.merge(watched);
    output_ += items + format_ok();
}

void ControlConversation::answer(const Result<std::string>& result) {
    awaiting_ = false;
    if (result) {
        output_ += format_ok(*result);
    } else {
        refuse(result.error());
    }
}

void ControlConversation::answer_picture(Result<ControlPicture> result) {
    awaiting_ = false;
    if (!result) {
        refuse(result.error());
        return;
    }
    picture_ = std::move(result->file);
    picture_at_ = output_.size();
    output_ += format_ok(result->description);
}

std::string_view ControlConversation::output() const {
    const bool something_before = picture_ && picture_at_ > 0;
    return std::string_view(output_).substr(0, something_before ? picture_at_ : output_.size());
}

int ControlConversation::descriptor() const {
    return picture_ && picture_at_ == 0 ? picture_->get() : -1;
}

void ControlConversation::attribute_changed(std::string_view name, std::string_view value) {
    if (!watched_.contains(name)) {
        return;
    }
    if (has_room() && stale_.empty()) {
        output_ += format_item(name, value);
    } else if (!stale_.emplace(name).second) {
        ++missed_;  // the value before this one is never told
    }
}

void ControlConversation::sent(std::size_t count) {
    assert(count <= output().size());
    output_.erase(0, count);
    if (picture_ && picture_at_ == 0 && count > 0) {
        picture_.reset();
    }
    picture_at_ -= std::min(picture_at_, count);
    if (output_.empty()) {
        tell_stale();
    }
}

void ControlConversation::tell_stale() {
    if (missed_ > 0) {
        output_ += format_item(kMissedItem, fmt::format("{}", std::exchange(missed_, 0)));
    }
    for (const std::string& name : std::exchange(stale_, {})) {
        const Result<std::string> value = tree_.get(name);
        output_ += format_item(name, value.value_or(std::string(kUnknownValue)));
    }
}

void ControlConversation::refuse(const Error& error) {
    output_ += format_error(error);
}

void ControlConversation::refuse(ControlError code, std::string_view message) {
    output_ += format_error(code, message);
}

}  // namespace minikvm
