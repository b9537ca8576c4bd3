// SPDX-License-Identifier: MIT
// OpenMetrics text, line by line. tests/guest/test_metrics.py reads it with somebody else's parser.

#include "clients/ctl/open_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string metrics_with(const std::string& name, const std::string& value) {
    StickValues values;
    values.set(name, value);
    return open_metrics({{"1-2", values}});
}

TEST(OpenMetrics, EndAsTheyMust) {
    EXPECT_THAT(open_metrics({}), EndsWith("\n# EOF\n"));
}

TEST(OpenMetrics, CountTheSticks) {
    EXPECT_THAT(open_metrics({}), HasSubstr("\nminikvm_sticks 0\n"));
    EXPECT_THAT(metrics_with("state", "ready"), HasSubstr("\nminikvm_sticks 1\n"));
}

TEST(OpenMetrics, GiveCountersTheirSuffix) {
    EXPECT_THAT(metrics_with("video/frames", "12"),
                HasSubstr("# TYPE minikvm_video_frames counter\n"
                          "# HELP minikvm_video_frames Frames shown on the camera.\n"
                          "minikvm_video_frames_total{stick=\"1-2\"} 12\n"));
}

TEST(OpenMetrics, KeepTheSticksOfAFamilyTogether) {
    StickValues values;
    values.set("input/reports", "7");

    EXPECT_THAT(open_metrics({{"1-2", values}, {"1-3", values}}),
                HasSubstr("minikvm_input_reports_total{stick=\"1-2\"} 7\n"
                          "minikvm_input_reports_total{stick=\"1-3\"} 7\n"));
}

TEST(OpenMetrics, MeasureInBaseUnits) {
    EXPECT_THAT(metrics_with("video/latency_p99_us", "1500"),
                HasSubstr("minikvm_video_latency_seconds{stick=\"1-2\",quantile=\"0.99\"} 0.0015"));
    EXPECT_THAT(metrics_with("input/latency_p50_us", "2100"),
                HasSubstr("minikvm_input_latency_seconds{stick=\"1-2\",quantile=\"0.5\"} 0.0021"));
    EXPECT_THAT(metrics_with("hdmi/pixel_clock_khz", "148500"),
                HasSubstr("minikvm_hdmi_pixel_clock_hertz{stick=\"1-2\"} 148500000"));
}

TEST(OpenMetrics, ShowAStateAmongAllThereAre) {
    const std::string metrics = metrics_with("usb/switch", "target");

    EXPECT_THAT(metrics,
                HasSubstr("minikvm_usb_switch{stick=\"1-2\",minikvm_usb_switch=\"host\"} 0\n"
                          "minikvm_usb_switch{stick=\"1-2\",minikvm_usb_switch=\"target\"} 1\n"));
}

TEST(OpenMetrics, SayWhichPartHasAProblem) {
    EXPECT_THAT(metrics_with("video/problem", "no frames"),
                HasSubstr("minikvm_problem{stick=\"1-2\",part=\"video\"} 1\n"));
    EXPECT_THAT(metrics_with("usb/problem", ""),
                HasSubstr("minikvm_problem{stick=\"1-2\",part=\"usb\"} 0\n"));
}

TEST(OpenMetrics, LeaveOutWhatNobodyKnows) {
    EXPECT_THAT(metrics_with("hdmi/connected", "unknown"), Not(HasSubstr("connected{")));
    EXPECT_THAT(metrics_with("input/held", "unknown"), Not(HasSubstr("held_keys{")));
}

TEST(OpenMetrics, EscapeWhatAStickIsCalled) {
    EXPECT_THAT(metrics_with("name", R"(a"b\c)"), HasSubstr(R"(name="a\"b\\c")"));
}

}  // namespace
}  // namespace minikvm
