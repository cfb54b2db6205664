// SPDX-License-Identifier: MIT
#include "plugin_test/observation.hpp"

#include <string.h>

#include <algorithm>

namespace latchkey::plugin_test {

std::string Account::log_text() const {
    return std::string{seen.notes, ::strnlen(seen.notes, sizeof seen.notes)} +
           std::string{seen.result.for_log,
                       ::strnlen(seen.result.for_log, sizeof seen.result.for_log)};
}

void write_text(char* to, std::size_t size, const std::string& text) {
    const std::size_t length = std::min(text.size(), size - 1);
    memcpy(to, text.data(), length);
    to[length] = '\0';
}

}  // namespace latchkey::plugin_test
