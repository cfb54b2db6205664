// SPDX-License-Identifier: MIT
//
// pam.d as libpam reads it: comments, continued lines, bracketed controls,
// @include, include and substack. Nothing is judged here.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::cli {

// One line of one management group.
struct PamLine {
    std::string group;    // "auth", "account", "password" or "session", in lower case
    std::string control;  // "required", or a bracketed list with its brackets
    std::string module;   // as it was written: a name or an absolute path
    std::vector<std::string> arguments;
    bool may_be_missing = false;  // the group was written with a leading "-"
    std::string file;             // where it stands
    std::size_t line = 0;         // from 1

    // "pam_unix.so" of "/lib/security/pam_unix.so".
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool has_argument(std::string_view argument) const;
    // "dir=/x" for "dir" gives "/x".
    [[nodiscard]] std::optional<std::string> argument_value(std::string_view key) const;
};

struct PamStack {
    std::vector<PamLine> lines;       // of one group, in the order in which they run
    std::vector<std::string> faults;  // lines that libpam would refuse, and files not found
};

// Content of a file of pam.d by its name ("common-auth"), or nothing.
using PamFileReader = std::function<std::optional<std::string>(const std::string&)>;

[[nodiscard]] PamStack read_pam_stack(const PamFileReader& read, const std::string& service,
                                      std::string_view group);

// What libpam does when the module returns `code` ("success", "ignore",
// "module_unknown", ...): "ok", "done", "bad", "die", "ignore", "reset", or a
// number of lines to jump over.
[[nodiscard]] std::string action_on(const PamLine& line, std::string_view code);

// The longest jump that the line can make over the ones after it; 0: none.
[[nodiscard]] std::size_t longest_jump(const PamLine& line);

}  // namespace latchkey::cli
