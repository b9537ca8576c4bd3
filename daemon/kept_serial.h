// SPDX-License-Identifier: MIT
// KeptSerial: the stick's serial port, opened once however many processes serve it.

#pragma once

#include <string>

#include "common/result.h"
#include "daemon/descriptor_store.h"
#include "device/serial_port.h"

namespace minikvm {

/// Shape:   open() takes over the descriptor that an earlier process kept, if it is of this node
///          and still lives; else it opens the node, which has to be of a device of this ID, and
///          keeps the descriptor for the next process.
///          gone() when the port is of no more use, before its descriptor is closed.
/// Errors:  open: those of SerialPort::open_usb(). That a descriptor could not be kept is logged:
///          the next restart then opens the node again, and the USB-A port blinks.
/// Thread:  the thread that made it (main).
/// Source:  decision 1 of docs/architecture.md.
class KeptSerial final {
public:
    /// `store` must outlive it.
    explicit KeptSerial(DescriptorStore& store) : store_(store) {}

    Result<SerialPort> open(const std::string& node, UsbId id);
    /// Whether the last open() took over what an earlier process kept.
    bool taken_over() const { return taken_over_; }
    void gone();

private:
    DescriptorStore& store_;
    bool taken_over_ = false;
};

}  // namespace minikvm
