// SPDX-License-Identifier: MIT
// What the pump does with a stick and its viewers, by a clock that is moved by hand.

#include "v4l2-bridge/pump.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/fake_cameras.h"
#include "tests/fakes/fake_stick.h"
#include "tests/unit/jpeg_samples.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class PumpTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(pump_.start()); }

    void plug() { pump_.attach("/dev/video7"); }
    void watch(unsigned viewers) { audience_.watch(viewers); }

    /// Lets time pass, and what is due happen in it.
    void pass(std::chrono::milliseconds time) {
        const TimePoint end = now_ + time;
        while (wake_at_ && *wake_at_ <= end) {
            now_ = std::max(now_, *std::exchange(wake_at_, std::nullopt));
            alarms_.ring();
        }
        now_ = end;
    }

    void frame(const test::Bytes& jpeg) {
        ASSERT_TRUE(stick_.streaming);
        stick_.waiting = CapturedFrame{.bytes = jpeg};
        on_readable_();
        EXPECT_EQ(stick_.held, 0);
    }
    void picture() { frame(picture_); }

    /// So many pictures, 100 ms apart.
    void pictures(int number) {
        for (int sent = 0; sent < number; ++sent) {
            picture();
            pass(100ms);
        }
    }

    /// As it is told a second later, since counters are told no more often.
    VideoStatus status() {
        pass(1s);
        return status_;
    }

    std::vector<Result<Screenshot>>& take_screenshot(ScreenshotWish wish = ScreenshotWish::Target) {
        pump_.take_screenshot(wish, [this](const auto& taken) { screenshots_.push_back(taken); });
        return screenshots_;
    }

    TimePoint now_ = TimePoint(1h);
    std::optional<TimePoint> wake_at_;
    Alarms alarms_{[this] { return now_; },
                   [this](std::optional<TimePoint> deadline) { wake_at_ = deadline; }};
    FakeStick stick_;
    FakeAudience audience_;
    std::function<void()> on_readable_;
    VideoStatus status_;
    int told_ = 0;
    std::vector<std::string> resets_;
    std::vector<Result<Screenshot>> screenshots_;
    const test::Bytes picture_ = test::console_jpeg({64, 48});
    const test::Bytes filler_ = test::uniform_jpeg({64, 48}, 0);

    Pump pump_{{alarms_,
                [this](int /*fd*/, std::function<void()> on_readable) {
                    on_readable_ = std::move(on_readable);
                    return Result<Watch>(Watch());
                },
                [this](const auto& node, const auto& wish, auto limit) {
                    return stick_.open_source(node, wish, limit);
                }},
               {.id = "desk", .mode = audience_.mode},
               std::make_unique<FakeCameras>(audience_),
               {[this](VideoStatus status) {
                    status_ = std::move(status);
                    ++told_;
                },
                [this](const std::string& node) { resets_.push_back(node); }}};
};

TEST_F(PumpTest, LetsTheStickRestWhileNobodyWatches) {
    plug();
    pass(1h);

    EXPECT_EQ(stick_.starts, 0U);
    EXPECT_FALSE(wake_at_);
}

TEST_F(PumpTest, StartsTheStreamForAViewer) {
    plug();
    watch(1);
    EXPECT_TRUE(stick_.streaming);

    picture();

    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_TRUE(status().streaming);
    EXPECT_EQ(status().frames, 1U);
}

TEST_F(PumpTest, StartsTheStreamForAViewerWhoWasThereBeforeTheStick) {
    watch(1);
    plug();

    EXPECT_TRUE(stick_.streaming);
}

TEST_F(PumpTest, StopsTheStreamASecondAfterTheLastViewer) {
    plug();
    watch(1);
    picture();

    watch(0);
    pass(999ms);
    EXPECT_TRUE(stick_.streaming);
    EXPECT_FALSE(audience_.fresh);
    pass(1ms);

    EXPECT_FALSE(stick_.streaming);
    EXPECT_TRUE(audience_.fresh) << "the next viewer gets no old picture";
}

TEST_F(PumpTest, GoesOnForAViewerWhoComesBackAtOnce) {
    plug();
    watch(1);
    watch(0);
    pass(500ms);
    watch(1);
    pass(10s);

    EXPECT_TRUE(stick_.streaming);
    EXPECT_EQ(stick_.starts, 1U);
}

TEST_F(PumpTest, MakesTheCameraAnewWhereTheModuleForgetsAtOnce) {
    audience_.kind = LoopbackKind::Static;
    plug();
    watch(1);
    picture();
    watch(0);
    pass(1s);

    EXPECT_EQ(audience_.begun, 1U);
}

TEST_F(PumpTest, MakesTheCameraAnewOnceNobodyHasOpenedItForLong) {
    plug();
    watch(1);
    picture();
    watch(0);
    pass(1s);

    pass(29s);
    audience_.callbacks.on_open();
    pass(29s);
    EXPECT_EQ(audience_.begun, 0U);
    pass(1s);

    EXPECT_EQ(audience_.begun, 1U);
}

TEST_F(PumpTest, ShowsNoFillerOfAStreamThatHasJustBegun) {
    plug();
    watch(1);

    frame(filler_);
    frame(filler_);
    EXPECT_EQ(audience_.pictures, 0U);
    picture();
    EXPECT_EQ(audience_.pictures, 1U);

    EXPECT_EQ(status().filler, 2U);
}

TEST_F(PumpTest, CountsAPictureThatCannotBeDecodedAndGoesOn) {
    plug();
    watch(1);
    audience_.show_fails_with = std::errc::bad_message;
    picture();
    audience_.show_fails_with.reset();
    picture();

    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_EQ(status().broken, 1U);
    EXPECT_EQ(status().frames, 1U);
}

TEST_F(PumpTest, AddsUpWhatSeveralSessionsHaveLost) {
    plug();
    watch(1);
    stick_.counters = {.dropped = 2, .skipped = 3, .broken = 4};
    pump_.detach();
    stick_.counters = {.dropped = 10};
    plug();

    EXPECT_EQ(status().dropped, 12U);
    EXPECT_EQ(status().skipped, 3U);
    EXPECT_EQ(status().broken, 4U);
}

TEST_F(PumpTest, TellsCountersOnceASecond) {
    plug();
    watch(1);
    pictures(15);
    told_ = 0;

    pictures(20);

    EXPECT_EQ(told_, 2);
}

TEST_F(PumpTest, ShowsACardWhereNothingHasComeForHalfASecond) {
    plug();
    watch(1);

    pass(499ms);
    EXPECT_EQ(audience_.cards, 0U);
    pass(1ms);
    EXPECT_EQ(audience_.cards, 1U);
    EXPECT_EQ(status_.card, Card::Starting);

    picture();
    EXPECT_EQ(status_.card, Card::None);
}

TEST_F(PumpTest, ShowsACardAtOnceWhileTheTargetSendsNothing) {
    pump_.set_signal(false);
    plug();
    watch(1);

    EXPECT_EQ(status_.card, Card::NoSignal);
    picture();
    EXPECT_EQ(audience_.pictures, 0U) << "which is what the stick saw last";

    pump_.set_signal(true);
    picture();
    EXPECT_EQ(audience_.pictures, 1U);
    EXPECT_EQ(status_.card, Card::None);
}

TEST_F(PumpTest, DrawsNothingForNobody) {
    pump_.set_signal(false);
    plug();
    pass(1min);

    EXPECT_EQ(audience_.cards, 0U);
}

TEST_F(PumpTest, ShowsACardOverAReplugAndThePictureAfterIt) {
    plug();
    watch(1);
    picture();

    pump_.detach();
    EXPECT_EQ(status_.card, Card::NoStick);
    EXPECT_FALSE(stick_.streaming);
    plug();
    picture();

    EXPECT_EQ(status_.card, Card::None);
    EXPECT_EQ(status_.error, "");
    EXPECT_EQ(audience_.pictures, 2U);
}

TEST_F(PumpTest, EndsTheSessionOfAStickThatHasVanished) {
    plug();
    watch(1);
    picture();

    stick_.take_fails_with = std::errc::no_such_device;
    on_readable_();

    EXPECT_EQ(status_.card, Card::NoStick);
    EXPECT_EQ(status_.error, "") << "pulling it is nobody's fault";
    EXPECT_FALSE(status_.streaming);
}

TEST_F(PumpTest, ClosesTheNodeOfAPulledStickOnceUnpluggingIsOver) {
    plug();
    pump_.detach();

    pass(1999ms);
    EXPECT_EQ(stick_.open, 1U);
    pass(1ms);
    EXPECT_EQ(stick_.open, 0U);
}

TEST_F(PumpTest, ClosesTheOldNodeBeforeTheNextStreamStarts) {
    plug();
    pump_.detach();
    plug();

    EXPECT_EQ(stick_.open, 1U);
}

TEST_F(PumpTest, TellsAFullBusAndTriesAgain) {
    stick_.start_fails_with = std::errc::no_space_on_device;
    plug();
    watch(1);

    EXPECT_NE(status_.error.find("the USB bus has no room left"), std::string::npos);
    pass(4999ms);
    EXPECT_EQ(stick_.starts, 1U);
    stick_.start_fails_with.reset();
    pass(1ms);
    pictures(11);

    EXPECT_EQ(stick_.starts, 2U);
    EXPECT_EQ(status_.error, "");
}

TEST_F(PumpTest, StartsAStreamAnewThatHasFallenSilent) {
    pump_.set_signal(true);
    plug();
    watch(1);
    picture();

    pass(2999ms);
    EXPECT_EQ(stick_.starts, 1U);
    pass(1ms);

    EXPECT_EQ(stick_.starts, 2U);
    EXPECT_EQ(status_.card, Card::Stalled);
    EXPECT_EQ(status().restarts, 1U);
    EXPECT_TRUE(resets_.empty());
}

TEST_F(PumpTest, HasAStickResetWhereARestartIsInVain) {
    pump_.set_signal(true);
    plug();
    watch(1);
    picture();

    pass(3s);
    EXPECT_TRUE(resets_.empty());
    pass(10s);

    ASSERT_FALSE(resets_.empty());
    EXPECT_EQ(resets_.front(), "/dev/video7");
    EXPECT_GE(status().resets, 1U);
}

TEST_F(PumpTest, LeavesASilentStickAloneWithoutASignal) {
    pump_.set_signal(false);
    plug();
    watch(1);
    pass(1h);

    EXPECT_EQ(stick_.starts, 1U);
    EXPECT_TRUE(resets_.empty());
}

TEST_F(PumpTest, RefusesAnotherModeWhileSomebodyWatches) {
    plug();
    watch(1);

    const auto changed = pump_.change({.format = PictureFormat::Yuyv});

    EXPECT_EQ(changed.error().code, std::errc::device_or_resource_busy);
    EXPECT_EQ(audience_.mode.format, PictureFormat::Mjpg);
}

TEST_F(PumpTest, ChangesTheModeOfStickAndCamera) {
    plug();

    const auto changed = pump_.change({.size = PictureSize{1280, 720}, .rate_hz = 60});

    EXPECT_EQ(changed, (CameraMode{{{1280, 720}, 60}, PictureFormat::Mjpg}));
    EXPECT_EQ(audience_.mode, *changed);
}

TEST_F(PumpTest, SaysWhatIsOfferedInsteadOfASizeThatIsNot) {
    plug();

    const auto changed = pump_.change({.size = PictureSize{800, 600}});

    ASSERT_EQ(changed.error().code, std::errc::invalid_argument);
    EXPECT_NE(changed.error().message().find("1280x720"), std::string::npos);
}

TEST_F(PumpTest, FollowsTheTargetsSizeOnceNobodyWatches) {
    ASSERT_TRUE(pump_.change({.size_follows_target = true}));
    plug();
    watch(1);
    pump_.set_target_size({640, 480});
    EXPECT_EQ(audience_.mode.video.size, (PictureSize{1920, 1080}));

    watch(0);
    pass(1s);

    EXPECT_EQ(audience_.mode.video.size, (PictureSize{640, 480}));
}

TEST_F(PumpTest, TellsThatTheCameraIsLost) {
    plug();
    audience_.start_fails_with = std::errc::no_such_device;

    const auto changed = pump_.change({.format = PictureFormat::Yuyv});

    EXPECT_EQ(changed.error().code, std::errc::no_such_device);
    EXPECT_NE(status_.error.find("the camera is lost"), std::string::npos);
    watch(1);
    EXPECT_FALSE(stick_.streaming);
}

TEST_F(PumpTest, GivesAScreenshotWhileNobodyWatches) {
    plug();
    take_screenshot();
    ASSERT_TRUE(stick_.streaming);
    frame(filler_);
    EXPECT_TRUE(screenshots_.empty());

    picture();

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_EQ(screenshots_.front()->card, Card::None);
    EXPECT_EQ(audience_.pictures, 0U);
    pass(999ms);
    EXPECT_TRUE(stick_.streaming) << "for the next of a series";
    pass(1ms);
    EXPECT_FALSE(stick_.streaming);
}

TEST_F(PumpTest, RefusesAScreenshotAtOnceWithoutAStickOrASignal) {
    EXPECT_EQ(take_screenshot().size(), 1U);
    plug();
    pump_.set_signal(false);
    EXPECT_EQ(take_screenshot().size(), 2U);

    EXPECT_NE(screenshots_[0].error().message().find("not plugged in"), std::string::npos);
    EXPECT_NE(screenshots_[1].error().message().find("no screen signal"), std::string::npos);
    EXPECT_EQ(stick_.starts, 0U);
}

TEST_F(PumpTest, GivesACardToThoseWhoTakeOneInstead) {
    pump_.set_signal(false);
    plug();

    take_screenshot(ScreenshotWish::TargetOrCard);

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_EQ(screenshots_.front()->card, Card::NoSignal);
}

TEST_F(PumpTest, RefusesAScreenshotForWhichNothingHasCome) {
    plug();
    take_screenshot();

    pass(3499ms);
    EXPECT_TRUE(screenshots_.empty());
    pass(1ms);

    ASSERT_EQ(screenshots_.size(), 1U);
    EXPECT_NE(screenshots_.front().error().message().find("within 3.5 s"), std::string::npos);
    pass(1s);
    EXPECT_FALSE(stick_.streaming);
}

}  // namespace
}  // namespace minikvm
