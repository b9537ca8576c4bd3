// SPDX-License-Identifier: MIT

#include "daemon/switch_view.h"

#include <fmt/format.h>

#include "daemon/session.h"

namespace minikvm {

SwitchView view_of(const RegisterSnapshot& snapshot) {
    SwitchView view;
    view.problem = snapshot.trouble;
    view.position = snapshot.usb_switch;
    view.slide = snapshot.slide;
    if (snapshot.state == RegisterState::Absent) {
        return view;
    }
    view.chip = snapshot.state == RegisterState::Answering ? SwitchView::Chip::Answering
                                                           : SwitchView::Chip::Silent;
    if (snapshot.foreign_firmware) {
        view.chip = SwitchView::Chip::Foreign;
        view.problem = fmt::format(
            "the capture chip runs firmware {}, which is not the Mini-KVM vendor's: its cells for "
            "the switch mean something else",
            snapshot.firmware);
    }
    return view;
}

SwitchView view_of(const Session& session) {
    SwitchView view;
    if (session.serial_state() == SerialState::Gone) {
        return view;
    }
    view.chip = session.serial_state() == SerialState::Working ? SwitchView::Chip::Answering
                                                               : SwitchView::Chip::Silent;
    view.problem = session.problem();
    view.position = session.port_position();
    return view;
}

}  // namespace minikvm
