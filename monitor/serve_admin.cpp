// SPDX-License-Identifier: MIT
#include "monitor/serve_admin.hpp"

#include <chrono>
#include <set>
#include <utility>

#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/account.hpp"
#include "monitor/account_report.hpp"
#include "monitor/admin_desk.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/keys.hpp"
#include "monitor/last_use.hpp"
#include "monitor/paths.hpp"
#include "monitor/people.hpp"
#include "monitor/reminder_look.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/serve_audit.hpp"
#include "monitor/serve_delivery.hpp"
#include "monitor/serve_explain.hpp"
#include "monitor/serve_import.hpp"
#include "monitor/serve_passes.hpp"
#include "monitor/serve_purge.hpp"
#include "monitor/serve_removal.hpp"
#include "monitor/serve_reset.hpp"
#include "monitor/serve_unlock.hpp"
#include "monitor/used_steps.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

// The command's exit statuses that can arise here (latchkey(1)).
using namespace exit_statuses;
constexpr std::uint32_t kSavedCodes = 10;
constexpr std::size_t kLongestMethod = 64;  // of the log
constexpr std::chrono::seconds kGreeting{10};

struct Refusal {
    std::uint8_t exit_status;
    std::string sentence;
};

class AdminService {
public:
    AdminService(Seqpacket& command, const AdminDesk& desk) : command_(command), desk_(desk) {}

    void serve(const wire::AdminRequest& request) {
        if (request.verb == wire::AdminVerb::Status && request.user.empty()) return status_of_all();
        if (request.verb == wire::AdminVerb::Budgets) return budgets();
        const auto account = find_local_account(request.user);
        if (!account)
            return refuse({kNotFound, "no local account is called " +
                                          escaped(request.user.substr(0, 64)) +
                                          "; accounts of a directory are not served yet"});
        switch (request.verb) {
            case wire::AdminVerb::Status:
                return status_of_one(*account, request.show);
            case wire::AdminVerb::EnrolContact:
            case wire::AdminVerb::EnrolAuthenticator:
                return enrol(request, *account);
            case wire::AdminVerb::NewCodes:
                return new_codes(*account);
            default:
                return;  // served above, or by a file of its own
        }
    }

private:
    void refuse(const Refusal& refusal) {
        (void)command_.send_message(
            wire::AdminReply{true, refusal.exit_status, {}, refusal.sentence});
    }
    void send_row(const json& row) { (void)command_.send_message(admin_row(row)); }
    void finish(std::uint8_t exit_status = 0) {
        (void)command_.send_message(wire::AdminReply{true, exit_status, {}, {}});
    }

    SavedCodes saved_codes(const Account& account) const {
        const SubjectKey subject = subject_of(account);
        return {paths::kActs, subject, account.uid, saved_code_key(desk_.master_key, subject)};
    }

    // What was done stands even if this fails; then an alarm is logged.
    bool remember(const Account& account, const char* event, const std::string& outcome) {
        return remember_act(desk_, account.name, event, outcome);
    }
    Result<LastUses> last_uses() const {
        return last_uses_in(AuditLog{paths::kActs, audit_key(desk_.master_key)});
    }
    json report(const Account& account, const ReportSource& source,
                const Result<LastUses>& uses) const {
        json row = account_report(account, desk_.settings, desk_.master_key, desk_.clock, source);
        row["last_use"] = last_use_of(account.name, uses);
        return row;
    }

    void status_of_one(const Account& account, bool show_addresses) {
        auto link = AdminLink::start();
        if (!link)
            return refuse({kUnreachable, "cannot start the verifier: " + link.error().detail});
        if (show_addresses && !remember(account, "shown", "addresses"))
            return refuse({kConfiguration,
                           "the audit log cannot be written, so addresses are not shown in full; "
                           "run latchkey check"});
        send_row(report(account, {*link, show_addresses}, last_uses()));
        finish();
    }

    void status_of_all() {
        auto link = AdminLink::start();
        if (!link)
            return refuse({kUnreachable, "cannot start the verifier: " + link.error().detail});
        json host{{"outbox_oldest_due", nullptr},
                  {"store", "ok"},
                  {"channels_in_trouble", json::array()}};
        std::set<std::string> enrolled;
        auto rows = link->ask(wire::AdminHello{});
        if (!rows) host["store"] = rows.error().detail;
        for (const json& row : rows ? *rows : std::vector<json>{}) {
            if (const std::string subject = text_in(row, "subject"); !subject.empty())
                enrolled.insert(subject);
            if (!text_in(row, "channel").empty()) host["channels_in_trouble"].push_back(row);
            if (const std::string due = text_in(row, "outbox_oldest_due"); !due.empty())
                host["outbox_oldest_due"] = due;
        }
        send_row(json{{"host", host}});
        const auto uses = last_uses();
        for (const Account& account : accounts_of_people(enrolled))
            send_row(report(account, {*link}, uses));
        finish();
    }

    void budgets() {
        auto link = AdminLink::start();
        if (!link)
            return refuse({kUnreachable, "cannot start the verifier: " + link.error().detail});
        wire::AdminHello question;
        question.verb = wire::AdminVerb::Budgets;
        auto rows = link->ask(question);
        if (!rows) return refuse({kNegative, rows.error().detail});
        for (const json& row : *rows) send_row(row);
        finish();
    }

    void enrol(const wire::AdminRequest& request, const Account& account) {
        auto link = AdminLink::start();
        if (!link)
            return refuse({kUnreachable, "cannot start the verifier: " + link.error().detail});
        const bool is_key = request.verb == wire::AdminVerb::EnrolAuthenticator;
        const OtpKind kind = request.method == "hotp" ? OtpKind::Counter : OtpKind::Time;
        const std::string method = !is_key                    ? request.method
                                   : kind == OtpKind::Counter ? "hotp"
                                                              : "totp";
        wire::AdminHello message = desk_hello(desk_, account, request.verb);
        message.method = method;
        message.address = request.address;
        // As root typed it: what it names is not known yet.
        const std::string logged = escaped(method.substr(0, kLongestMethod));
        if (!remember(account, "enrolling", logged))
            return refuse({kConfiguration,
                           "the audit log cannot be written, so nothing is enrolled; run latchkey "
                           "check"});
        auto rows = link->ask(message);
        if (!rows) {
            // A verifier that is gone may have enrolled it before.
            if (rows.error().kind == ErrorKind::Rejected)
                (void)remember(account, "not_enrolled", logged);
            return refuse({kNegative, rows.error().detail});
        }
        // The verifier has enrolled it, so it is a name of the configuration.
        desk_.log.record(Severity::Info,
                         "enrolled method user=" + account.name + " method=" + method);
        (void)remember(account, "enrolled", method);
        have_next_sign_in_look(account, desk_.log);
        if (is_key && !begin_steps(account, kind)) return;
        for (const json& row : *rows) send_row(row);
        finish();
        deliver_now(desk_);
    }

    // False, and refused: no code of the new app or token may ever count.
    bool begin_steps(const Account& account, OtpKind kind) {
        auto begun = UsedSteps{paths::kActs, subject_of(account), account.uid}.begin(kind);
        if (begun) return true;
        refuse({kNegative,
                "the key is enrolled, but what the old one has spent cannot be "
                "forgotten: " +
                    begun.error().detail + "; mend that and enrol it again"});
        return false;
    }

    void new_codes(const Account& account) {
        auto link = AdminLink::start();
        if (!link)
            return refuse({kUnreachable, "cannot start the verifier: " + link.error().detail});
        const auto told = link->ask(desk_hello(desk_, account, wire::AdminVerb::NewCodes));
        if (!told || told->size() != 1)
            return refuse(
                {kNegative, told ? "the verifier's answer is none" : told.error().detail});
        auto issued = saved_codes(account).issue(kSavedCodes);
        if (!issued)
            return refuse(
                {kConfiguration, "cannot keep saved recovery codes: " + issued.error().detail});
        json codes = json::array();
        for (const Secret& code : *issued) codes.push_back(code.reveal());
        desk_.log.record(Severity::Info, "issued saved recovery codes user=" + account.name);
        (void)remember(account, "codes", "issued");
        have_next_sign_in_look(account, desk_.log);
        send_row(json{{"user", account.name},
                      {"codes", codes},
                      {"notices", count_in(told->front(), "notices")}});
        finish();
        deliver_now(desk_);
    }

    Seqpacket& command_;
    const AdminDesk& desk_;
};

}  // namespace

void serve_request(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    using wire::AdminVerb;
    const AdminVerb verb = request.verb;
    if (verb == AdminVerb::Audit || verb == AdminVerb::AuditVerify)
        return serve_audit(command, request, desk.master_key, desk.clock);
    if (verb == AdminVerb::Import) return serve_import(command, desk);
    if (verb == AdminVerb::Deliver) return serve_delivery_request(command, desk);
    if (is_about_passes(verb)) return serve_passes(command, request, desk);
    if (verb == AdminVerb::Remove) return serve_removal(command, request, desk);
    if (verb == AdminVerb::Purge) return serve_purge(command, request, desk);
    if (verb == AdminVerb::Reset) return serve_reset(command, request, desk);
    if (verb == AdminVerb::Explain) return serve_explain(command, request, desk);
    if (verb == AdminVerb::Unlock) return serve_unlock(command, request, desk);
    AdminService{command, desk}.serve(request);
}

void serve_admin(Seqpacket command, const Clock& clock, EventLog& log) {
    const auto refuse = [&command](std::uint8_t exit_status, const std::string& sentence) {
        (void)command.send_message(wire::AdminReply{true, exit_status, {}, sentence});
    };
    auto request =
        command.receive_message<wire::AdminRequest>(std::chrono::steady_clock::now() + kGreeting);
    if (!request || request->version != wire::kVersion)
        return refuse(kUnreachable,
                      "the command and the monitor are of different versions; finish the upgrade");
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    if (!settings) return refuse(kConfiguration, settings.error().detail);
    auto key = read_master_key(paths::kMasterKey);
    if (!key) return refuse(kConfiguration, key.error().detail + "; run latchkey setup");
    const Actor root;
    serve_request(command, *request, {*settings, *key, clock, log, root});
}

}  // namespace latchkey
