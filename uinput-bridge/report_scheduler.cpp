// SPDX-License-Identifier: MIT
// ReportScheduler: strokes first, motion when nothing else waits.

#include "uinput-bridge/report_scheduler.h"

#include <algorithm>
#include <utility>

namespace minikvm {
namespace {

// Where a button of the absolute mouse is pressed that was never moved: anywhere but in a corner.
constexpr Point kCentre = {(hid::kAbsoluteMax + 1) / 2, (hid::kAbsoluteMax + 1) / 2};

// docs/hardware.md 5.3: bits 1 and 5 of the modifiers.
constexpr TargetKey kLeftShift{TargetKey::Kind::Modifier, 1};
constexpr unsigned kEitherShift = 0x22;

// Keyboard first: a key that stays down repeats.
constexpr std::array<ReportKind, kReportKinds> kResetOrder = {
    ReportKind::Keyboard, ReportKind::RelativeMouse, ReportKind::AbsoluteMouse,
    ReportKind::Consumer, ReportKind::System};

std::size_t index_of(ReportKind kind) {
    return static_cast<std::size_t>(kind);
}

bool is_absolute_button(const Edge& edge) {
    const auto* stroke = std::get_if<KeyStroke>(&edge.what);
    return stroke != nullptr && stroke->key.kind == TargetKey::Kind::AbsoluteButton;
}

int add_motion(int waiting, int more) {
    const auto sum = static_cast<std::int64_t>(waiting) + more;
    return static_cast<int>(std::clamp<std::int64_t>(sum, -ReportScheduler::kLongestMotion,
                                                     ReportScheduler::kLongestMotion));
}

// Takes as much out of `rest` as one report can carry.
std::int8_t take_step(int& rest) {
    const std::int8_t step = hid::relative_step(rest);
    rest -= step;
    return step;
}

}  // namespace

ReportScheduler::~ReportScheduler() {
    detach();
}

void ReportScheduler::attach(HidSink& sink) {
    detach();
    sink_ = &sink;
    sink_->set_listener(this);
    restart_from_sources();
    send_next();
}

void ReportScheduler::detach() {
    if (sink_ != nullptr) {
        sink_->set_listener(nullptr);
        sink_ = nullptr;
    }
    in_flight_ = false;
    forget_waiting();
}

void ReportScheduler::end_packet() {
    in_packet_ = false;
    send_next();
}

bool ReportScheduler::can_send(TargetKey key) const {
    const HidAbilities has = sink_ == nullptr ? HidAbilities() : sink_->abilities();
    switch (key.kind) {
        case TargetKey::Kind::Key:
            return hid::HidUsage{key.number} <= has.highest_usage;
        case TargetKey::Kind::Consumer:
        case TargetKey::Kind::System:
            return has.media_keys;
        case TargetKey::Kind::RelativeButton:
        case TargetKey::Kind::AbsoluteButton:
            return key.number < has.buttons;
        case TargetKey::Kind::Modifier:
            break;
    }
    return true;
}

void ReportScheduler::stroke(TargetKey key, Stroke stroke) {
    const bool is_tablets = key.kind == TargetKey::Kind::AbsoluteButton;
    if (is_tablets && !wanted_.point()) {
        wanted_.move_to(kCentre);
        move_to_ = kCentre;
        ++said_.moves;
    }
    if (wanted_.apply(key, stroke)) {
        Edge edge{KeyStroke{key, stroke}, 0, 0, std::nullopt, 0};
        if (is_tablets || key.kind == TargetKey::Kind::RelativeButton) {
            take_motion(edge);
        }
        push(edge);
    }
}

void ReportScheduler::turn_wheel(int notches) {
    if (notches != 0) {
        Edge edge{WheelTurn{notches}, 0, 0, std::nullopt, 0};
        take_motion(edge);
        push(edge);
    }
}

bool ReportScheduler::turn_wheel_sideways(int notches) {
    if (sideways_wheel_ == SidewaysWheel::Off) {
        return notches == 0;
    }
    if (notches == 0) {
        return true;
    }
    // Whoever holds it anyway goes on holding it.
    const auto keyboard = std::get<hid::KeyboardReport>(wanted_.report(ReportKind::Keyboard));
    const bool held = (keyboard.modifiers & kEitherShift) != 0;
    if (!held) {
        stroke(kLeftShift, Stroke::Press);
    }
    turn_wheel(-notches);
    if (!held) {
        stroke(kLeftShift, Stroke::Release);
    }
    return true;
}

void ReportScheduler::move_by(int x, int y) {
    ++said_.moves;
    if (sink_ == nullptr) {
        settle(said_, Delivery::Undelivered);
        return;
    }
    if (move_x_ != 0 || move_y_ != 0) {
        ++merged_moves_;
    }
    move_x_ = add_motion(move_x_, x);
    move_y_ = add_motion(move_y_, y);
    send_next();
}

void ReportScheduler::move_to(Point point) {
    wanted_.move_to(point);
    ++said_.moves;
    if (sink_ == nullptr) {
        settle(said_, Delivery::Undelivered);
        return;
    }
    if (move_to_) {
        ++merged_moves_;
    }
    move_to_ = point;
    send_next();
}

void ReportScheduler::release_all() {
    wanted_.release_everything();
    if (sink_ != nullptr) {
        restart_from_sources();
        send_next();
    }
}

bool ReportScheduler::idle() const {
    const bool all_sent = std::none_of(due_.begin(), due_.end(), [](bool due) { return due; });
    return !in_flight_ && all_sent && phase_ != Phase::ReleasingAll && edges_.empty() &&
           move_x_ == 0 && move_y_ == 0 && !move_to_;
}

void ReportScheduler::take_motion(Edge& edge) {
    edge.before_x = std::exchange(move_x_, 0);
    edge.before_y = std::exchange(move_y_, 0);
    edge.at = std::exchange(move_to_, std::nullopt);
    edge.moves = said_.moves;
}

void ReportScheduler::push(const Edge& edge) {
    ++said_.edges;
    if (sink_ == nullptr) {
        settle(said_, Delivery::Undelivered);
        return;
    }
    if (!edges_.push(edge)) {
        overflowed_ += edges_.size();
        restart_from_sources();
    }
    send_next();
}

void ReportScheduler::forget_waiting() {
    edges_.clear();
    move_x_ = 0;
    move_y_ = 0;
    move_to_.reset();
    settle(said_, Delivery::Undelivered);
}

void ReportScheduler::settle(const InputProgress& reached, Delivery delivery) {
    const InputProgress before = settled_;
    settled_.edges = std::max(settled_.edges, reached.edges);
    settled_.moves = std::max(settled_.moves, reached.moves);
    if (settled_ != before && on_settled_) {
        on_settled_({before, settled_, delivery});
    }
}

// That it will not have arrived for sure, however much of it is to follow.
void ReportScheduler::tell(const InputProgress& reached, Delivery delivery) const {
    const InputProgress up_to = {std::max(settled_.edges, reached.edges),
                                 std::max(settled_.moves, reached.moves)};
    if (up_to != settled_ && on_settled_) {
        on_settled_({settled_, up_to, delivery});
    }
}

void ReportScheduler::restart_from_sources() {
    forget_waiting();
    wanted_.release_events();
    restart_from(wanted_);
}

void ReportScheduler::restart_from(const HidState& state) {
    restart_ = state;
    restart_.release_events();
    target_ = restart_;
    target_.release_everything();
    due_.fill(true);
    refused_.fill(false);
    const bool has_media = sink_->abilities().media_keys;
    due_[index_of(ReportKind::Consumer)] = has_media;
    due_[index_of(ReportKind::System)] = has_media;
    // A place is part of every absolute report: without one the pointer would jump.
    due_[index_of(ReportKind::AbsoluteMouse)] = state.point().has_value();
    phase_ = Phase::ReleasingAll;
}

void ReportScheduler::on_delivered(Delivery delivery) {
    in_flight_ = false;
    if (delivery == Delivery::Refused) {
        refused_[index_of(in_flight_kind_)] = true;
    }
    if (in_flight_completes_) {
        settle(in_flight_carries_, delivery);
    } else if (delivery != Delivery::Acknowledged) {
        tell(in_flight_carries_, delivery);
    }
    send_next();
}

// Not before: what is refused once is refused again at once.
void ReportScheduler::on_ready() {
    for (std::size_t index = 0; index < kReportKinds; ++index) {
        due_[index] = due_[index] || refused_[index];
    }
    refused_.fill(false);
    send_next();
}

void ReportScheduler::on_state_lost(Outage outage) {
    if (outage == Outage::Brief) {
        // A restart that was under way begins again with what it meant to reach.
        restart_from(phase_ == Phase::ReleasingAll ? HidState(restart_) : HidState(target_));
    } else {
        restart_from_sources();
    }
    send_next();
}

void ReportScheduler::send_next() {
    if (sink_ == nullptr || in_packet_ || in_flight_ || !sink_->ready()) {
        return;
    }
    if (const std::optional<Outgoing> next = next_report()) {
        in_flight_ = true;
        in_flight_kind_ = next->kind;
        in_flight_carries_ = next->carries;
        in_flight_completes_ = next->completes;
        sink_->send(next->report);
    }
}

std::optional<ReportScheduler::Outgoing> ReportScheduler::next_report() {
    if (const auto due = next_due_report()) {
        return due;
    }
    if (const auto edge = next_edge_report()) {
        return edge;
    }
    return next_motion_report();
}

std::optional<ReportScheduler::Outgoing> ReportScheduler::next_due_report() {
    for (;;) {
        for (const ReportKind kind : kResetOrder) {
            if (std::exchange(due_[index_of(kind)], false)) {
                return Outgoing{kind, target_.report(kind), {}, true};
            }
        }
        if (phase_ == Phase::Following) {
            return std::nullopt;
        }
        phase_ = Phase::Following;
        target_ = restart_;
        for (const ReportKind kind : kResetOrder) {
            due_[index_of(kind)] = restart_.holds(kind);
        }
    }
}

std::optional<ReportScheduler::Outgoing> ReportScheduler::next_edge_report() {
    while (!edges_.empty()) {
        Edge& edge = edges_.front();
        if (edge.before_x != 0 || edge.before_y != 0) {
            return report_motion(edge.before_x, edge.before_y, edge.moves, !edge.at);
        }
        if (edge.at && !is_absolute_button(edge)) {
            return report_place(*std::exchange(edge.at, std::nullopt), edge.moves);
        }
        if (auto* turn = std::get_if<WheelTurn>(&edge.what)) {
            return report_wheel(*turn);
        }
        if (const auto report = report_stroke(edge)) {
            return report;
        }
    }
    return std::nullopt;
}

std::optional<ReportScheduler::Outgoing> ReportScheduler::next_motion_report() {
    if (move_x_ != 0 || move_y_ != 0) {
        return report_motion(move_x_, move_y_, said_.moves, !move_to_);
    }
    if (move_to_) {
        return report_place(*std::exchange(move_to_, std::nullopt), said_.moves);
    }
    return std::nullopt;
}

ReportScheduler::Outgoing ReportScheduler::report_motion(int& x, int& y, std::uint64_t moves,
                                                         bool last) {
    auto report = std::get<hid::RelativeMouseReport>(target_.report(ReportKind::RelativeMouse));
    report.dx = take_step(x);
    report.dy = take_step(y);
    return {ReportKind::RelativeMouse, report, {0, moves}, last && x == 0 && y == 0};
}

ReportScheduler::Outgoing ReportScheduler::report_place(Point point, std::uint64_t moves) {
    target_.move_to(point);
    return {ReportKind::AbsoluteMouse, target_.report(ReportKind::AbsoluteMouse), {0, moves}, true};
}

// By the relative mouse, which scrolls wherever the pointer is.
ReportScheduler::Outgoing ReportScheduler::report_wheel(WheelTurn& turn) {
    auto report = std::get<hid::RelativeMouseReport>(target_.report(ReportKind::RelativeMouse));
    report.wheel = take_step(turn.notches);
    const bool last = turn.notches == 0;
    if (last) {
        edges_.pop();
    }
    return {ReportKind::RelativeMouse, report, {settled_.edges + 1, 0}, last};
}

std::optional<ReportScheduler::Outgoing> ReportScheduler::report_stroke(const Edge& edge) {
    InputProgress carries = {settled_.edges + 1, 0};
    if (is_absolute_button(edge) && edge.at) {
        target_.move_to(*edge.at);
        carries.moves = edge.moves;
    }
    const KeyStroke stroke = std::get<KeyStroke>(edge.what);
    edges_.pop();
    if (!target_.apply(stroke.key, stroke.stroke)) {
        settle(carries, Delivery::Acknowledged);
        return std::nullopt;
    }
    const ReportKind kind = report_kind(stroke.key);
    return Outgoing{kind, target_.report(kind), carries, true};
}

}  // namespace minikvm
