// SPDX-License-Identifier: MIT
// The control socket's lines: what a client can ask, how it is answered, what it is told when
// wrong.

#include "protocol/control_grammar.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/error_of.h"

namespace minikvm {
namespace {

using std::string_literals::operator""s;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string refusal(std::string_view line) {
    const auto request = parse_request(line);
    if (request) {
        return "accepted";
    }
    EXPECT_EQ(error_of(request), ControlError::BadRequest);
    return request.error().context;
}

TEST(ControlRequest, GetsOneAttribute) {
    EXPECT_EQ(parse_request("get usb/switch"),
              (ControlRequest{ControlVerb::Get, {"usb/switch"}, ""}));
}

TEST(ControlRequest, SetsOneAttribute) {
    EXPECT_EQ(parse_request("set usb/switch target"),
              (ControlRequest{ControlVerb::Set, {"usb/switch"}, "target"}));
}

TEST(ControlRequest, SetsTheRestOfTheLine) {
    EXPECT_EQ(parse_request("set name  left desk, \"upper\" "),
              (ControlRequest{ControlVerb::Set, {"name"}, " left desk, \"upper\" "}));
    EXPECT_EQ(parse_request("set name Schreibtisch für Jörg 😀"),
              (ControlRequest{ControlVerb::Set, {"name"}, "Schreibtisch für Jörg 😀"}));
}

TEST(ControlRequest, SetsAnEmptyValue) {
    EXPECT_EQ(parse_request("set name "), (ControlRequest{ControlVerb::Set, {"name"}, ""}));
}

TEST(ControlRequest, ListsEverythingOrOneFolder) {
    EXPECT_EQ(parse_request("ls"), (ControlRequest{ControlVerb::List, {}, ""}));
    EXPECT_EQ(parse_request("ls usb"), (ControlRequest{ControlVerb::List, {"usb"}, ""}));
}

TEST(ControlRequest, WatchesSeveral) {
    EXPECT_EQ(parse_request("watch usb hdmi/connected"),
              (ControlRequest{ControlVerb::Watch, {"usb", "hdmi/connected"}, ""}));
}

TEST(ControlRequest, TakesAScreenshotOrACard) {
    EXPECT_EQ(parse_request("screenshot"), (ControlRequest{ControlVerb::Screenshot, {}, ""}));
    EXPECT_EQ(parse_request("screenshot card"),
              (ControlRequest{ControlVerb::Screenshot, {"card"}, ""}));
}

TEST(ControlRequest, MayHaveSpacesAroundItsWords) {
    EXPECT_EQ(parse_request("  get   usb/switch  "),
              (ControlRequest{ControlVerb::Get, {"usb/switch"}, ""}));
    EXPECT_EQ(parse_request("set   usb/switch target"),
              (ControlRequest{ControlVerb::Set, {"usb/switch"}, "target"}));
}

TEST(ControlRequest, MayBeAsLongAsTheLimit) {
    const std::string value(kMaxRequestBytes - "set name "s.size(), 'x');

    EXPECT_EQ(parse_request("set name " + value).value().value, value);
}

TEST(ControlRequest, IsReadAsItWasWritten) {
    for (const ControlRequest& request :
         {ControlRequest{ControlVerb::Get, {"state"}, ""},
          ControlRequest{ControlVerb::Set, {"name"}, " two  words "},
          ControlRequest{ControlVerb::Set, {"name"}, ""}, ControlRequest{ControlVerb::List, {}, ""},
          ControlRequest{ControlVerb::Watch, {"usb", "hdmi", "state"}, ""},
          ControlRequest{ControlVerb::Screenshot, {}, ""},
          ControlRequest{ControlVerb::Screenshot, {"card"}, ""}}) {
        std::string line = format_request(request).value();
        ASSERT_EQ(line.back(), '\n');
        line.pop_back();
        EXPECT_EQ(parse_request(line), request) << line;
    }
}

// Every way this input can be wrong.

TEST(ControlRequest, IsRefusedWhenEmpty) {
    EXPECT_EQ(refusal(""), "empty line; there are get, set, ls, watch, screenshot");
    EXPECT_EQ(refusal("   "), "empty line; there are get, set, ls, watch, screenshot");
}

TEST(ControlRequest, IsRefusedWithTheNearestWord) {
    EXPECT_EQ(refusal("gte state"), "\"gte\": no such request; did you mean get");
    EXPECT_EQ(refusal("wacth"), "\"wacth\": no such request; did you mean watch");
    EXPECT_EQ(refusal("SET a b"),
              "\"SET\": no such request; there are get, set, ls, watch, screenshot");
}

TEST(ControlRequest, IsRefusedWithAllWordsWhenNoneIsNear) {
    EXPECT_EQ(refusal("DELETE everything"),
              "\"DELETE\": no such request; there are get, set, ls, watch, screenshot");
}

TEST(ControlRequest, IsRefusedWithoutAName) {
    EXPECT_EQ(refusal("get"), "get: no name; write get NAME");
    EXPECT_EQ(refusal("get "), "get: no name; write get NAME");
    EXPECT_EQ(refusal("set"), "set: no name; write set NAME VALUE");
    EXPECT_EQ(refusal("watch"), "watch: no name; write watch NAME-OR-FOLDER...");
}

TEST(ControlRequest, IsRefusedWithoutAValue) {
    EXPECT_EQ(refusal("set usb/switch"), "set \"usb/switch\": no value; write set NAME VALUE");
}

TEST(ControlRequest, IsRefusedWithTooManyNames) {
    EXPECT_EQ(refusal("get a b"), "get: 2 names where one may be; write get NAME");
    EXPECT_EQ(refusal("ls a b c"), "ls: 3 names where one may be; write ls [NAME-OR-FOLDER]");
}

TEST(ControlRequest, IsRefusedForAScreenshotOfSomethingElse) {
    EXPECT_EQ(refusal("screenshot png"),
              "screenshot: \"png\" is not card; write screenshot [card]");
    EXPECT_EQ(refusal("screenshot card card"),
              "screenshot: 2 names where one may be; write screenshot [card]");
}

TEST(ControlRequest, IsRefusedWhenTooLong) {
    EXPECT_EQ(refusal("set name " + std::string(kMaxRequestBytes, 'x')), "longer than 4096 bytes");
}

TEST(ControlRequest, IsRefusedWithAControlCharacter) {
    for (const std::string& character :
         {"\0"s, "\t"s, "\r"s, "\n"s, "\x1B"s, "\x7F"s, "\xC2\x9B"s}) {
        EXPECT_THAT(refusal("set name a" + character + "b"),
                    HasSubstr("byte 11 is a control character"))
            << int{character[0]};
    }
}

TEST(ControlRequest, IsRefusedWhenItIsNotUtf8) {
    for (const char* character : {"\x80", "\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                  "\xF4\x90\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98"}) {
        EXPECT_THAT(refusal("set name a"s + character), HasSubstr("byte 11 is not UTF-8"));
    }
}

TEST(ControlRequest, IsRepeatedInPartWhenItsWordIsLong) {
    EXPECT_EQ(refusal(std::string(1000, 'x')),
              "\"" + std::string(32, 'x') +
                  "...\": no such request; there are get, set, ls, watch, screenshot");
}

TEST(ControlRequest, IsNotWrittenWhenNoLineSaysIt) {
    for (const ControlRequest& request :
         {ControlRequest{ControlVerb::Set, {"name"}, "two\nlines"},
          ControlRequest{ControlVerb::Get, {"two words"}, ""},
          ControlRequest{ControlVerb::Set, {"two words"}, ""},
          ControlRequest{ControlVerb::Get, {}, ""}, ControlRequest{ControlVerb::Get, {""}, ""},
          ControlRequest{ControlVerb::Watch, {"a", "b c"}, ""},
          ControlRequest{ControlVerb::Set, {"name"}, std::string(kMaxRequestBytes, 'x')}}) {
        EXPECT_EQ(error_of(format_request(request)), ControlError::BadRequest) << request.value;
    }
}

TEST(ControlAnswer, SaysTheValue) {
    EXPECT_EQ(format_ok("host"), "ok host\n");
    EXPECT_EQ(parse_answer("ok host"), (ControlAnswer{ControlLine::Ok, "", "host"}));
}

TEST(ControlAnswer, SaysAnEmptyValueAsOkAlone) {
    EXPECT_EQ(format_ok(), "ok\n");
    EXPECT_EQ(parse_answer("ok"), (ControlAnswer{ControlLine::Ok, "", ""}));
}

TEST(ControlAnswer, ListsOneAttributeALine) {
    EXPECT_EQ(format_item("usb/switch", "rw"), "usb/switch rw\n");
    EXPECT_EQ(parse_answer("usb/switch rw"),
              (ControlAnswer{ControlLine::Item, "usb/switch", "rw"}));
}

TEST(ControlAnswer, ListsAnEmptyValueBehindItsName) {
    EXPECT_EQ(format_item("usb/device", ""), "usb/device \n");
    EXPECT_EQ(parse_answer("usb/device "), (ControlAnswer{ControlLine::Item, "usb/device", ""}));
}

TEST(ControlAnswer, KeepsSpacesInAValue) {
    EXPECT_EQ(parse_answer("ok  1d6b:0104  Mass Storage "),
              (ControlAnswer{ControlLine::Ok, "", " 1d6b:0104  Mass Storage "}));
}

TEST(ControlAnswer, SaysWhatWentWrong) {
    EXPECT_EQ(format_error(ControlError::NoSuchAttribute,
                           "usb/swich: no such attribute; did you mean usb/switch"),
              "error no-such-attribute usb/swich: no such attribute; did you mean usb/switch\n");
    EXPECT_EQ(parse_answer("error busy somebody watches"),
              (ControlAnswer{ControlLine::Error, "busy", "somebody watches"}));
}

TEST(ControlAnswer, SaysTheSentenceOfAControlErrorAlone) {
    EXPECT_EQ(format_error(Error{ControlError::BadValue,
                                 "usb/switch: \"sideways\" is not one of: host target toggle"}),
              "error bad-value usb/switch: \"sideways\" is not one of: host target toggle\n");
}

TEST(ControlAnswer, SaysWhatTheCodeMeansForOtherErrors) {
    EXPECT_EQ(format_error(Error{ProtocolError::Refused, "usb/switch"}),
              "error failed usb/switch: the chip refused\n");
    EXPECT_EQ(format_error(Error{std::make_error_code(std::errc::no_such_device), "hidraw"}),
              "error no-device hidraw: No such device\n");
}

TEST(ControlAnswer, StaysOnOneLineWhateverADeviceIsCalled) {
    EXPECT_EQ(format_ok("a\nb\r\x1B[2J\x7F"), "ok a?b??[2J?\n");
    EXPECT_EQ(format_item("usb/device", "\xC2\x9B\xFFSt\xC3\xB6r\xC3"),
              "usb/device ??St\xC3\xB6r?\n");
    EXPECT_EQ(format_error(ControlError::Failed, "\0\n"s), "error failed ??\n");
}

TEST(ControlAnswer, KeepsACodeThatThisVersionDoesNotKnow) {
    EXPECT_EQ(parse_answer("error on-fire usb/switch: smoke"),
              (ControlAnswer{ControlLine::Error, "on-fire", "usb/switch: smoke"}));
}

TEST(ControlAnswer, IsBadWhenItSaysNothing) {
    for (const std::string& line :
         {""s, " "s, "usb/switch"s, " x"s, "ok\n"s, "ok \xFF"s, "ok \0"s}) {
        EXPECT_EQ(error_of(parse_answer(line)), ProtocolError::BadReply) << line;
    }
}

}  // namespace
}  // namespace minikvm
