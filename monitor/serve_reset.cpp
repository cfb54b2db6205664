// SPDX-License-Identifier: MIT
#include "monitor/serve_reset.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/account_report.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;

// An address that a message comes to, and that counts.
bool is_reached(const json& report, const std::string& method) {
    const json& ways = report.at("methods");
    return std::any_of(ways.begin(), ways.end(), [&](const json& way) {
        return way.value("counts", false) && !way.value("gets_nothing", true) &&
               !way.value("destination", "").empty() &&
               (method.empty() || way.value("method", "") == method);
    });
}

}  // namespace

void serve_reset(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    const auto refuse = [&command](std::uint8_t exit_status, const std::string& sentence) {
        refuse_request(command, exit_status, sentence);
    };
    const auto account = find_local_account(request.user);
    if (!account)
        return refuse(kNotFound, "no local account is called " +
                                     escaped(request.user.substr(0, 64)) +
                                     "; accounts of a directory are not served yet");
    const std::string name = escaped(account->name);
    const auto why_not = why_not_eligible(*account, read_host_account_rules(), desk.clock.now());
    if (!why_not.empty())
        return refuse(kNegative, name + " cannot recover here (" + std::string{why_not} +
                                     "), so nobody was asked; mend that first");
    auto link = AdminLink::start();
    if (!link) return refuse(kUnreachable, "cannot start the verifier: " + link.error().detail);
    const json report =
        account_report(*account, desk.settings, desk.master_key, desk.clock, {*link});
    if (!is_reached(report, request.method))
        return refuse(kNegative, name +
                                     " has no address of that kind that counts; give a temporary "
                                     "pass: latchkey pass issue " +
                                     name);
    wire::AdminHello hello = desk_hello(desk, *account, wire::AdminVerb::Reset);
    hello.method = request.method;
    const auto rows = link->ask(hello, 1);
    if (!rows || rows->size() != 1)
        return refuse(kNegative, rows ? "the verifier's answer is none" : rows.error().detail);
    desk.log.record(Severity::Info,
                    "asked for a new password user=" + account->name + " by=" + desk.actor.name);
    (void)remember_act(desk, account->name, "reset", "asked");
    send_reply(command, admin_row({{"user", account->name},
                                   {"messages", count_in(rows->front(), "messages")},
                                   {"short_of_ways", report.value("short_of_ways", true)},
                                   {"privileged", report.value("privileged", true)}}));
    send_reply(command, {true, 0, {}, {}});
    deliver_now(desk);
}

}  // namespace latchkey
