// SPDX-License-Identifier: MIT
#include "pam_module/arguments.hpp"

#include <algorithm>
#include <string_view>

namespace latchkey::pam {

namespace {

constexpr std::size_t kShortestKeyword = 7;

std::vector<std::string> split_at_commas(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (const std::string_view part = list.substr(0, comma); !part.empty())
            parts.emplace_back(part);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return parts;
}

// True if `argument` is "NAME=..." and `value` has been set to what follows.
bool takes(std::string_view argument, std::string_view name, std::string_view& value) {
    if (!argument.starts_with(name) || argument.size() <= name.size() ||
        argument[name.size()] != '=')
        return false;
    value = argument.substr(name.size() + 1);
    return true;
}

bool apply(Arguments& arguments, std::string_view argument) {
    std::string_view value;
    if (takes(argument, "services", value)) {
        arguments.services = split_at_commas(value);
        return true;
    }
    if (takes(argument, "monitor", value) && value.starts_with('/')) {
        arguments.monitor = value;
        return true;
    }
    if (takes(argument, "faillock_dir", value) && value.starts_with('/')) {
        arguments.faillock_dir = value;
        return true;
    }
    if (takes(argument, "keyword", value) && value.size() >= kShortestKeyword) {
        arguments.keyword = value;
        return true;
    }
    return false;
}

}  // namespace

Arguments parse_arguments(int argc, const char** argv) {
    Arguments arguments;
    for (int i = 0; i < argc; ++i)
        if (!apply(arguments, argv[i])) arguments.unknown.emplace_back(argv[i]);
    return arguments;
}

bool is_served(const Arguments& arguments, const std::string& service) {
    return std::find(arguments.services.begin(), arguments.services.end(), service) !=
           arguments.services.end();
}

bool is_greeter(const std::string& service) {
    return service == "gdm-password" || service == "lightdm" || service == "sddm";
}

}  // namespace latchkey::pam
