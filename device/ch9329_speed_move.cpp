// SPDX-License-Identifier: MIT
// Ch9329SpeedMove: read, change, verify, reset.

#include "device/ch9329_speed_move.h"

#include "device/hid_command.h"

namespace minikvm {

using ch9329::Command;

Command Ch9329SpeedMove::expected() const {
    switch (step_) {
        case Step::Reading:
        case Step::Verifying:
            return Command::GetParameters;
        case Step::Writing:
            return Command::SetParameters;
        case Step::Resetting:
            break;
    }
    return Command::Reset;
}

ch9329::Frame Ch9329SpeedMove::command() const {
    switch (step_) {
        case Step::Reading:
        case Step::Verifying:
            return ch9329::get_parameters();
        case Step::Writing:
            return ch9329::set_parameters(*wanted_);
        case Step::Resetting:
            break;
    }
    return ch9329::reset();
}

std::size_t Ch9329SpeedMove::answer_bytes() const {
    return expected() == Command::GetParameters
               ? ch9329::kFrameOverheadBytes + ch9329::kParameterBytes
               : ch9329::kAcknowledgementBytes;
}

Ch9329SpeedMove::Verdict Ch9329SpeedMove::go_to(Step step) {
    step_ = step;
    tries_ = 1;
    return Verdict::SendNext;
}

Ch9329SpeedMove::Verdict Ch9329SpeedMove::take(const ch9329::Frame& answer) {
    if (!ch9329::answers(answer, expected())) {
        return Verdict::Ignore;
    }
    if (says_damaged(answer)) {
        return send_again();
    }
    switch (step_) {
        case Step::Reading:
        case Step::Verifying:
            return take_block(answer);
        case Step::Writing:
            return ch9329::parse_acknowledgement(answer, Command::SetParameters)
                       ? go_to(Step::Verifying)
                       : take_refusal();
        case Step::Resetting:
            break;
    }
    return Verdict::Done;
}

Ch9329SpeedMove::Verdict Ch9329SpeedMove::take_block(const ch9329::Frame& answer) {
    const auto block = ch9329::Parameters::parse(answer);
    if (!block) {
        return Verdict::Failed;
    }
    if (step_ == Step::Verifying) {
        return *block == *wanted_ ? go_to(Step::Resetting) : Verdict::Failed;
    }
    wanted_ = *block;
    wanted_->set_speed(static_cast<std::uint32_t>(speed_bd_));
    // SET_PARA takes modes of software only: the one that the pins say, so that it stays the same.
    wanted_->set_working_mode(wanted_->working_mode());
    return go_to(Step::Writing);
}

// Some firmware takes only what its manual lists for byte 1 (docs/hardware.md 5.6, QT #642).
Ch9329SpeedMove::Verdict Ch9329SpeedMove::take_refusal() {
    if (wanted_->serial_mode() == 0) {
        return Verdict::Failed;
    }
    wanted_->set_serial_mode_by_frames();
    return go_to(Step::Writing);
}

Ch9329SpeedMove::Verdict Ch9329SpeedMove::time_out() {
    if (step_ == Step::Resetting) {
        return Verdict::Done;
    }
    return send_again();
}

Ch9329SpeedMove::Verdict Ch9329SpeedMove::send_again() {
    if (tries_ == kMaxTries) {
        return Verdict::Failed;
    }
    ++tries_;
    return Verdict::SendNext;
}

}  // namespace minikvm
