// SPDX-License-Identifier: MIT
#include "cli/what_is_missing.hpp"

#include "cli/command_line.hpp"

namespace latchkey::cli {

namespace {

std::string counted_proofs(std::uint32_t number) {
    return std::to_string(number) + (number == 1 ? " proof" : " proofs");
}

bool has_codes(const AccountStatus& account) {
    return account.saved_codes_left > 0 || !account.saved_codes_from.empty();
}

// Who sits in a session that was left open must not become root by it: the first way of such an
// account is the administrator's to give.
bool is_administrators(const AccountStatus& account, StatusReader reader) {
    return reader == StatusReader::Administrator || (account.is_privileged && account.ways == 0);
}

std::string command_for(const AccountStatus& account, StatusReader reader, const std::string& verb,
                        const std::string& rest) {
    const std::string user = is_administrators(account, reader) ? account.user + " " : "";
    const std::string who =
        reader == StatusReader::Owner && !user.empty() ? "an administrator: sudo " : "";
    return who + "latchkey " + verb + " " + user + rest;
}

std::vector<std::string> commands(const AccountStatus& account, StatusReader reader,
                                  bool any_proof) {
    std::vector<std::string> lines;
    if (any_proof)
        for (const std::string& method : account.can_add)
            lines.push_back(command_for(account, reader, "enroll",
                                        method + (is_authenticator(method) ? "" : " ADDRESS")));
    if (!has_codes(account)) lines.push_back(command_for(account, reader, "codes", "--new"));
    return lines;
}

}  // namespace

std::string proofs_asked_for(const AccountStatus& account) {
    std::string text = std::to_string(account.needed);
    if (account.needed_at_console != account.needed)
        text += " (" + std::to_string(account.needed_at_console) + " at the console)";
    if (account.is_privileged) text += ", one of them a saved recovery code";
    return text;
}

std::string proofs_there(const AccountStatus& account) {
    std::string text = std::to_string(account.ways);
    for (const std::string& proof : account.proofs)
        text += (&proof == &account.proofs.front() ? ": " : ", ") +
                (proof == "saved" ? std::string{"a saved recovery code"} : proof);
    return text;
}

std::vector<std::string> what_is_missing(const AccountStatus& account, StatusReader reader) {
    if (!account.is_short_of_ways) return {"nothing"};
    const std::uint32_t few = account.needed > account.ways ? account.needed - account.ways : 0;
    const bool needs_code = account.is_privileged && account.saved_codes_left == 0;
    std::vector<std::string> lines{needs_code && few < 2 ? "a saved recovery code"
                                                         : counted_proofs(few)};
    const auto ways_to_go = commands(account, reader, few > 1 || (few == 1 && !needs_code));
    for (const std::string& command : ways_to_go)
        lines.push_back((lines.size() == 1 ? "add it by: " : "or by:     ") + command);
    if (ways_to_go.empty())
        lines.emplace_back("what would be enough is set up already, and does not count yet");
    return lines;
}

}  // namespace latchkey::cli
