// SPDX-License-Identifier: MIT
// Who may do what on a control socket.

#include "control/control_access.h"

#include <gtest/gtest.h>

namespace minikvm {
namespace {

constexpr gid_t kMinikvm = 900;
constexpr gid_t kObservers = 901;
constexpr gid_t kUsers = 1000;
constexpr ControlAccess kAccess = {.owner = 950, .group = kMinikvm, .read_only_group = kObservers};

ClientClass class_of_user(uid_t user, gid_t group, const std::vector<gid_t>& groups = {}) {
    return class_of({.pid = 1, .uid = user, .gid = group}, groups, kAccess);
}

TEST(ControlAccess, IsFullForRoot) {
    EXPECT_EQ(class_of_user(0, 0), ClientClass::Full);
}

TEST(ControlAccess, IsFullForTheOwner) {
    EXPECT_EQ(class_of_user(950, kUsers), ClientClass::Full);
}

TEST(ControlAccess, IsFullForMembersOfTheGroup) {
    EXPECT_EQ(class_of_user(1001, kUsers, {kUsers, kMinikvm}), ClientClass::Full);
    EXPECT_EQ(class_of_user(1001, kMinikvm), ClientClass::Full);
}

TEST(ControlAccess, IsReadOnlyForMembersOfTheOtherGroup) {
    EXPECT_EQ(class_of_user(1001, kUsers, {kUsers, kObservers}), ClientClass::ReadOnly);
    EXPECT_EQ(class_of_user(1001, kObservers), ClientClass::ReadOnly);
}

TEST(ControlAccess, IsTheGreaterForMembersOfBoth) {
    EXPECT_EQ(class_of_user(1001, kObservers, {kMinikvm}), ClientClass::Full);
}

TEST(ControlAccess, IsNoneForOthers) {
    EXPECT_EQ(class_of_user(1001, kUsers, {kUsers}), ClientClass::Nobody);
}

TEST(ControlAccess, IsNoneForAGroupThatNobodyHasNamed) {
    const ControlAccess access = {.owner = 950, .group = kMinikvm, .read_only_group = {}};

    EXPECT_EQ(class_of({.pid = 1, .uid = 1001, .gid = kObservers}, {kObservers}, access),
              ClientClass::Nobody);
}

}  // namespace
}  // namespace minikvm
