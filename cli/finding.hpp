// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latchkey::cli {

enum class Level : std::uint8_t { Ok, Warn, Error };

// One thing that check looked at. The texts hold names of files and accounts
// and may hold any byte of them: whoever prints them escapes them.
struct Finding {
    Level level = Level::Error;
    std::string topic;  // stable, for scripts: "pam.order", "sshd", "key"
    std::string text;   // what was found, a sentence without a full stop
    std::string mend;   // what to do, a command where there is one; empty if Ok
    bool mended_by_setup = false;
};

using Findings = std::vector<Finding>;

inline Finding ok(std::string topic, std::string text) {
    return {Level::Ok, std::move(topic), std::move(text), {}, false};
}
inline Finding warning(std::string topic, std::string text, std::string mend) {
    return {Level::Warn, std::move(topic), std::move(text), std::move(mend), false};
}
inline Finding fault(std::string topic, std::string text, std::string mend) {
    return {Level::Error, std::move(topic), std::move(text), std::move(mend), false};
}
inline Finding mended_by_setup(Finding finding) {
    finding.mended_by_setup = true;
    return finding;
}

}  // namespace latchkey::cli
