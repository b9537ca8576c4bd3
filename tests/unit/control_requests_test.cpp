// SPDX-License-Identifier: MIT
// A million requests that are almost right, each run the same by its seed.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/fakes/fickle_client.h"

namespace minikvm {
namespace {

// What a client may well send, and what nobody should.
constexpr std::array<std::string_view, 14> kRequests = {
    "get f/stored",
    "set f/stored second",
    "set f/stored ",
    "set f/stored Gr\xC3\xBC\xC3\x9F"
    "e",
    "set f/word 1",
    "set f/word",
    "get f/counter f/stored",
    "get",
    "ls",
    "ls f",
    "watch f/counter",
    "watch",
    "screenshot card",
    "get ../../etc/shadow",
};

class RandomWhims {
public:
    explicit RandomWhims(std::uint32_t seed) : numbers_(seed) {}

    bool ConsumeBool() { return ConsumeIntegralInRange<std::size_t>(0, 1) == 1; }

    template <typename Integer>
    Integer ConsumeIntegralInRange(Integer least, Integer most) {
        // The library's distributions differ between libraries; a seed is to mean the same in all.
        return least + static_cast<Integer>(numbers_() % (most - least + 1));
    }

    std::size_t below(std::size_t limit) {
        return ConsumeIntegralInRange<std::size_t>(0, limit - 1);
    }

private:
    std::mt19937 numbers_;
};

void mutate(std::string& line, RandomWhims& whims) {
    const std::size_t place = whims.below(line.size() + 1);
    const char byte = static_cast<char>(whims.below(256));
    switch (whims.below(5)) {
        case 0:
            line.insert(place, 1, byte);
            break;
        case 1:
            line.erase(place, whims.below(4));
            break;
        case 2:
            line.insert(place, line.substr(whims.below(line.size() + 1)));
            break;
        case 3:
            line.insert(place, kRequests[whims.below(kRequests.size())]);
            break;
        default:
            line.insert(place, whims.below(whims.below(20) == 0 ? 2 * kMaxRequestBytes : 8), byte);
            break;
    }
}

std::string requests(std::size_t count, RandomWhims& whims) {
    std::string sent;
    for (std::size_t number = 0; number < count; ++number) {
        std::string line(kRequests[whims.below(kRequests.size())]);
        // Half of them are as they should be, so that there is an order to be kept.
        for (std::size_t left = whims.ConsumeBool() ? 0 : 1 + whims.below(3); left > 0; --left) {
            mutate(line, whims);
        }
        sent += line + '\n';
    }
    return sent;
}

std::size_t lines_wanted() {
    const char* const wanted = std::getenv("MINIKVM_REQUESTS");
    return wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 5'000;
}

TEST(ControlRequests, AreAnsweredOnceEachAndInOrderHoweverTheyAreMutated) {
    constexpr std::size_t kEach = 25;
    const std::size_t wanted = lines_wanted();
    std::size_t sent_lines = 0;
    for (std::uint32_t seed = 0; sent_lines < wanted; ++seed) {
        RandomWhims whims(seed);
        const std::string sent = requests(kEach, whims);
        FickleClient client(whims);

        client.send(sent);

        ASSERT_EQ(client.complaint(sent), "") << "seed " << seed;
        sent_lines += static_cast<std::size_t>(std::ranges::count(sent, '\n'));
    }
}

}  // namespace
}  // namespace minikvm
