// SPDX-License-Identifier: MIT
// FickleClient: a client of the control socket that sends in pieces, and reads when it likes.

#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control/control_conversation.h"

namespace minikvm {

/// Shape:   send() all that it ever says; then heard() is what it was answered, and complaint()
///          whether each of its lines got one answer, and that in its turn.
/// Limits:  `Whims` decides what it likes, as libFuzzer's FuzzedDataProvider does: ConsumeBool()
///          and ConsumeIntegralInRange<std::size_t>(least, most).
template <typename Whims>
class FickleClient final {
public:
    explicit FickleClient(Whims& whims) : whims_(whims) {
        tree_.publish(kStored, kFirst);
        tree_.on_change(
            [this](auto name, auto value) { conversation_.attribute_changed(name, value); });
        tree_.on_set(kStored, [this](const std::string& value, const auto& reply) {
            pending_ = [this, value, reply] {
                tree_.publish(kStored, value);
                reply(value);
            };
            if (whims_.ConsumeBool()) {
                carry_out();
            }
        });
        tree_.on_set("f/word", [](const std::string&, const auto& reply) { reply(""); });
    }
    FickleClient(const FickleClient&) = delete;
    FickleClient& operator=(const FickleClient&) = delete;
    ~FickleClient() = default;

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            while (!conversation_.wants_input()) {
                step();
            }
            const auto most = whims_.template ConsumeIntegralInRange<std::size_t>(1, bytes.size());
            conversation_.receive(bytes.substr(0, most));
            bytes.remove_prefix(most);
            live();
        }
        conversation_.end_input();
        // A watcher is never finished: it may hear of changes for ever.
        for (int quiet = 0; quiet < 3; ++quiet) {
            while (conversation_.can_go_on() || pending_ || !conversation_.output().empty()) {
                step();
                quiet = 0;
            }
            step();
        }
    }

    std::string_view heard() const { return heard_; }

    /// What is wrong with the answers to what was sent; empty where nothing is.
    std::string complaint(std::string_view sent) const {
        const std::vector<std::string> expected = expected_answers(sent);
        auto next = expected.begin();
        for (std::string_view rest = heard_; !rest.empty();) {
            const std::size_t end = rest.find('\n');
            if (end == std::string_view::npos) {
                return "a line without its end";
            }
            const std::string line(rest.substr(0, end));
            rest.remove_prefix(end + 1);
            const auto answer = parse_answer(line);
            if (!answer) {
                return "no answer at all: " + line;
            }
            if (answer->line == ControlLine::Item) {
                continue;
            }
            if (next == expected.end()) {
                return "one answer too many: " + line;
            }
            if (!next->empty() && *next != line + "\n") {
                return "in place of " + *next + ": " + line;
            }
            ++next;
        }
        return next == expected.end() ? "" : "answers are missing";
    }

private:
    static constexpr const char* kStored = "f/stored";  // what is set is what is read
    static constexpr const char* kFirst = "first";
    static constexpr const char* kCounter = "f/counter";
    static constexpr std::array kAttributes = {
        AttributeDeclaration{kCounter, Access::Read, "a count", "", "Changes by itself."},
        AttributeDeclaration{kStored, Access::ReadWrite, "any text", "", "Is what it was set to."},
        AttributeDeclaration{"f/word", Access::Write, "", "1", "Takes one word."},
    };

    /// The answer to one line; empty where it may be any one.
    static std::string expected_answer(std::string_view line, std::string& stored) {
        const auto request = parse_request(line);
        if (line.size() > kMaxRequestBytes || !request ||
            request->names != std::vector{std::string(kStored)}) {
            return {};
        }
        if (request->verb == ControlVerb::Set) {
            stored = request->value;
        } else if (request->verb != ControlVerb::Get) {
            return {};
        }
        return format_ok(stored);
    }

    /// The answers to all lines, one after another; a last one without its end is refused.
    static std::vector<std::string> expected_answers(std::string_view sent) {
        std::string stored = kFirst;
        std::vector<std::string> answers;
        while (!sent.empty()) {
            const std::size_t end = sent.find('\n');
            const bool has_end = end != std::string_view::npos;
            answers.push_back(has_end ? expected_answer(sent.substr(0, end), stored) : "");
            sent.remove_prefix(has_end ? end + 1 : sent.size());
        }
        return answers;
    }

    /// Without a card there is nothing to be had.
    void take_screenshot(ScreenshotWish wish) {
        pending_ = [this, wish] {
            if (wish == ScreenshotWish::Target) {
                conversation_.answer_picture(make_error(ControlError::Failed, "nothing"));
                return;
            }
            conversation_.answer_picture(
                ControlPicture{"jpeg 1x1 no-signal", std::make_shared<const UniqueFd>()});
        };
        if (whims_.ConsumeBool()) {
            carry_out();
        }
    }

    void carry_out() {
        if (pending_) {
            std::exchange(pending_, nullptr)();
        }
    }

    void read(std::size_t most) {
        const std::string_view output = conversation_.output().substr(0, most);
        heard_ += output;
        conversation_.sent(output.size());
    }

    void live() {
        if (whims_.ConsumeBool()) {
            tree_.publish(kCounter, std::to_string(++counter_));
        }
        if (whims_.ConsumeBool()) {
            read(whims_.template ConsumeIntegralInRange<std::size_t>(0, 100'000));
        }
    }

    /// All that anybody can do for the conversation to go on.
    void step() {
        carry_out();
        read(std::string_view::npos);
        conversation_.begin_turn();
        conversation_.resume();
    }

    Whims& whims_;
    AttributeTree tree_{kAttributes};
    std::function<void()> pending_;
    ControlConversation conversation_{
        tree_,
        [this](const std::string& name, const std::string& value) {
            tree_.set(name, value, [this](const auto& result) { conversation_.answer(result); });
        },
        [this](ScreenshotWish wish) { take_screenshot(wish); }};
    std::string heard_;
    int counter_ = 0;
};

}  // namespace minikvm
