// SPDX-License-Identifier: MIT
// CameraKeeper: who keeps cameras open while one process ends and the next begins.

#pragma once

#include <vector>

#include "common/unique_fd.h"

namespace minikvm {

/// What an earlier process had of a camera.
struct KeptCamera {
    unsigned number = 0;  // of its node
    UniqueFd device;      // the node, as the camera's writer
    UniqueFd lock;        // what says whose node it is: CameraNode
};

/// Shape:   take() once; then keep() each camera that is made, and forget() it before its node is
///          removed: a node that is open anywhere cannot be.
/// Errors:  none: what cannot be kept is told to the log, and ends with the process.
/// Thread:  take(): before the video thread runs; the others: any thread, one at a time.
class CameraKeeper {
public:
    CameraKeeper() = default;
    CameraKeeper(const CameraKeeper&) = delete;
    CameraKeeper& operator=(const CameraKeeper&) = delete;
    virtual ~CameraKeeper() = default;

    virtual std::vector<KeptCamera> take() = 0;
    virtual void keep(unsigned number, int device, int lock) = 0;
    /// Returns when nobody holds its descriptors any more but the caller.
    virtual void forget(unsigned number) = 0;
};

}  // namespace minikvm
