// SPDX-License-Identifier: MIT
//
// Who could recover no more if more proofs were asked for, from what `status` tells.
#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/account_status.hpp"
#include "cli/care_verbs.hpp"
#include "cli/json_output.hpp"
#include "cli/table.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

constexpr std::uint32_t kLeastOfPrivileged = 2;  // latchkey.toml(5), [gates]

struct Standing {
    const AccountStatus* account = nullptr;
    std::uint32_t needed_then = 0;
    bool can_now = false;
    bool can_then = false;
};

// Of an account that can become root one proof is always a saved code.
bool can_recover(const AccountStatus& account, std::uint32_t needed) {
    return account.ways >= needed && (!account.is_privileged || account.saved_codes_left > 0);
}

Standing standing_of(const AccountStatus& account, std::uint32_t gates) {
    Standing standing{&account, gates};
    if (account.is_privileged) standing.needed_then = std::max(gates, kLeastOfPrivileged);
    standing.can_now = can_recover(account, account.needed_at_console);
    standing.can_then = can_recover(account, standing.needed_then);
    return standing;
}

// Empty: the answer tells of everybody. Of who is not told nothing is concluded.
std::string why_not_known(const StatusAnswer& status) {
    constexpr const char* kAdvice = "; mend that (latchkey check) and try again";
    if (status.host.store != "ok")
        return "the store cannot be read: " + escaped(status.host.store) + kAdvice;
    for (const AccountStatus& account : status.accounts)
        if (account.is_eligible && !account.error.empty())
            return "the ways of " + escaped(account.user) +
                   " cannot be read: " + escaped(account.error) + kAdvice;
    return {};
}

const char* word_for(const Standing& standing) {
    if (!standing.can_now) return "is stranded now";
    return standing.can_then ? "can recover" : "would be stranded";
}

}  // namespace

ExitStatus run_policy_check(const PolicyCheckCommand& command, const MonitorCall& monitor,
                            const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Status;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto status = parse_status(answer.rows);
    if (!status) return not_understood(terminal);
    if (const std::string why = why_not_known(*status); !why.empty())
        return terminal.fail(ExitStatus::Configuration, why);
    Table table{{"USER", "PROOFS", "NEEDED NOW", "NEEDED THEN", "RECOVERY"}};
    json stranded = json::array();
    json already = json::array();
    std::size_t looked_at = 0;
    for (const AccountStatus& account : status->accounts) {
        // Who cannot recover for another reason is not what this is about.
        if (!account.is_eligible) continue;
        ++looked_at;
        const Standing standing = standing_of(account, command.gates);
        if (standing.can_now && standing.can_then) continue;
        (standing.can_now ? stranded : already).push_back(account.user);
        table.add({account.user, std::to_string(account.ways),
                   std::to_string(account.needed_at_console), std::to_string(standing.needed_then),
                   word_for(standing)});
    }
    const ExitStatus end = stranded.empty() ? ExitStatus::Ok : ExitStatus::Negative;
    if (command.output.json) {
        print_json(terminal.out, json{{"gates", command.gates},
                                      {"accounts", looked_at},
                                      {"would_be_stranded", stranded},
                                      {"stranded_now", already}});
        return end;
    }
    if (!stranded.empty() || !already.empty()) table.print(terminal.out, command.output.legend);
    if (command.output.legend)
        terminal.out << "With " << command.gates << (command.gates == 1 ? " proof" : " proofs")
                     << " everywhere " << stranded.size() << " of " << looked_at
                     << " accounts would be stranded, beside " << already.size()
                     << " that are now.\n";
    return end;
}

}  // namespace latchkey::cli
