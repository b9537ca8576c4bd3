// SPDX-License-Identifier: MIT
// ModemLines: DTR and RTS, with the moment and the cause of each of their edges.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/serial/uart_line.h"

namespace minikvm::sim {

enum class ModemLine { Dtr, Rts };
enum class ModemLevel { Released, Asserted };

struct ModemEdge {
    TimePoint at;
    ModemLine line = ModemLine::Dtr;
    ModemLevel level = ModemLevel::Released;
    std::string cause;          // the request, as "40 A4 FF9F", or "reset", or "unplugged"
    std::uint64_t request = 0;  // how many of the host's control requests had come by then
};

/// {"t":12.000000345,"line":"dtr","level":"asserted","cause":"40 A4 FF9F","request":7}
std::string edge_line(const ModemEdge& edge);

/// Shape:   set() both lines; each one that changes is told, DTR first.
/// Thread:  the thread that made it; so is the listener's.
class ModemLines final {
public:
    using Listener = std::function<void(const ModemEdge& edge)>;

    explicit ModemLines(Listener listener) : listener_(std::move(listener)) {}

    /// The inverted levels of the CH340's request A4: bit 5 DTR, bit 6 RTS, 0 is asserted.
    void set_from_request(TimePoint now, std::uint16_t inverted, std::string_view cause);
    void release_all(TimePoint now, std::string_view cause);

    ModemLevel level(ModemLine line) const { return levels_[line == ModemLine::Dtr ? 0 : 1]; }

private:
    void set(TimePoint now, ModemLine line, ModemLevel level, std::string_view cause);

    Listener listener_;
    std::array<ModemLevel, 2> levels_{};
};

}  // namespace minikvm::sim
