// SPDX-License-Identifier: MIT
// ScreenshotWish: what a client takes for a picture of the target's screen.

#pragma once

namespace minikvm {

enum class ScreenshotWish {
    Target,        // its screen and nothing else
    TargetOrCard,  // or else a status card that says why there is none
};

}  // namespace minikvm
