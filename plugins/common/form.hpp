// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/common/escape.hpp"

namespace latchkey::plugin {

using FormFields = std::vector<std::pair<std::string, std::string>>;

// "name=value&name=value", for the body of a form and for a query.
[[nodiscard]] inline std::string form_of(const FormFields& fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        if (!form.empty()) form += '&';
        form += percent_escaped(name) + '=' + percent_escaped(value);
    }
    return form;
}

inline constexpr std::string_view kFormType = "Content-Type: application/x-www-form-urlencoded";

}  // namespace latchkey::plugin
