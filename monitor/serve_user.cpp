// SPDX-License-Identifier: MIT
#include "monitor/serve_user.hpp"

#include <chrono>
#include <utility>

#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/account_reminders.hpp"
#include "monitor/account_report.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/last_use.hpp"
#include "monitor/methods_here.hpp"
#include "monitor/own_data.hpp"
#include "monitor/owner_change.hpp"
#include "monitor/paths.hpp"
#include "monitor/people.hpp"
#include "monitor/serve_audit.hpp"
#include "monitor/serve_help.hpp"
#include "monitor/slots.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using std::chrono::steady_clock;

using namespace exit_statuses;

// An attacker who connects and says nothing holds one of their own two places for so long.
constexpr std::chrono::seconds kGreeting{10};
constexpr std::chrono::minutes kWholeTalk{15};

void refuse(Seqpacket& command, std::uint8_t exit_status, const std::string& sentence) {
    (void)command.send_message(wire::AdminReply{true, exit_status, {}, sentence});
}

void show_status(Seqpacket& command, const Account& account, const Settings& settings,
                 const Secret& master_key, const Clock& clock) {
    auto link = AdminLink::start();
    if (!link)
        return refuse(command, kUnreachable,
                      "the verifier cannot be started; ask the administrator to run: latchkey "
                      "check");
    json report = account_report(account, settings, master_key, clock, {*link});
    report["last_use"] =
        last_use_of(account.name, last_uses_in(AuditLog{paths::kActs, audit_key(master_key)}));
    report["can_set_up"] = methods_here(settings, can_become_root(account, settings));
    // Not the account's: what stands there goes first where one message cannot hold both.
    if (!command.send_message(admin_row(report))) {
        report.erase("can_set_up");
        (void)command.send_message(admin_row(report));
    }
    (void)command.send_message(wire::AdminReply{true, 0, {}, {}});
}

void show_activity(Seqpacket& command, const wire::UserRequest& asked, const Account& account,
                   const Secret& master_key, const Clock& clock) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Audit;
    request.user = account.name;
    request.since = asked.since;
    serve_audit(command, request, master_key, clock);
}

void postpone_reminders(Seqpacket& command, const Account& account, const Settings& settings,
                        const Clock& clock) {
    const Registration registration = settings.security_info.registration;
    AccountReminders reminders{paths::kActs, subject_of(account), account.uid};
    if (reminders.must_register(registration))
        return refuse(command, kNegative,
                      "the administrator wants everybody to have a way back, so every sign-in "
                      "says what is missing; see: latchkey");
    if (!reminders.put_off(clock.now(), registration))
        return refuse(command, kConfiguration,
                      "that cannot be kept now; ask the administrator to run: latchkey check");
    (void)command.send_message(wire::AdminReply{true, 0, {}, {}});
}

class CommandReplies final : public ChangeReplies {
public:
    explicit CommandReplies(Seqpacket& command) : command_(command) {}
    bool row(const nlohmann::json& row) override {
        return command_.send_message(admin_row(row)).has_value();
    }
    void refuse(std::uint8_t exit_status, const std::string& sentence) override {
        latchkey::refuse(command_, exit_status, sentence);
    }
    void done() override { (void)command_.send_message(wire::AdminReply{true, 0, {}, {}}); }

private:
    Seqpacket& command_;
};

// Whose account it is about follows in a message of its own.
void help_others(Seqpacket command, const Account& helper, const RootSide& on) {
    const auto asked = command.receive_message<wire::AdminRequest>(steady_clock::now() + kGreeting);
    if (!asked || asked->version != wire::kVersion)
        return refuse(command, kUnreachable,
                      "the command and the monitor are of different versions; ask the "
                      "administrator to finish the upgrade");
    Claimant claimant{std::move(command), steady_clock::now() + kWholeTalk};
    serve_help(claimant, *asked, helper, on);
}

}  // namespace

void serve_user(Seqpacket command, uid_t uid, const Clock& clock, EventLog& log) {
    // First: an account has one uid, however many a person can get by namespaces.
    const auto account = account_of_uid(uid);
    if (!account)
        return refuse(command, kNotPermitted,
                      "you have no local account on this host; accounts of a directory "
                      "are not served yet");
    const auto slot = take_user_slot(paths::kSlots, uid);
    if (!slot)
        return refuse(command, kTryLater,
                      "two other commands of yours are waiting; end one of them, or try "
                      "again later");
    auto request = command.receive_message<wire::UserRequest>(steady_clock::now() + kGreeting);
    if (!request || request->version != wire::kVersion)
        return refuse(command, kUnreachable,
                      "the command and the monitor are of different versions; ask the "
                      "administrator to finish the upgrade");
    auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    auto key = read_master_key(paths::kMasterKey);
    if (!settings || !key) {
        const Error& why = settings ? key.error() : settings.error();
        log.record(Severity::Alarm, "security info is off why=" + in_quotes(why.detail));
        return refuse(command, kConfiguration,
                      "latchkey is not set up here; ask the administrator to run: latchkey check");
    }
    switch (request->verb) {
        case wire::UserVerb::Status:
            return show_status(command, *account, *settings, *key, clock);
        case wire::UserVerb::Activity:
            return show_activity(command, *request, *account, *key, clock);
        case wire::UserVerb::Later:
            return postpone_reminders(command, *account, *settings, clock);
        case wire::UserVerb::Export: {
            Claimant claimant{std::move(command), steady_clock::now() + kWholeTalk};
            return serve_own_data(claimant, *account, {*settings, *key, clock, log});
        }
        case wire::UserVerb::Change: {
            Claimant claimant{std::move(command), steady_clock::now() + kWholeTalk};
            CommandReplies replies{claimant.module()};
            return serve_owner_change({claimant, replies}, std::move(*request), *account, clock,
                                      log);
        }
        case wire::UserVerb::Help:
            return help_others(std::move(command), *account, {*settings, *key, clock, log});
    }
}

}  // namespace latchkey
