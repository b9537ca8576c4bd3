// SPDX-License-Identifier: MIT
// The simulated CH340's registers and modem lines, with the values of hardware.md 8.2.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/serial/ch340_registers.h"
#include "sim/serial/modem_lines.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimePoint kAt{12s + 345ns};

TEST(SimCh340Registers, MakeTheSpeedsOfTheirDivisors) {
    Ch340Registers registers;

    registers.write_pair(0x1312, 0xCC83);
    EXPECT_EQ(registers.speed_bd(), 115385U);
    registers.write_pair(0x1312, 0xB282);
    EXPECT_EQ(registers.speed_bd(), 9615U);
    registers.write_pair(0x1312, 0xFA87);
    EXPECT_EQ(registers.speed_bd(), 2'000'000U);
}

TEST(SimCh340Registers, TellTheIdleModemStatus) {
    EXPECT_THAT(Ch340Registers().read_pair(0x0706), ElementsAre(0x9F, 0xEE));
}

TEST(SimCh340Registers, TellTheLineControlOf8N1) {
    EXPECT_THAT(Ch340Registers().read_pair(0x2518), ElementsAre(0xC3, 0x00));
}

TEST(SimCh340Registers, KeepWhatIsWritten) {
    Ch340Registers registers;

    registers.write_pair(0x1805, 0x40BE);

    EXPECT_THAT(registers.read_pair(0x1805), ElementsAre(0xBE, 0x40));
}

TEST(SimCh340Registers, ShowCtsInverted) {
    Ch340Registers registers;

    registers.flip_cts();

    EXPECT_EQ(registers.modem_status() & 0x0F, 0x0E);
}

struct TracedLines {
    std::vector<std::string> edges;
    ModemLines lines{[this](const ModemEdge& edge) { edges.push_back(edge_line(edge)); }};
};

TEST(SimModemLines, TellEachEdgeWithItsRequest) {
    TracedLines traced;

    traced.lines.set_from_request(kAt, 0xFF9F, "40 A4 FF9F");

    EXPECT_THAT(
        traced.edges,
        ElementsAre(
            R"({"t":12.000000345,"line":"dtr","level":"asserted","cause":"40 A4 FF9F","request":0})",
            R"({"t":12.000000345,"line":"rts","level":"asserted","cause":"40 A4 FF9F","request":0})"));
}

TEST(SimModemLines, TellNothingWhenNothingChanges) {
    TracedLines traced;

    traced.lines.set_from_request(kAt, 0xFFFF, "40 A4 FFFF");

    EXPECT_THAT(traced.edges, IsEmpty());
}

TEST(SimModemLines, TellDtrAlone) {
    TracedLines traced;

    traced.lines.set_from_request(kAt, 0xFFDF, "40 A4 FFDF");

    EXPECT_EQ(traced.lines.level(ModemLine::Dtr), ModemLevel::Asserted);
    EXPECT_EQ(traced.lines.level(ModemLine::Rts), ModemLevel::Released);
}

TEST(SimModemLines, TellRtsAlone) {
    TracedLines traced;

    traced.lines.set_from_request(kAt, 0xFFBF, "40 A4 FFBF");

    EXPECT_EQ(traced.lines.level(ModemLine::Dtr), ModemLevel::Released);
    EXPECT_EQ(traced.lines.level(ModemLine::Rts), ModemLevel::Asserted);
}

TEST(SimModemLines, AreReleasedTogether) {
    TracedLines traced;
    traced.lines.set_from_request(kAt, 0xFF9F, "40 A4 FF9F");
    traced.edges.clear();

    traced.lines.release_all(kAt, "unplugged");

    EXPECT_EQ(traced.edges.size(), 2U);
}

}  // namespace
}  // namespace minikvm::sim
