// SPDX-License-Identifier: MIT
// Ch9329SpeedRaise: read, change, verify, reset.

#include "device/ch9329_speed_raise.h"

namespace minikvm {

using ch9329::Command;

Command Ch9329SpeedRaise::expected() const {
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

ch9329::Frame Ch9329SpeedRaise::command() const {
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

std::size_t Ch9329SpeedRaise::answer_bytes() const {
    return expected() == Command::GetParameters
               ? ch9329::kFrameOverheadBytes + ch9329::kParameterBytes
               : ch9329::kAcknowledgementBytes;
}

Ch9329SpeedRaise::Verdict Ch9329SpeedRaise::go_to(Step step) {
    step_ = step;
    tries_ = 1;
    return Verdict::SendNext;
}

Ch9329SpeedRaise::Verdict Ch9329SpeedRaise::take(const ch9329::Frame& answer) {
    if (!ch9329::answers(answer, expected())) {
        return Verdict::Ignore;
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

Ch9329SpeedRaise::Verdict Ch9329SpeedRaise::take_block(const ch9329::Frame& answer) {
    const auto block = ch9329::Parameters::parse(answer);
    if (!block) {
        return Verdict::Failed;
    }
    if (step_ == Step::Verifying) {
        return *block == *wanted_ ? go_to(Step::Resetting) : Verdict::Failed;
    }
    wanted_ = *block;
    wanted_->set_speed(speed_bd_);
    // SET_PARA takes modes of software only: the one that the pins say, so that it stays the same.
    wanted_->set_working_mode(wanted_->working_mode());
    return go_to(Step::Writing);
}

// Some firmware takes only what its manual lists for byte 1 (docs/hardware.md 5.6, QT #642).
Ch9329SpeedRaise::Verdict Ch9329SpeedRaise::take_refusal() {
    if (wanted_->serial_mode() == 0) {
        return Verdict::Failed;
    }
    wanted_->set_serial_mode_by_frames();
    return go_to(Step::Writing);
}

Ch9329SpeedRaise::Verdict Ch9329SpeedRaise::time_out() {
    if (step_ == Step::Resetting) {
        return Verdict::Done;
    }
    if (tries_ == kMaxTries) {
        return Verdict::Failed;
    }
    ++tries_;
    return Verdict::SendNext;
}

}  // namespace minikvm
