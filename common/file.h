// SPDX-License-Identifier: MIT
// Whole small files, as sysfs and procfs have them.

#pragma once

#include <string>

#include "common/result.h"

namespace minikvm {

/// The text of a file without its last newline. Errors: what open(2) and read(2) give.
/// Limits: 64 KiB; the rest of a longer file is left out.
Result<std::string> read_text_file(const std::string& path);

/// Writes `text` to an existing file with one write(2), as sysfs wants it.
Result<void> write_text_file(const std::string& path, const std::string& text);

/// Puts a file with this text in the place of another or of none, for its owner alone. Whoever
/// reads it meanwhile finds the old text or the new one. Errors: what open(2), write(2) and
/// rename(2) give; the file is then as it was.
Result<void> replace_text_file(const std::string& path, const std::string& text);

}  // namespace minikvm
