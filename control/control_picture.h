// SPDX-License-Identifier: MIT
// What a control socket hands over for a screenshot.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/result.h"
#include "common/unique_fd.h"
#include "protocol/screenshot_wish.h"

namespace minikvm {

struct ControlPicture {
    std::string description;               // what stands behind the ok
    std::shared_ptr<const UniqueFd> file;  // sealed; several clients may get the same
};

using ControlPictureReply = std::function<void(Result<ControlPicture>)>;

/// Who takes screenshots. The reply is called exactly once, perhaps before this returns. An Error's
/// context is the whole sentence for the client.
using TakeScreenshot = std::function<void(ScreenshotWish wish, ControlPictureReply reply)>;

}  // namespace minikvm
