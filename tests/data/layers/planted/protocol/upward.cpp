// SPDX-License-Identifier: MIT
// A planted violation: protocol/ includes what lies above it. tests/check_layers.py must reject it.

#include "device/hidraw.h"
