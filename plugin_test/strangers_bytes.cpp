// SPDX-License-Identifier: MIT
#include "plugin_test/strangers_bytes.hpp"

namespace latchkey::plugin_test {

namespace {

constexpr std::size_t kTenThousand = 10'000;

}  // namespace

std::vector<StrangersBytes> strangers_bytes() {
    return {
        {"nothing in it", ""},
        {"a line end in it", "ada@example.org\r\nX-Stranger: 4711"},
        {"a NUL in it", std::string{"ada@example.org\0.example", 24}},
        {"10,000 bytes", std::string(kTenThousand, 'a')},
        {"a right-to-left override in it",
         "ada@example.org\xe2\x80\xae"
         "gro.elpmaxe"},
        {"emoji in it", "\xf0\x9f\x94\x91\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb@example.org"},
        {"template marks in it", "%s%n%1$n {to} {{7*7}} ${HOME} <%= 1 %> $(id) `id` 'a\"b\\c"},
        {"bytes that are no UTF-8", "\xff\xfe\xc3(\xed\xa0\x80@example.org"},
        {"a hyphen in front and a path behind it", "-X/tmp/x ../../../../tmp/x"},
    };
}

}  // namespace latchkey::plugin_test
