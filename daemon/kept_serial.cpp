// SPDX-License-Identifier: MIT
// A serial port that outlives the process.

#include "daemon/kept_serial.h"

#include <array>
#include <utility>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr const char* kName = "tty";

}  // namespace

Result<SerialPort> KeptSerial::open(const std::string& node, UsbId id) {
    taken_over_ = false;
    for (UniqueFd& fd : store_.take(kName)) {
        Result<SerialPort> kept = SerialPort::take_over(std::move(fd), node);
        if (kept) {
            taken_over_ = true;
            log::info("serial port taken over from the process before: node={}", node);
            return kept;
        }
        log::debug("not taken over: {}", kept.error().message());
    }
    gone();  // what is kept is of another node, or of one that is no more
    SerialPort port = MINIKVM_TRY(SerialPort::open_usb(node, id));
    const Result<void> kept = store_.keep(kName, std::array{port.fd()});
    if (!kept) {
        log::warning("kernel: {}: a restart will switch the USB-A port off for a moment",
                     kept.error().message());
    }
    return port;
}

void KeptSerial::gone() {
    const Result<void> forgotten = store_.forget(kName);
    if (!forgotten) {
        log::warning("kernel: {}: {} may get another number", forgotten.error().message(), kName);
    }
}

}  // namespace minikvm
