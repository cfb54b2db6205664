// SPDX-License-Identifier: MIT
#include "monitor/serve_help.hpp"

#include <string>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/admin_desk.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/help_desk.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/person_check.hpp"
#include "monitor/serve_admin.hpp"

namespace latchkey {

namespace {

using namespace exit_statuses;

std::string_view word_for(wire::AdminVerb verb) {
    switch (verb) {
        case wire::AdminVerb::Unlock:
            return "unlock";
        case wire::AdminVerb::Reset:
            return "reset";
        case wire::AdminVerb::PassIssue:
            return "pass_issue";
        case wire::AdminVerb::PassRevoke:
            return "pass_revoke";
        default:
            return "read";
    }
}

class HelpService {
public:
    HelpService(Claimant& helper_at, const wire::AdminRequest& request, const Account& helper,
                const AdminDesk& desk)
        : helper_at_(helper_at), request_(request), helper_(helper), desk_(desk) {}

    void serve() {
        if (!is_helper(helper_))
            return refuse(kNotPermitted, std::string{"only root and members of the group "} +
                                             kHelpDeskGroup +
                                             " may do that for others; ask the administrator");
        if (!may_help_with(request_)) return refuse(kNotPermitted, "only root may do that");
        if (const std::string why = why_not_such_a_pass(request_); !why.empty())
            return refuse(kNotPermitted, why);
        if (const auto not_owner = why_not_owner(helper_at_, helper_)) {
            (void)remember(AuditCause::Stranger, "refused", "password");
            return refuse(not_owner->exit_status, not_owner->why);
        }
        const bool is_act = is_act_of_helper(request_.verb);
        if (is_act && !count()) return;
        const auto account = find_local_account(request_.user);
        if (!account)
            return refuse(kNotFound, "no local account is called " +
                                         escaped(request_.user.substr(0, 64)) +
                                         "; accounts of a directory are not served yet");
        if (const std::string why = why_not_helped(*account, is_act); !why.empty()) {
            // An act was counted above; of reading there is no number.
            (void)remember(is_act ? AuditCause::Proven : AuditCause::Stranger, "refused", why);
            return refuse(kNotPermitted, escaped(account->name) + " is not for the help desk (" +
                                             why + "); ask the administrator");
        }
        // Who did it stands there also where the act itself is cut off.
        if (is_act && !remember(AuditCause::Proven, "begun", {}))
            return refuse(kConfiguration,
                          "the audit log cannot be written, so nothing was done; ask the "
                          "administrator to run: latchkey check");
        serve_request(helper_at_.module(), request_, desk_);
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        refuse_request(helper_at_.module(), exit_status, sentence);
    }

    // False: refused.
    bool count() {
        const auto begun = HelpDeskActs{paths::kActs, helper_.uid}.begin(desk_.clock.now());
        if (begun) return true;
        const bool is_limit = begun.error().kind == ErrorKind::Rejected;
        desk_.log.record(
            is_limit ? Severity::Warning : Severity::Alarm,
            "help desk refused by=" + helper_.name + " why=" + in_quotes(begun.error().detail));
        // Not counted any more, so there is no number of them.
        (void)remember(AuditCause::Stranger, "refused",
                       is_limit ? "limit=acts_per_hour" : "not_counted");
        if (is_limit)
            refuse(kTryLater, "you have done as much as may be done within an hour (" +
                                  std::to_string(HelpDeskActs::kMostPerHour) +
                                  " acts); try again later, or ask the administrator");
        else
            refuse(kConfiguration,
                   "acts of the help desk cannot be counted; ask the administrator to look into "
                   "the log");
        return false;
    }

    // Empty: may be helped.
    [[nodiscard]] std::string why_not_helped(const Account& account, bool is_act) const {
        if (account.uid == helper_.uid) return is_act ? "your own account" : "";
        if (can_become_root(account, desk_.settings)) return "it can become root";
        // Else one helper becomes another, and acts in their name.
        if (is_helper(account)) return "it is of the help desk";
        return {};
    }

    bool remember(AuditCause cause, const std::string& outcome, const std::string& why) {
        AuditEntry entry;
        entry.at = desk_.clock.now();
        entry.event = "helpdesk";
        entry.who = helper_.name;
        entry.service = "latchkey";
        entry.source = desk_.actor.source;
        entry.outcome = outcome;
        entry.rule = "verb=" + std::string{word_for(request_.verb)} + " for=" + audited_target() +
                     (why.empty() ? "" : " why=" + in_quotes(why));
        AuditLog audit{paths::kActs, audit_key(desk_.master_key)};
        return record_audit(audit, entry, cause, desk_.log);
    }
    // People type passwords where a name is asked for.
    [[nodiscard]] std::string audited_target() const {
        const bool is_account = find_local_account(request_.user).has_value();
        return audited_name(request_.user, is_account, audit_key(desk_.master_key));
    }

    Claimant& helper_at_;
    const wire::AdminRequest& request_;
    const Account& helper_;
    const AdminDesk& desk_;
};

}  // namespace

void serve_help(Claimant& helper_at, const wire::AdminRequest& request, const Account& helper,
                const RootSide& on) {
    const Actor actor{"helpdesk", helper.name};
    HelpService{helper_at, request, helper, {on.settings, on.master_key, on.clock, on.log, actor}}
        .serve();
}

}  // namespace latchkey
