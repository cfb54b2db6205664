// SPDX-License-Identifier: MIT
//
// What the test of the stacks multiplies: control words, placements, neighbours,
// and how a login can go.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/recovery.hpp"
#include "tests/integration/module/person.hpp"

namespace latchkey {

inline constexpr const char* kModules = "/usr/lib/latchkey-test/";
// libpam looks for what is included in /etc/pam.d, whatever pam_start_confdir was
// told; an absolute path is taken as it is.
inline constexpr const char* kPart = "/run/latchkey-test/pam/part";
// As the Debian profile writes it.
inline constexpr const char* kShippedControl =
    "[success=ignore ignore=ignore module_unknown=ignore default=die]";

// Every word of pam.d(5), every action for each code that our line can bring
// (PAM_IGNORE, PAM_AUTH_ERR, and the missing file's), and words libpam refuses.
inline std::vector<std::string> control_words() {
    std::vector<std::string> words{
        kShippedControl, "required", "requisite", "sufficient", "optional", "binding", "[]",
        "[garbage]", "[success=end default=die]", "[success=ok]", "[success=done]", "[success=1]",
        "[success=ok new_authtok_reqd=ok ignore=ignore default=bad]",
        "[success=done new_authtok_reqd=done default=ignore]",
        // Blanks around "=" and a code named twice are libpam's to read.
        "[success=ignore ignore=ignore auth_err = 2 default=die]",
        "[success=ignore ignore=ignore auth_err=die auth_err=2 default=die]",
        "[default=2 success=ignore ignore=ignore auth_err=die]"};
    for (const char* action :
         {"ignore", "ok", "done", "bad", "die", "reset", "1", "2", "3", "99"}) {
        words.push_back(std::string{"[default="} + action + "]");
        words.push_back(std::string{"[success=ignore ignore="} + action + " default=die]");
        words.push_back(std::string{"[success=ignore auth_err="} + action + " default=ignore]");
    }
    return words;
}

// What stands beside us. WITNESS is the test's module; the numbers are PAM's:
// 0 success, 7 authentication error, 25 ignore.
struct Neighbours {
    const char* name;
    std::vector<std::string> lines;
};
inline std::vector<Neighbours> neighbours() {
    return {
        {"a password module", {"required WITNESS password=old"}},
        {"Debian's common-auth",
         {"[success=1 default=ignore] WITNESS password=old", "requisite WITNESS returns=7",
          "required WITNESS returns=0"}},
        {"one that always refuses",
         {"required WITNESS returns=7", "required WITNESS password=old"}},
        {"a permitting optional one",
         {"optional WITNESS returns=0", "required WITNESS password=old"}},
        {"a sufficient password module",
         {"sufficient WITNESS password=old", "required WITNESS returns=7"}},
        {"ignored ones around",
         {"optional WITNESS returns=25", "requisite WITNESS password=old",
          "optional WITNESS returns=0"}},
        {"two password modules",
         {"[success=2 default=ignore] WITNESS password=old",
          "[success=1 default=ignore] WITNESS password=elsewhere", "requisite WITNESS returns=7",
          "required WITNESS returns=0"}},
    };
}

enum class Placement : std::uint8_t {
    First,
    Between,
    Last,
    Twice,
    Included,
    Substack,
    SubstackWithAll,
    TwiceAndIncluded
};
inline constexpr int kPlacements = 8;

// The service file and what it includes, from our line ("CONTROL MODULE ...") and
// the others'.
struct StackFiles {
    std::string service;
    std::string included;
};
inline StackFiles stack_files(Placement placement, const std::string& ours,
                              const std::vector<std::string>& others) {
    const std::size_t middle = (others.size() + 1) / 2;
    const std::string include = std::string{"auth include "} + kPart + '\n';
    const std::string substack = std::string{"auth substack "} + kPart + '\n';
    const std::string us = "auth " + ours + "\n";
    std::string before;
    std::string after;
    for (std::size_t i = 0; i < others.size(); ++i)
        (i < middle ? before : after) += "auth " + others[i] + "\n";
    switch (placement) {
        case Placement::First:
            return {us + before + after, {}};
        case Placement::Between:
            return {before + us + after, {}};
        case Placement::Last:
            return {before + after + us, {}};
        case Placement::Twice:
            return {us + before + after + us, {}};
        case Placement::Included:
            return {include + before + after, us};
        case Placement::Substack:
            return {substack + before + after, us};
        case Placement::SubstackWithAll:
            return {substack, us + before + after};
        case Placement::TwiceAndIncluded:
            return {us + include + before + after, us};
    }
    return {};
}

// How a login goes. `right`: the right password comes to the host in it, typed
// or handed over; in no other may anybody get in.
struct Flow {
    const char* name = "";
    std::vector<std::string> answers;
    std::string script;  // of the monitor
    bool right = false;
    std::string monitor = "/usr/libexec/latchkey-test/monitor";
    std::string arguments;  // more of our line's
    std::string module = "pam_latchkey.so";
    const char* user = "ada";
    std::string authtok_before;  // set by a module in front
    bool root = true;
    bool switched_on = true;
    std::vector<std::pair<std::size_t, Breaks>> breaks;  // at most one
};

inline std::string finish(Outcome outcome, const std::string& password = "") {
    return "finish " + std::to_string(static_cast<int>(outcome)) + ' ' + password + '\n';
}

std::vector<Flow> flows();

}  // namespace latchkey
