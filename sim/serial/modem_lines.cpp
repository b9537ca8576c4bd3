// SPDX-License-Identifier: MIT
// ModemLines: DTR and RTS, with the moment and the cause of each of their edges.

#include "sim/serial/modem_lines.h"

#include <fmt/format.h>

#include "sim/serial/target_lines.h"

namespace minikvm::sim {
namespace {

constexpr std::uint16_t kDtrBit = 1U << 5U;  // hardware.md 8.2, request A4
constexpr std::uint16_t kRtsBit = 1U << 6U;

ModemLevel level_of(std::uint16_t inverted, std::uint16_t bit) {
    return (inverted & bit) == 0 ? ModemLevel::Asserted : ModemLevel::Released;
}

}  // namespace

std::string edge_line(const ModemEdge& edge) {
    return fmt::format(R"({{"t":{},"line":"{}","level":"{}","cause":"{}","request":{}}})",
                       seconds_text(edge.at), edge.line == ModemLine::Dtr ? "dtr" : "rts",
                       edge.level == ModemLevel::Asserted ? "asserted" : "released", edge.cause,
                       edge.request);
}

void ModemLines::set_from_request(TimePoint now, std::uint16_t inverted, std::string_view cause) {
    set(now, ModemLine::Dtr, level_of(inverted, kDtrBit), cause);
    set(now, ModemLine::Rts, level_of(inverted, kRtsBit), cause);
}

void ModemLines::release_all(TimePoint now, std::string_view cause) {
    set(now, ModemLine::Dtr, ModemLevel::Released, cause);
    set(now, ModemLine::Rts, ModemLevel::Released, cause);
}

void ModemLines::set(TimePoint now, ModemLine line, ModemLevel level, std::string_view cause) {
    ModemLevel& present = levels_.at(line == ModemLine::Dtr ? 0 : 1);
    if (present == level) {
        return;
    }
    present = level;
    listener_({now, line, level, std::string(cause), 0});
}

}  // namespace minikvm::sim
