// SPDX-License-Identifier: MIT
//
// What the evil plugin says of a deed that was forbidden (evil_plugin.cpp). One that
// failed for another reason, at a file that is not there or a process that has ended,
// would show nothing.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace latchkey {

inline bool is_refusal(std::string_view for_log) {
    constexpr std::array<std::string_view, 5> refusals{
        "denied: EPERM", "denied: EACCES", "denied: ENOSYS",
        "denied: 0",  // nothing was there to be found
        "denied: EISCONN"};
    return std::find(refusals.begin(), refusals.end(), for_log) != refusals.end();
}

}  // namespace latchkey
