// SPDX-License-Identifier: MIT
// Departure: who keeps a process alive, and for how long after the last one.

#include "daemon/departure.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

const TimePoint kStart{std::chrono::hours(1)};
const Attachments kNobody;

TEST(Departure, IsNotDueWhileTheStickIsPlugged) {
    Departure departure;

    departure.update({.stick_plugged = true}, kStart);

    EXPECT_FALSE(departure.due(kStart + std::chrono::hours(1)));
}

TEST(Departure, IsNotDueWhileAnybodyIsAttached) {
    for (const Attachments& somebody :
         {Attachments{.viewers = 1}, Attachments{.sink_openers = 1}, Attachments{.clients = 1}}) {
        Departure departure;

        departure.update(somebody, kStart);

        EXPECT_FALSE(departure.due(kStart + std::chrono::hours(1)));
    }
}

TEST(Departure, IsDueOnceNobodyWasAttachedForTheLinger) {
    Departure departure;

    departure.update(kNobody, kStart);

    EXPECT_FALSE(departure.due(kStart + Departure::kLinger - std::chrono::milliseconds(1)));
    EXPECT_TRUE(departure.due(kStart + Departure::kLinger));
}

TEST(Departure, CountsFromTheMomentThatTheLastOneLeft) {
    Departure departure;
    departure.update(kNobody, kStart);

    departure.update(kNobody, kStart + std::chrono::seconds(1));

    EXPECT_EQ(departure.deadline(), kStart + Departure::kLinger);
}

TEST(Departure, IsCalledOffByAReplug) {
    Departure departure;
    departure.update(kNobody, kStart);

    departure.update({.stick_plugged = true}, kStart + std::chrono::seconds(1));

    EXPECT_FALSE(departure.deadline());
}

TEST(Departure, StartsAnewAfterItWasCalledOff) {
    Departure departure;
    departure.update(kNobody, kStart);
    departure.update({.clients = 1}, kStart + std::chrono::seconds(1));

    departure.update(kNobody, kStart + std::chrono::seconds(2));

    EXPECT_EQ(departure.deadline(), kStart + std::chrono::seconds(2) + Departure::kLinger);
}

}  // namespace
}  // namespace minikvm
