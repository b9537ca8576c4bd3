// SPDX-License-Identifier: MIT
// The declarations of a stick's attributes.

#include "daemon/attribute_list.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minikvm {
namespace {

TEST(AttributeList, IsSortedByName) {
    EXPECT_TRUE(std::ranges::is_sorted(attribute_list(), {}, &AttributeDeclaration::name));
}

TEST(AttributeList, SaysInASentenceWhatEachAttributeIs) {
    for (const AttributeDeclaration& declaration : attribute_list()) {
        EXPECT_THAT(declaration.summary, testing::EndsWith(".")) << declaration.name;
    }
}

TEST(AttributeList, SaysWhatEveryReadableAttributeReads) {
    for (const AttributeDeclaration& declaration : attribute_list()) {
        EXPECT_EQ(declaration.values.empty(), declaration.access == Access::Write)
            << declaration.name;
    }
}

}  // namespace
}  // namespace minikvm
