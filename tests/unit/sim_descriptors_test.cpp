// SPDX-License-Identifier: MIT
// The virtual stick's descriptor tables, read without knowing what they should say.

#include <gtest/gtest.h>

#include "sim/ms2109/descriptors.h"
#include "sim/ms2109/video_formats.h"
#include "sim/stick/plain_device.h"
#include "sim/usb_descriptors.h"

namespace minikvm::sim {
namespace {

constexpr std::uint8_t kInterface = 0x04;
constexpr std::uint8_t kClassInterface = 0x24;

using Bytes = std::span<const std::uint8_t>;

std::vector<DescriptorView> pieces(Ms2109Strings strings = Ms2109Strings::Openterface) {
    return split_descriptors(ms2109_descriptors(strings).configuration).value();
}

unsigned word(Bytes bytes, std::size_t at) {
    return bytes[at] | bytes[at + 1] << 8;
}

// How many bytes the class descriptors after the n-th interface have in all.
std::size_t class_bytes_of(std::uint8_t interface) {
    std::size_t total = 0;
    bool inside = false;
    for (const DescriptorView& piece : pieces()) {
        if (piece.type() == kInterface) {
            inside = piece.bytes[2] == interface && piece.bytes[3] == 0;
        } else if (inside && piece.type() == kClassInterface) {
            total += piece.bytes.size();
        }
    }
    return total;
}

TEST(Ms2109Descriptors, HaveTheTotalOfTheRealChip) {
    const auto configuration = ms2109_descriptors(Ms2109Strings::Openterface).configuration;

    EXPECT_EQ(configuration.size(), 0x4BBU);
    EXPECT_EQ(word(configuration, 2), 0x4BBU);
}

TEST(Ms2109Descriptors, CutIntoWholePieces) {
    EXPECT_GT(pieces().size(), 40U);
}

TEST(Ms2109Descriptors, GiveEachClassItsOwnTotal) {
    EXPECT_EQ(class_bytes_of(kVideoControlInterface), 0x33U);
    EXPECT_EQ(class_bytes_of(kVideoStreamInterface), 0x3B1U);
    EXPECT_EQ(class_bytes_of(kAudioControlInterface), 0x26U);
}

TEST(Ms2109Descriptors, OfferThreePacketSizesForVideo) {
    const auto descriptors = ms2109_descriptors(Ms2109Strings::Openterface);

    EXPECT_TRUE(has_alternate(descriptors, kVideoStreamInterface, 3));
    EXPECT_FALSE(has_alternate(descriptors, kVideoStreamInterface, 4));
}

TEST(Ms2109Descriptors, OfferElevenSizesInBothFormats) {
    const auto formats =
        parse_video_formats(ms2109_descriptors(Ms2109Strings::Openterface).configuration);

    ASSERT_EQ(formats.size(), 2U);
    EXPECT_EQ(formats[0].sizes.size(), 11U);
    EXPECT_EQ(formats[1].sizes.size(), 11U);
    EXPECT_EQ(formats[0].sizes[5].intervals.front(), 166666U);  // 1280x720 at 60
}

TEST(Ms2109Descriptors, NameTheStickOnlyInTheOpenterfaceVariant) {
    const auto ours = ms2109_descriptors(Ms2109Strings::Openterface);
    const auto generic = ms2109_descriptors(Ms2109Strings::Generic);

    EXPECT_EQ(string_descriptor(ours, ours.device[15])->size(), 2U + 2 * 11);
    EXPECT_EQ(generic.device[15], 0);
    EXPECT_EQ(generic.device[16], 0);
}

TEST(UsbDescriptors, AnswerStringZeroWithTheLanguage) {
    const auto languages = string_descriptor(ms2109_descriptors(Ms2109Strings::Generic), 0);

    EXPECT_EQ(languages, (std::vector<std::uint8_t>{4, 3, 0x09, 0x04}));
}

TEST(UsbDescriptors, HaveNoStringThatNobodyNamed) {
    EXPECT_FALSE(string_descriptor(ms2109_descriptors(Ms2109Strings::Generic), 9));
}

TEST(UsbDescriptors, RefuseALengthThatRunsOverTheEnd) {
    const std::vector<std::uint8_t> bytes = {9, 2, 0};

    EXPECT_FALSE(split_descriptors(bytes));
}

TEST(UsbDescriptors, RefuseALengthOfNothing) {
    const std::vector<std::uint8_t> bytes = {0, 2, 0};

    EXPECT_FALSE(split_descriptors(bytes));
}

TEST(PlainDevice, HasAConfigurationOfTheLengthItClaims) {
    const PlainDevice device(PlainDeviceName::UsbA);
    const auto configuration = device.descriptors().configuration;

    EXPECT_EQ(word(configuration, 2), configuration.size());
    EXPECT_TRUE(split_descriptors(configuration));
}

}  // namespace
}  // namespace minikvm::sim
