// SPDX-License-Identifier: MIT
// Which mode the pump gives stick and cameras, and when.

#include "tests/unit/pump_case.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

class PumpModeTest : public PumpCase {};

TEST_F(PumpModeTest, RefusesAnotherModeWhileSomebodyWatches) {
    plug();
    watch(1);

    const auto changed = pump_.change({.format = PictureFormat::Yuyv});

    EXPECT_EQ(changed.error().code, std::errc::device_or_resource_busy);
    EXPECT_EQ(audience_.mode.format, PictureFormat::Mjpg);
}

TEST_F(PumpModeTest, ChangesTheModeOfStickAndCamera) {
    plug();

    const auto changed = pump_.change({.size = PictureSize{1280, 720}, .rate_hz = 60});

    EXPECT_EQ(changed, (CameraMode{{{1280, 720}, 60}, PictureFormat::Mjpg}));
    EXPECT_EQ(audience_.mode, *changed);
}

TEST_F(PumpModeTest, SaysWhatIsOfferedInsteadOfASizeThatIsNot) {
    plug();

    const auto changed = pump_.change({.size = PictureSize{800, 600}});

    ASSERT_EQ(changed.error().code, std::errc::invalid_argument);
    EXPECT_NE(changed.error().message().find("1280x720"), std::string::npos);
}

TEST_F(PumpModeTest, FollowsTheTargetsSizeOnceNobodyWatches) {
    ASSERT_TRUE(pump_.change({.size_follows_target = true}));
    plug();
    watch(1);
    pump_.set_target_size({640, 480});
    EXPECT_EQ(audience_.mode.video.size, (PictureSize{1920, 1080}));

    watch(0);
    pass(1s);

    EXPECT_EQ(audience_.mode.video.size, (PictureSize{640, 480}));
}

class LostCameraTest : public PumpCase {
protected:
    void lose() {
        audience_.start_fails_with = std::errc::permission_denied;
        ASSERT_FALSE(pump_.change({.format = PictureFormat::Yuyv}));
    }
    bool is_told() const { return status_.error.find("the camera is lost") != std::string::npos; }
};

TEST_F(LostCameraTest, IsTold) {
    plug();
    audience_.start_fails_with = std::errc::permission_denied;

    const auto changed = pump_.change({.format = PictureFormat::Yuyv});

    EXPECT_EQ(changed.error().code, std::errc::no_such_device);
    EXPECT_TRUE(is_told());
    watch(1);
    EXPECT_FALSE(stick_.streaming);
}

TEST_F(LostCameraTest, IsTriedToBeMadeAgainUntilItCouldBe) {
    plug();
    lose();
    pass(10s);
    EXPECT_TRUE(is_told());
    audience_.start_fails_with.reset();

    pass(5s);

    EXPECT_EQ(status_.error, "");
    EXPECT_EQ(audience_.mode.format, PictureFormat::Yuyv);
    watch(1);
    EXPECT_TRUE(stick_.streaming);
}

TEST_F(LostCameraTest, StaysAnErrorWhileSticksComeAndGo) {
    plug();
    lose();
    pump_.detach();
    EXPECT_TRUE(is_told());
    plug();
    EXPECT_TRUE(is_told());
    audience_.start_fails_with.reset();

    pass(5s);

    EXPECT_EQ(status_.error, "");
    watch(1);
    EXPECT_TRUE(stick_.streaming);
}

TEST_F(LostCameraTest, IsNoticedWhoeverLosesIt) {
    plug();
    audience_.lost = true;
    audience_.callbacks.on_change();
    EXPECT_TRUE(is_told());

    pass(5s);

    EXPECT_EQ(status_.error, "");
    EXPECT_FALSE(audience_.lost);
}

TEST_F(LostCameraTest, IsMadeAtOnceForWhoChangesIt) {
    plug();
    lose();
    audience_.start_fails_with.reset();

    const auto changed = pump_.change({.format = PictureFormat::Nv12});

    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->format, PictureFormat::Nv12);
    EXPECT_EQ(status_.error, "");
}

}  // namespace
}  // namespace minikvm
