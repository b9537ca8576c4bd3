// SPDX-License-Identifier: MIT
// Empty: CMake hangs the precompiled headers of the tests on a file that is compiled.
