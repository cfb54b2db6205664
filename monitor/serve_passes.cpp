// SPDX-License-Identifier: MIT
#include "monitor/serve_passes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/people.hpp"
#include "monitor/row_text.hpp"
#include "monitor/temporary_passes.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;

TemporaryPasses passes_of(const Account& account, const Secret& master_key) {
    const SubjectKey subject = subject_of(account);
    return {paths::kActs, subject, account.uid, temporary_pass_key(master_key, subject)};
}

json row_of(const Account& account, const TemporaryPass& pass) {
    return {{"user", account.name},
            {"id", pass.id},
            {"issued_at", iso_text(pass.issued_at)},
            {"ends_at", iso_text(pass.ends_at)},
            {"uses", pass.is_for_once ? "once" : "many"},
            {"reason", pass.reason}};
}

class PassService {
public:
    PassService(Seqpacket& command, const AdminDesk& desk) : command_(command), desk_(desk) {}

    void serve(const wire::AdminRequest& request) {
        if (request.verb == wire::AdminVerb::PassList && request.user.empty())
            return list(accounts_of_people({}));
        auto account = find_local_account(request.user);
        if (!account)
            return refuse(kNotFound, "no local account is called " +
                                         escaped(request.user.substr(0, 64)) +
                                         "; accounts of a directory are not served yet");
        if (request.verb == wire::AdminVerb::PassIssue) return issue(*account, request);
        if (request.verb == wire::AdminVerb::PassRevoke) return revoke(*account, request.pass);
        std::vector<Account> one;
        one.push_back(std::move(*account));
        list(one);
    }

private:
    void send(const wire::AdminReply& reply) { send_reply(command_, reply); }
    void finish() { send({true, 0, {}, {}}); }
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        send({true, exit_status, {}, sentence});
    }
    void refuse(const Account& account, const Error& error) {
        if (error.kind == ErrorKind::Rejected) return refuse(kNegative, error.detail);
        const std::string file =
            std::string{paths::kActs} + "/passes/" + std::to_string(account.uid);
        refuse(kConfiguration,
               "cannot keep temporary passes: " + error.detail +
                   (error.kind == ErrorKind::Corrupt ? "; none of them is accepted, remove " + file
                                                     : "; check " + file + " and the free space"));
    }

    // False: an alarm is logged.
    bool remember(const Account& account, const char* outcome, const std::string& rule) {
        return remember_act(desk_, account.name, "pass", outcome, rule);
    }

    wire::AdminHello hello(const Account& account, TimePoint ends_at) const {
        wire::AdminHello hello = desk_hello(desk_, account, wire::AdminVerb::PassIssue);
        hello.ends = ends_at.time_since_epoch().count();
        return hello;
    }

    void issue(const Account& account, const wire::AdminRequest& request) {
        const TimePoint now = desk_.clock.now();
        const auto why_not = why_not_eligible(account, read_host_account_rules(), now);
        if (!why_not.empty())
            return refuse(kNegative, escaped(account.name) + " cannot recover here (" +
                                         std::string{why_not} +
                                         "), so a pass would open nothing; mend that first");
        auto link = AdminLink::start();
        if (!link) return refuse(kUnreachable, "cannot start the verifier: " + link.error().detail);
        TemporaryPasses passes = passes_of(account, desk_.master_key);
        auto issued = passes.issue(std::chrono::seconds{request.lifetime}, !request.many,
                                   request.reason, now);
        if (!issued) return refuse(account, issued.error());
        const TemporaryPass& pass = issued->pass;
        const auto told = link->ask(hello(account, pass.ends_at));
        if (!told || told->size() != 1) return take_back(passes, pass, told);
        if (!remember(account, "issued", rule_text(pass)))
            return take_back(passes, pass,
                             Error{ErrorKind::Unavailable, "the audit log cannot be written"});
        desk_.log.record(Severity::Info, "issued temporary pass user=" + account.name +
                                             " id=" + std::to_string(pass.id) + " until=" +
                                             iso_text(pass.ends_at) + " by=" + desk_.actor.name);
        json row = row_of(account, pass);
        row["pass"] = issued->shown.reveal();
        row["notices"] = count_in(told->front(), "notices");
        row["privileged"] = can_become_root(account, desk_.settings);
        send(admin_row(row));
        finish();
        deliver_now(desk_);
    }

    // Nobody was told of it, or nothing tells of it later: so nobody gets it.
    void take_back(TemporaryPasses& passes, const TemporaryPass& pass,
                   const Result<std::vector<json>>& told) {
        const std::string why = told ? "the verifier's answer is none" : told.error().detail;
        const auto revoked = passes.revoke(pass.id, desk_.clock.now());
        refuse(kNegative, "no pass was issued: " + why +
                              (revoked ? "" : "; it could not be struck out, and ends unseen"));
    }

    void list(const std::vector<Account>& accounts) {
        for (const Account& account : accounts) {
            const auto alive = passes_of(account, desk_.master_key).alive(desk_.clock.now());
            if (!alive) return refuse(account, alive.error());
            for (const TemporaryPass& pass : *alive) send(admin_row(row_of(account, pass)));
        }
        finish();
    }

    void revoke(const Account& account, std::uint32_t id) {
        const auto revoked = passes_of(account, desk_.master_key).revoke(id, desk_.clock.now());
        if (!revoked) return refuse(account, revoked.error());
        if (revoked->empty() && id != 0)
            return refuse(kNotFound, "no pass " + std::to_string(id) + " of " +
                                         escaped(account.name) +
                                         " is alive; see: latchkey pass list");
        for (const TemporaryPass& pass : *revoked) {
            desk_.log.record(Severity::Info, "revoked temporary pass user=" + account.name +
                                                 " id=" + std::to_string(pass.id) +
                                                 " by=" + desk_.actor.name);
            (void)remember(account, "revoked", rule_text(pass));
        }
        send(admin_row({{"user", account.name}, {"revoked", revoked->size()}}));
        finish();
    }

    Seqpacket& command_;
    const AdminDesk& desk_;
};

}  // namespace

bool is_about_passes(wire::AdminVerb verb) {
    return verb == wire::AdminVerb::PassIssue || verb == wire::AdminVerb::PassList ||
           verb == wire::AdminVerb::PassRevoke;
}

void serve_passes(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    PassService{command, desk}.serve(request);
}

json pass_status(const Account& account, const Secret& master_key, TimePoint now) {
    const auto alive = passes_of(account, master_key).alive(now);
    if (!alive) return {{"error", alive.error().detail}};
    json status{{"alive", alive->size()}, {"until", nullptr}};
    const auto last = std::max_element(
        alive->begin(), alive->end(),
        [](const TemporaryPass& a, const TemporaryPass& b) { return a.ends_at < b.ends_at; });
    if (last != alive->end()) status["until"] = iso_text(last->ends_at);
    return status;
}

}  // namespace latchkey
