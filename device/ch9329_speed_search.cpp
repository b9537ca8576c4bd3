// SPDX-License-Identifier: MIT

#include "device/ch9329_speed_search.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

namespace minikvm {
namespace {

// All that the chip can do (CH9329 datasheet), likeliest first: the vendor's apps set 115200, the
// factory 9600, some other boards 57600 (docs/hardware.md 5.6, 0.1 rule 4).
constexpr std::array kSpeedsBd = {115200, 9600, 57600, 38400, 19200, 14400, 4800, 2400, 1200};
constexpr std::size_t kLikelySpeeds = 4;

}  // namespace

Ch9329SpeedSearch::Ch9329SpeedSearch(std::optional<int> last_speed_bd) {
    if (last_speed_bd) {
        speeds_bd_.push_back(*last_speed_bd);
    }
    std::ranges::copy_if(kSpeedsBd, std::back_inserter(speeds_bd_),
                         [&](int speed) { return speed != last_speed_bd; });
}

void Ch9329SpeedSearch::begin(TimePoint now) {
    index_ = 0;
    likely_until_ = now + kWakeTime;
}

void Ch9329SpeedSearch::begin_with_all() {
    index_ = 0;
    likely_until_.reset();
}

bool Ch9329SpeedSearch::next(TimePoint now) {
    ++index_;
    const bool likely_only = likely_until_ && now < *likely_until_;
    if (index_ < (likely_only ? kLikelySpeeds : speeds_bd_.size())) {
        return true;
    }
    const bool tried_all = index_ >= speeds_bd_.size();
    index_ = 0;
    return !tried_all;
}

void Ch9329SpeedSearch::try_first(int speed_bd) {
    const auto found = std::ranges::find(speeds_bd_, speed_bd);
    assert(found != speeds_bd_.end());
    std::rotate(speeds_bd_.begin(), found, std::next(found));
    index_ = 0;
}

}  // namespace minikvm
