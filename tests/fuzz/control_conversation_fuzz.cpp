// SPDX-License-Identifier: MIT
// The control socket's conversation under arbitrary bytes in arbitrary pieces.

#include <fuzzer/FuzzedDataProvider.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fakes/fickle_client.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider whims(data, size);
    const std::string sent = whims.ConsumeRandomLengthString();
    minikvm::FickleClient client(whims);
    client.send(sent);
    assert(client.complaint(sent).empty());
    return 0;
}
