// SPDX-License-Identifier: MIT
// The lines that a client of the control socket and the daemon say to each other.

#include "protocol/control_grammar.h"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/suggestion.h"
#include "protocol/utf8.h"

namespace minikvm {
namespace {

struct RequestForm {
    ControlVerb verb;
    std::string_view word;
    std::string_view shape;  // what would be right
    std::size_t fewest_names;
    std::size_t most_names;
};

constexpr std::size_t kAnyNumber = kMaxRequestBytes;
constexpr std::array kRequests = {
    RequestForm{ControlVerb::Get, "get", "get NAME", 1, 1},
    RequestForm{ControlVerb::Set, "set", "set NAME VALUE", 1, 1},
    RequestForm{ControlVerb::List, "ls", "ls [NAME-OR-FOLDER]", 0, 1},
    RequestForm{ControlVerb::Watch, "watch", "watch NAME-OR-FOLDER...", 1, kAnyNumber},
    RequestForm{ControlVerb::Screenshot, "screenshot", "screenshot [card]", 0, 1},
};
constexpr std::array<std::string_view, 5> kRequestWords = {"get", "set", "ls", "watch",
                                                           "screenshot"};
constexpr std::string_view kAllWords = "there are get, set, ls, watch, screenshot";

constexpr std::string_view kOk = "ok";
constexpr std::string_view kError = "error";

tl::unexpected<Error> bad_request(std::string sentence) {
    return make_error(ControlError::BadRequest, std::move(sentence));
}

std::size_t skip_spaces(std::string_view text) {
    return std::min(text.find_first_not_of(' '), text.size());
}

// Takes what stands before the first space off the front of `rest`, and that one space.
std::string_view take_word(std::string_view& rest) {
    const std::size_t size = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    return word;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    text.remove_prefix(skip_spaces(text));
    while (!text.empty()) {
        words.emplace_back(take_word(text));
        text.remove_prefix(skip_spaces(text));
    }
    return words;
}

// Why `line` is no line of text; empty when it is one.
std::string fault_of(std::string_view line) {
    std::size_t position = 0;
    while (position < line.size()) {
        const std::string_view rest = line.substr(position);
        const std::size_t size = utf8_character_size(rest);
        const std::string byte = "byte " + std::to_string(position + 1);
        if (size == 0) {
            return byte + " is not UTF-8; a request is a line of text";
        }
        if (starts_with_control(rest)) {
            return byte + " is a control character; a request is a line of text that ends with LF";
        }
        position += size;
    }
    return {};
}

// What nobody is shown is not repeated at full length.
std::string quoted_word(std::string_view word) {
    constexpr std::size_t kLongestQuote = 32;
    std::string quoted = "\"";
    quoted += word.substr(0, kLongestQuote);
    quoted += word.size() > kLongestQuote ? "...\"" : "\"";
    return quoted;
}

std::string no_such_request(std::string_view word) {
    const std::string_view meant = closest_word(word, kRequestWords);
    std::string sentence = quoted_word(word) + ": no such request; ";
    sentence += meant.empty() ? kAllWords : "did you mean ";
    return sentence.append(meant);
}

Result<ControlRequest> parse_set(const RequestForm& form, std::string_view rest) {
    rest.remove_prefix(skip_spaces(rest));
    const std::size_t space = rest.find(' ');
    const std::string name(rest.substr(0, space));
    if (name.empty()) {
        return bad_request("set: no name; write " + std::string(form.shape));
    }
    if (space == std::string_view::npos) {
        return bad_request("set " + quoted_word(name) + ": no value; write " +
                           std::string(form.shape));
    }
    return ControlRequest{form.verb, {name}, std::string(rest.substr(space + 1))};
}

Result<ControlRequest> parse_names(const RequestForm& form, std::string_view rest) {
    ControlRequest request{form.verb, words_of(rest), {}};
    if (request.names.size() < form.fewest_names) {
        return bad_request(std::string(form.word) + ": no name; write " + std::string(form.shape));
    }
    if (request.names.size() > form.most_names) {
        return bad_request(std::string(form.word) + ": " + std::to_string(request.names.size()) +
                           " names where one may be; write " + std::string(form.shape));
    }
    return request;
}

Result<ControlRequest> parse_screenshot(const RequestForm& form, std::string_view rest) {
    ControlRequest request = MINIKVM_TRY(parse_names(form, rest));
    if (!request.names.empty() && request.names.front() != kCardWord) {
        return bad_request("screenshot: " + quoted_word(request.names.front()) +
                           " is not card; write " + std::string(form.shape));
    }
    return request;
}

Result<ControlRequest> parse_form(const RequestForm& form, std::string_view rest) {
    switch (form.verb) {
        case ControlVerb::Set:
            return parse_set(form, rest);
        case ControlVerb::Screenshot:
            return parse_screenshot(form, rest);
        case ControlVerb::Get:
        case ControlVerb::List:
        case ControlVerb::Watch:
            break;
    }
    return parse_names(form, rest);
}

// `text` as it can stand inside a line.
std::string on_one_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const std::size_t size = utf8_character_size(text);
        if (size == 0 || starts_with_control(text)) {
            line += '?';
        } else {
            line += text.substr(0, size);
        }
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return line;
}

}  // namespace

Result<ControlRequest> parse_request(std::string_view line) {
    if (line.size() > kMaxRequestBytes) {
        return bad_request("longer than " + std::to_string(kMaxRequestBytes) + " bytes");
    }
    if (std::string fault = fault_of(line); !fault.empty()) {
        return bad_request(std::move(fault));
    }
    std::string_view rest = line.substr(skip_spaces(line));
    const std::string_view word = take_word(rest);
    if (word.empty()) {
        return bad_request("empty line; " + std::string(kAllWords));
    }
    const auto* const form = std::ranges::find(kRequests, word, &RequestForm::word);
    if (form == kRequests.end()) {
        return bad_request(no_such_request(word));
    }
    return parse_form(*form, rest);
}

Result<std::string> format_request(const ControlRequest& request) {
    const auto* const form = std::ranges::find(kRequests, request.verb, &RequestForm::verb);
    std::string line(form->word);
    for (const std::string& name : request.names) {
        line += ' ' + name;
    }
    if (request.verb == ControlVerb::Set) {
        line += ' ' + request.value;
    }
    if (MINIKVM_TRY(parse_request(line)) != request) {
        return bad_request("a name has a space in it, or there is none");
    }
    return line + '\n';
}

Result<ControlAnswer> parse_answer(std::string_view line) {
    if (!fault_of(line).empty()) {
        return make_error(ProtocolError::BadReply, "control answer that is no line of text");
    }
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    if (word == kOk) {
        return ControlAnswer{ControlLine::Ok, {}, std::string(rest)};
    }
    if (word == kError) {
        const std::string code(take_word(rest));
        return ControlAnswer{ControlLine::Error, code, std::string(rest)};
    }
    if (word.empty() || word.size() == line.size()) {
        return make_error(ProtocolError::BadReply, "control answer with neither name nor value");
    }
    return ControlAnswer{ControlLine::Item, std::string(word), std::string(rest)};
}

std::string format_ok(std::string_view value) {
    std::string line(kOk);
    if (!value.empty()) {
        line += ' ' + on_one_line(value);
    }
    return line + '\n';
}

std::string format_item(std::string_view name, std::string_view text) {
    return on_one_line(name) + ' ' + on_one_line(text) + '\n';
}

std::string format_error(ControlError error, std::string_view message) {
    return std::string(kError)
        .append(" ")
        .append(control_error_name(error))
        .append(" ")
        .append(on_one_line(message))
        .append("\n");
}

std::string format_error(const Error& error) {
    const bool is_sentence = error.code.category() == control_category();
    return format_error(control_error_for(error.code),
                        is_sentence ? error.context : error.message());
}

}  // namespace minikvm
