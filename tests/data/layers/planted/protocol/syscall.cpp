// SPDX-License-Identifier: MIT
// A planted violation: protocol/ includes a header of the operating system.

#include <unistd.h>
