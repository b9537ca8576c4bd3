// SPDX-License-Identifier: MIT
// KeptCameras: the stick's cameras, open in the service manager's hands between two processes.

#pragma once

#include <vector>

#include "daemon/descriptor_store.h"
#include "v4l2-bridge/camera_keeper.h"

namespace minikvm {

/// Shape:   as CameraKeeper. A camera is two descriptors under one name, "camera-N" for
///          /dev/videoN: the device, and the directory in sysfs that it is locked by.
/// Thread:  as CameraKeeper.
class KeptCameras final : public CameraKeeper {
public:
    /// `store` must outlive it.
    explicit KeptCameras(DescriptorStore& store) : store_(store) {}

    std::vector<KeptCamera> take() override;
    void keep(unsigned number, int device, int lock) override;
    void forget(unsigned number) override;

private:
    DescriptorStore& store_;
};

}  // namespace minikvm
