// SPDX-License-Identifier: MIT
#include "cli/password_service.hpp"

#include <algorithm>

namespace latchkey::cli {

namespace {

const PamLine* line_of(const std::vector<PamLine>& lines, std::string_view module) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const PamLine& line) { return line.name() == module; });
    return found == lines.end() ? nullptr : &*found;
}

// An argument that holds blanks goes back into the brackets it came in.
std::string written(const std::string& argument) {
    if (argument.find_first_of(" \t") == std::string::npos) return argument;
    std::string result = "[";
    for (const char c : argument) {
        if (c == ']') result += '\\';
        result += c;
    }
    return result + "]";
}

// The host's options without those that say where the password comes from: that
// is decided by the place in our file.
std::vector<std::string> copied_options(const PamLine& line) {
    std::vector<std::string> options;
    for (const std::string& argument : line.arguments) {
        const bool says_where_from = argument == "use_authtok" || argument == "try_first_pass" ||
                                     argument == "use_first_pass";
        if (!says_where_from && argument != "enforce_for_root") options.push_back(argument);
    }
    return options;
}

std::string rule(const std::string& module, const std::vector<std::string>& options) {
    std::string text = "password requisite " + module;
    for (const std::string& option : options) text += " " + written(option);
    return text + " enforce_for_root\n";
}

// The rule that asks for the password and judges it, if the host has one.
std::string quality_rule(const PasswordModules& modules) {
    for (const char* const name : {"pam_pwquality.so", "pam_cracklib.so"}) {
        const PamLine* const line = line_of(modules.common, name);
        if (line == nullptr) continue;
        std::vector<std::string> options = copied_options(*line);
        if (!line->argument_value("retry")) options.insert(options.begin(), "retry=3");
        return rule(line->module, options);
    }
    return modules.has_pwquality ? rule("pam_pwquality.so", {"retry=3"}) : "";
}

std::string history_rule(const PasswordModules& modules) {
    const PamLine* const line = line_of(modules.common, "pam_pwhistory.so");
    if (line == nullptr) return "";
    std::vector<std::string> options = copied_options(*line);
    options.insert(options.begin(), "use_authtok");
    return rule(line->module, options);
}

}  // namespace

bool is_installed(const Host& host, const std::string& module) {
    const std::string path =
        module.starts_with('/') ? module : host.module_directory + "/" + module;
    const auto facts = facts_of(host, path);
    return facts && (facts->type == FileType::Regular || facts->type == FileType::Link);
}

PamFileReader pam_files_of(const Host& host) {
    return [&host](const std::string& name) -> std::optional<std::string> {
        if (name.find("..") != std::string::npos) return std::nullopt;
        for (const char* const directory : {"/etc/pam.d/", "/usr/lib/pam.d/"}) {
            const std::string path = name.starts_with('/') ? name : directory + name;
            if (auto text = read_text(host, path)) return std::move(*text);
        }
        return std::nullopt;
    };
}

PasswordModules password_modules(const Host& host) {
    PasswordModules modules;
    for (PamLine& line : read_pam_stack(pam_files_of(host), "common-password", "password").lines) {
        // A line whose module is gone would make every change fail.
        if (is_installed(host, line.module)) modules.common.push_back(std::move(line));
    }
    modules.has_pwquality = is_installed(host, "pam_pwquality.so");
    return modules;
}

std::string password_service_text(const PasswordModules& modules) {
    std::string text{kPasswordServiceMark};
    text +=
        "; `latchkey setup` writes it again, `latchkey check` compares.\n"
        "# A new password chosen at the login prompt passes through these lines. The\n"
        "# order matters: the host's rules, latchkey's floor, the host's own stack,\n"
        "# and last the line that hands the password to the waiting login.\n";
    const std::string quality = quality_rule(modules);
    const std::string history = history_rule(modules);
    const std::string floor = "password requisite pam_latchkey.so\n";
    // pam_pwhistory asks for nothing here: whoever stands before it has asked.
    text += quality.empty() ? floor + history : quality + history + floor;
    return text + "@include common-password\npassword required pam_latchkey.so\n";
}

}  // namespace latchkey::cli
