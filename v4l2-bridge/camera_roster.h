// SPDX-License-Identifier: MIT
// CameraRoster: how many cameras there are to be, and which one is for the next viewer.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "common/event_loop.h"

namespace minikvm {

/// What next() wants done; the number is a node's.
struct RosterStep {
    enum class Kind {
        Add,     // another camera: to be answered by added() or not_added()
        Hide,    // its last picture, which no later viewer is to get
        Remove,  // the camera: to be answered by removed() or kept()
    };
    Kind kind = Kind::Add;
    unsigned number = 0;

    bool operator==(const RosterStep&) const = default;
};

/// No I/O and no clock: `now` is handed in.
///
/// Shape:   tell it what happens, then do what next() says until it says nothing, again at
///          deadline(). Cameras are known by the number of their nodes; the lowest is never
///          removed.
///
///              free --viewer--> watched --last one leaves--> lingering --kLinger--> free, to be
///              hidden
///                                  ^-------------------viewer---/
///
///          While none is free, and there are not as many as there may be, another is added. While
///          several are free, the highest of them is removed when nobody has opened it for kSpare.
/// Thread:  the thread that made it.
class CameraRoster final {
public:
    /// Applications open a camera, close it to choose a mode, and open it again.
    static constexpr std::chrono::seconds kLinger{1};
    /// Long enough for a viewer who looks at the list of cameras before choosing one.
    static constexpr std::chrono::seconds kSpare{10};
    /// After one could not be added.
    static constexpr std::chrono::seconds kRetry{10};

    explicit CameraRoster(std::size_t most) : most_(most) {}

    void added(unsigned number, TimePoint now);
    void not_added(TimePoint now);
    void removed(unsigned number);
    /// One that was to be removed cannot be now.
    void kept(unsigned number, TimePoint now);
    void viewers_are(unsigned number, unsigned viewers, TimePoint now);
    /// Somebody has opened it, who may be no viewer.
    void opened(unsigned number, TimePoint now);

    std::optional<RosterStep> next(TimePoint now);

    /// When next() may say more; nothing while only events can change that.
    std::optional<TimePoint> deadline() const;

    /// Whether frames are shown on it: it is watched, or lingers.
    bool is_shown(unsigned number) const;
    unsigned viewers(unsigned number) const;
    unsigned viewers() const;

    /// For the next viewer: the lowest free one, one that lingers only when no other is free, since
    /// its last picture is still on it; the highest of all when none is. Nothing without cameras.
    std::optional<unsigned> free_camera() const;

private:
    struct Entry {
        unsigned number = 0;
        unsigned viewers = 0;
        TimePoint last_used;
        std::optional<TimePoint> lingers_until = {};
    };

    Entry* find(unsigned number);
    const Entry* find(unsigned number) const;
    std::size_t free_count() const;
    const Entry* spare() const;
    std::optional<TimePoint> add_at() const;

    std::size_t most_;
    std::vector<Entry> entries_;  // lowest number first
    bool is_adding_ = false;
    TimePoint add_not_before_;
};

}  // namespace minikvm
