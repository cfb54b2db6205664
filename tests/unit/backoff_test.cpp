// SPDX-License-Identifier: MIT
#include "core/backoff.hpp"

#include <limits>

#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

TEST_CASE("delays grow from five seconds to an hour, and stay there") {
    const std::array<std::chrono::seconds, 8> expected{5s,    30s,   120s,  480s,
                                                       1800s, 3600s, 3600s, 3600s};
    for (std::uint32_t tries = 0; tries < expected.size(); ++tries)
        CHECK(delay_after(tries, 0s) == expected.at(tries));
    CHECK(delay_after(std::numeric_limits<std::uint32_t>::max(), 0s) == 3600s);
}

TEST_CASE("a gateway's wish is honoured between our own delay and an hour") {
    CHECK(delay_after(0, 4s) == 5s);
    CHECK(delay_after(0, 6s) == 6s);
    CHECK(delay_after(0, 3600s) == 3600s);
    CHECK(delay_after(0, 3601s) == 3600s);
    CHECK(delay_after(5, std::chrono::seconds::max()) == 3600s);
    CHECK(delay_after(0, -1s) == 5s);
}
