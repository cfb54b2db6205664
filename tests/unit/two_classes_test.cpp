// SPDX-License-Identifier: MIT
#include "tests/support/two_classes.hpp"

#include "tests/support/catch.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

TEST_CASE("two classes of the same times cannot be told apart") {
    const TwoClasses same{{1ms, 2ms, 3ms, 4ms}, {4ms, 3ms, 2ms, 1ms}};
    CHECK(same.area() == 0.5);
    CHECK(same.difference_of_medians() == 0us);
}

TEST_CASE("a class that is always slower is known, whichever it is") {
    const TwoClasses slower{{1ms, 2ms, 3ms}, {5ms, 6ms, 7ms}};
    CHECK(slower.area() == 1.0);
    CHECK(slower.difference_of_medians() == 4ms);
    const TwoClasses faster{slower.other, slower.one};
    CHECK(faster.area() == 1.0);
    CHECK(faster.difference_of_medians() == 4ms);
}

TEST_CASE("one late reply of four raises the area by an eighth") {
    const TwoClasses one_late{{1ms, 1ms, 1ms, 1ms}, {1ms, 1ms, 1ms, 9ms}};
    CHECK(one_late.area() == 0.625);
}
