// SPDX-License-Identifier: MIT
// CameraSet: who watches which camera, and what each shows.

#include "v4l2-bridge/camera_set.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "v4l2-bridge/monotonic_time.h"
#include "v4l2-bridge/start_picture.h"

namespace minikvm {

Result<void> CameraSet::open_first() {
    insert(MINIKVM_TRY(Camera::open(MINIKVM_TRY(obtain()), mode_)), 0);
    return {};
}

/// The first camera's number is configured, the others follow it.
Result<CameraNode> CameraSet::obtain() {
    NodeWish wish{.id = options_.id};
    if (options_.first_node) {
        wish.number = *options_.first_node + static_cast<unsigned>(members_.size());
    }
    CameraNode node = MINIKVM_TRY(CameraNode::obtain(wish, keeper_));
    if (wish.number && node.number() != *wish.number) {
        log::notice("/dev/video{} is not to be had, so the camera is {}", *wish.number,
                    node.node());
    }
    return node;
}

Result<void> CameraSet::start(Callbacks callbacks) {
    callbacks_ = std::move(callbacks);
    roster_timer_ = MINIKVM_TRY(loop_.timer([this](auto) { follow_roster(); }));
    for (const auto& member : members_) {
        MINIKVM_TRY(watch(*member));
    }
    roster_timer_.arm_after(std::chrono::microseconds(0));
    return {};
}

Result<void> CameraSet::take_mode(const CameraMode& mode) {
    mode_ = mode;
    maker_ = MINIKVM_TRY(PictureMaker::create(mode));
    dark_picture_ = MINIKVM_TRY(make_start_picture(mode.video.size));
    return {};
}

CameraSet::Member& CameraSet::insert(Camera camera, unsigned viewers) {
    const TimePoint now = Clock::now();
    const unsigned number = camera.number();
    const auto place = std::ranges::lower_bound(
        members_, number, {}, [](const auto& member) { return member->number(); });
    const auto inserted = members_.insert(place, std::make_unique<Member>(std::move(camera)));
    outputs_.reserve(members_.size());
    roster_.added(number, now);
    roster_.viewers_are(number, viewers, now);
    return **inserted;
}

CameraSet::Member* CameraSet::find(unsigned number) const {
    const auto found =
        std::ranges::find(members_, number, [](const auto& member) { return member->number(); });
    return found == members_.end() ? nullptr : found->get();
}

void CameraSet::drop(unsigned number) {
    std::erase_if(members_, [number](const auto& member) { return member->number() == number; });
    roster_.removed(number);
}

Result<void> CameraSet::watch(Member& member) {
    member.watch = MINIKVM_TRY(member.camera.watch_viewers(
        loop_, roster_.viewers(member.number()),
        {[this, &member](unsigned viewers) { on_viewers(member, viewers); },
         [this, &member] { on_open(member); }}));
    return {};
}

void CameraSet::on_viewers(Member& member, unsigned viewers) {
    roster_.viewers_are(member.number(), viewers, loop_.now());
    // Not now: it may take this very camera away.
    roster_timer_.arm_after(std::chrono::microseconds(0));
    callbacks_.on_viewers(roster_.viewers());
}

void CameraSet::on_open(Member& member) {
    roster_.opened(member.number(), loop_.now());
    callbacks_.on_open();
    if (roster_.is_shown(member.number())) {
        return;  // its picture is a new one
    }
    if (auto refreshed = member.camera.refresh(); !refreshed) {
        log::warning("kernel: {}", refreshed.error().message());
    }
}

void CameraSet::follow_roster() {
    while (const auto step = roster_.next(loop_.now())) {
        take_step(*step);
    }
    if (const auto deadline = roster_.deadline()) {
        roster_timer_.arm_at(*deadline);
    } else {
        roster_timer_.disarm();
    }
    callbacks_.on_change();
}

void CameraSet::take_step(const RosterStep& step) {
    Member* const member = find(step.number);
    switch (step.kind) {
        case RosterStep::Kind::Add:
            add();
            return;
        case RosterStep::Kind::Hide:
            hide(*member);
            return;
        case RosterStep::Kind::Remove:
            remove(*member);
            return;
    }
}

void CameraSet::add() {
    auto node = obtain();
    if (!node) {
        not_added(node.error());
        return;
    }
    auto start = CameraStart::begin(loop_, std::move(*node), mode_, [this](Result<Camera> camera) {
        added(std::move(camera));
        starting_.reset();
    });
    if (!start) {
        not_added(start.error());
        return;
    }
    starting_ = std::move(*start);
}

void CameraSet::added(Result<Camera> camera) {
    if (!camera) {
        not_added(camera.error());
        return;
    }
    if (camera->mode() != mode_) {
        not_added({std::make_error_code(std::errc::device_or_resource_busy),
                   "set " + to_string(mode_) + " on " + camera->node()});
        return;
    }
    is_short_ = false;
    Member& member = insert(std::move(*camera), 0);
    if (auto watched = watch(member); !watched) {
        not_added(watched.error());
        drop(member.number());
        return;
    }
    log::info("another camera is there node={}", member.camera.node());
    roster_timer_.arm_after(std::chrono::microseconds(0));
}

void CameraSet::not_added(const Error& error) {
    roster_.not_added(loop_.now());
    roster_timer_.arm_after(std::chrono::microseconds(0));
    if (!std::exchange(is_short_, true)) {
        log::notice("there is no camera for the next viewer: {}", error.message());
    }
}

void CameraSet::remove(Member& member) {
    const unsigned number = member.number();
    const std::string node = member.camera.node();
    member.watch.reset();
    auto retired = member.camera.retire();
    if (retired && !*retired) {
        roster_.kept(number, loop_.now());
        if (auto watched = watch(member)) {
            return;
        }
    }
    if (!retired) {
        log::warning("kernel: a camera is lost: {}", retired.error().message());
    } else {
        log::info("a camera that nobody used has gone node={}", node);
    }
    drop(number);
}

void CameraSet::hide(Member& member) {
    if (member.camera.is_fresh()) {
        return;
    }
    // 0.12.7 forgets at once when the node is closed, and others' nodes are not waited for.
    auto hidden = kind_ == LoopbackKind::Static ? renew(member) : show_dark(member);
    if (!hidden) {
        log::warning("kernel: a camera is lost: {}", hidden.error().message());
        drop(member.number());
    }
}

Result<void> CameraSet::renew(Member& member) {
    const unsigned before = member.number();
    member.watch.reset();
    MINIKVM_TRY(member.camera.start_anew(mode_));
    if (member.number() != before) {
        roster_.removed(before);
        roster_.added(member.number(), loop_.now());
    }
    return watch(member);
}

std::vector<std::string> CameraSet::nodes() const {
    std::vector<std::string> nodes;
    for (const auto& member : members_) {
        nodes.push_back(member->camera.node());
    }
    return nodes;
}

std::string CameraSet::free_node() const {
    const auto number = roster_.free_camera();
    const Member* const member = number ? find(*number) : nullptr;
    return member == nullptr ? std::string() : member->camera.node();
}

bool CameraSet::is_fresh() const {
    return std::ranges::all_of(members_,
                               [](const auto& member) { return member->camera.is_fresh(); });
}

Result<void> CameraSet::start_anew(const CameraMode& mode) {
    if (std::exchange(starting_, nullptr)) {
        roster_.not_added(loop_.now());
    }
    auto started = try_start_anew(mode);
    if (!started) {
        while (!members_.empty()) {
            drop(members_.front()->number());
        }
    }
    return started;
}

Result<void> CameraSet::try_start_anew(const CameraMode& mode) {
    mode_ = mode;
    for (const auto& member : members_) {
        MINIKVM_TRY(renew(*member));
    }
    std::ranges::sort(members_, {}, [](const auto& member) { return member->number(); });
    if (empty()) {
        MINIKVM_TRY(open_first());
        MINIKVM_TRY(watch(*members_.front()));
    }
    MINIKVM_TRY(take_mode(members_.front()->camera.mode()));
    drop_other_modes();
    return hide_last_picture();
}

/// A program that merely has a camera open holds its mode, too.
void CameraSet::drop_other_modes() {
    for (std::size_t index = members_.size(); index-- > 1;) {
        const Camera& camera = members_[index]->camera;
        if (camera.mode() != mode_) {
            log::notice("{} cannot be changed now, and is no camera of ours any more",
                        camera.node());
            drop(camera.number());
        }
    }
}

bool CameraSet::is_shown() const {
    return std::ranges::any_of(
        members_, [this](const auto& member) { return roster_.is_shown(member->number()); });
}

Result<Shown> CameraSet::show(std::span<const std::uint8_t> jpeg, timeval timestamp) {
    outputs_.clear();
    for (const auto& member : members_) {
        if (roster_.is_shown(member->number())) {
            outputs_.push_back(&member->camera.output());
        }
    }
    return maker_->show(jpeg, timestamp, outputs_);
}

Result<void> CameraSet::show_drawn(const DrawnPicture& picture) {
    outputs_.clear();
    for (const auto& member : members_) {
        if (roster_.viewers(member->number()) > 0) {
            outputs_.push_back(&member->camera.output());
        }
    }
    return maker_->show_drawn(picture, monotonic_now(), outputs_);
}

Result<void> CameraSet::hide_last_picture() {
    for (const auto& member : members_) {
        if (roster_.viewers(member->number()) == 0 && !member->camera.is_fresh()) {
            MINIKVM_TRY(show_dark(*member));
        }
    }
    return {};
}

Result<void> CameraSet::show_dark(Member& member) {
    return maker_->show_alone(dark_picture_, monotonic_now(), member.camera.output());
}

void CameraSet::stay() {
    for (const auto& member : members_) {
        member->camera.stay();
    }
}

}  // namespace minikvm
