// SPDX-License-Identifier: MIT
// How often a test program has asked for memory.

#include "tests/unit/allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t>& count() {
    static std::atomic<std::size_t> calls;
    return calls;
}

}  // namespace

// The one place where memory has no owner from its first line: operator new is that line.
void* operator new(std::size_t size) {
    ++count();
    // NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) {
        std::abort();
    }
    return memory;
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}

std::size_t minikvm::allocation_count() {
    return count();
}
