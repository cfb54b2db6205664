// SPDX-License-Identifier: MIT
#include "monitor/account_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "core/screens.hpp"
#include "monitor/keys.hpp"
#include "monitor/lockout.hpp"
#include "monitor/paths.hpp"
#include "monitor/program_channels.hpp"
#include "monitor/row_text.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/serve_passes.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

using nlohmann::json;

constexpr std::size_t kMostToAdd = 3;  // enough to choose from

wire::AdminHello admin_hello(const Account& account, wire::AdminVerb verb,
                             const Secret& master_key) {
    wire::AdminHello hello;
    hello.verb = verb;
    hello.subject = subject_of(account);
    hello.account_name = account.name;
    hello.subkey = subject_key(master_key, hello.subject, {});
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0) hello.host_name = name.data();
    return hello;
}

std::string lockout_of(const Account& account, const Clock& clock) {
    const FaillockSettings faillock = read_faillock_settings(paths::kFaillockSettings, {});
    switch (lock_state(faillock, account.name, clock.now())) {
        case LockState::NotLocked:
            return "no";
        case LockState::Locked:
            return "yes";
        case LockState::HeldForEver:
            return "held";
    }
    return "no";
}

namespace {

// What is no way is left out: it counts for nothing.
json ways_in(const json& answer) {
    json ways = json::array();
    for (const json& way : list_in(answer, "methods"))
        if (is_way_row(way)) ways.push_back(way);
    return ways;
}

using Proofs = std::map<std::string, std::string>;  // by what is held: the method that asks for it

// Those that count now. Marks what no message can reach.
Proofs judge_methods(json& methods, const Settings& settings, bool privileged) {
    Proofs proofs;
    for (json& method : methods) {
        const std::string name = method.value("method", "");
        method["gets_nothing"] = privileged && runs_programs_only(settings, name);
        if (method.value("counts", true) && is_way(settings, name, privileged))
            proofs.emplace(method.value("possession", ""), name);
    }
    return proofs;
}

// What a holder has one of: a second address of a kind may be the same proof again.
std::pair<MethodKind, Medium> holding(const MethodSettings& method) {
    if (method.kind != MethodKind::Delivery) return {method.kind, Medium::Other};
    return {method.kind, is_telephone(method.medium) ? Medium::Text : method.medium};
}

// Methods that would each be a proof more, of those that `ways` has nothing of; the usual first.
json methods_to_add(const json& ways, const Settings& settings, bool privileged) {
    std::set<std::pair<MethodKind, Medium>> there;
    for (const json& way : ways)
        if (const auto method = settings.methods.find(way.value("method", ""));
            method != settings.methods.end())
            there.insert(holding(method->second));
    json names = json::array();
    for (const std::string& name : methods_in_menu_order(settings)) {
        const auto method = settings.methods.find(name);
        if (method == settings.methods.end() || !is_way(settings, name, privileged)) continue;
        if (names.size() < kMostToAdd && there.insert(holding(method->second)).second)
            names.push_back(name);
    }
    return names;
}

}  // namespace

json account_report(const Account& account, const Settings& settings, const Secret& master_key,
                    const Clock& clock, const ReportSource& source) {
    json row{{"user", account.name}, {"uid", account.uid}};
    const std::string_view why_not =
        why_not_eligible(account, read_host_account_rules(), clock.now());
    const bool privileged = can_become_root(account, settings);
    row["eligible"] = why_not.empty();
    row["why_not"] = why_not;
    row["privileged"] = privileged;
    wire::AdminHello question = admin_hello(account, wire::AdminVerb::Status, master_key);
    question.show = source.show_addresses;
    auto rows = source.link.ask(question);
    row["methods"] = rows && !rows->empty() ? ways_in(rows->front()) : json::array();
    if (!rows) row["error"] = rows.error().detail;
    Proofs proofs = judge_methods(row["methods"], settings, privileged);
    const SubjectKey subject = subject_of(account);
    SavedCodes saved{paths::kActs, subject, account.uid, saved_code_key(master_key, subject)};
    (void)saved.settle(clock.now());
    const std::uint32_t codes = saved.left();
    const auto waiting = saved.waiting_from();
    const auto ending = saved.ending_from();
    if (codes > 0) proofs.emplace(kSavedMethod, kSavedMethod);
    const std::size_t ways = proofs.size();
    const std::uint32_t needed = privileged
                                     ? std::max(settings.gates.remote, settings.gates.privileged)
                                     : settings.gates.remote;
    row["saved_codes_left"] = codes;
    row["saved_codes_from"] = waiting ? json(iso_text(*waiting)) : json(nullptr);
    row["saved_codes_until"] = ending ? json(iso_text(*ending)) : json(nullptr);
    row["passes"] = pass_status(account, master_key, clock.now());
    row["locked"] = lockout_of(account, clock);
    row["ways"] = ways;
    row["needed_at_console"] = privileged
                                   ? std::max(settings.gates.console, settings.gates.privileged)
                                   : settings.gates.console;
    row["needed"] = needed;
    row["proofs"] = json::array();
    for (const auto& [possession, method] : proofs) row["proofs"].push_back(method);
    row["can_add"] = methods_to_add(row["methods"], settings, privileged);
    row["short_of_ways"] = ways < needed || (privileged && codes == 0);
    return row;
}

}  // namespace latchkey
