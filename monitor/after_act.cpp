// SPDX-License-Identifier: MIT
#include "monitor/after_act.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "core/announcement_texts.hpp"
#include "core/printable.hpp"
#include "monitor/announcements.hpp"
#include "monitor/end_sessions.hpp"
#include "monitor/keys.hpp"
#include "monitor/known_administrator.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/people.hpp"
#include "monitor/recent_changes.hpp"

namespace latchkey {

namespace {

constexpr std::chrono::seconds kEndingSessions{2};

MessageFacts facts_of(const LoginSession& session, TimePoint at) {
    MessageFacts facts;
    facts.account_name = session.account->name;
    facts.host_name = session.host_name;
    facts.service = session.hello.service;
    facts.source = session.source;
    facts.whom_to_ask = session.settings.whom_to_ask;
    facts.at = at;
    return facts;
}

void announce(const LoginSession& session, TimePoint at, std::string text, EventLog& log) {
    AccountAnnouncements announcements{paths::kActs, session.subject, session.account->uid};
    const auto kept = announcements.announce(at, at + kAnnounced, std::move(text));
    if (!kept)
        log.record(Severity::Alarm, "cannot announce an act subject=" + session.subject +
                                        " why=" + in_quotes(kept.error().detail));
}

// Within the uid bounds of people, and root itself.
std::vector<Account> administrators(const Settings& settings) {
    std::vector<Account> found = accounts_of_people({});
    if (auto root = account_of_uid(0)) found.push_back(std::move(*root));
    std::erase_if(found,
                  [&](const Account& each) { return !is_known_administrator(each, settings); });
    return found;
}

// An administrator's recovery is every other administrator's business.
void tell_administrators(Act act, const LoginSession& session, TimePoint at, EventLog& log) {
    if (!session.privileged) return;
    const std::string text = administrators_announcement(act, facts_of(session, at));
    for (const Account& other : administrators(session.settings)) {
        if (other.uid == session.account->uid) continue;
        const auto kept = AccountAnnouncements{paths::kActs, subject_of(other), other.uid}.announce(
            at, at + kAnnounced, text);
        if (!kept)
            log.record(Severity::Alarm, "cannot announce an act subject=" + subject_of(other) +
                                            " why=" + in_quotes(kept.error().detail));
    }
}

// What became of the account's sessions, for the audit log.
std::string sessions_after(Act act, const LoginSession& session, EventLog& log) {
    if (act != Act::ChangePassword || !session.settings.end_sessions) return "sessions_kept";
    const auto ended = end_sessions(session.account->uid, read_host_account_rules(),
                                    std::chrono::steady_clock::now() + kEndingSessions);
    if (!ended) {
        log.record(Severity::Alarm, "cannot end sessions subject=" + session.subject +
                                        " why=" + in_quotes(ended.error().detail));
        return "sessions_not_ended";
    }
    std::string text =
        "ended=" + std::to_string(ended->ended) + " left=" + std::to_string(ended->left);
    log.record(ended->left == 0 ? Severity::Info : Severity::Alarm,
               "ended sessions subject=" + session.subject + ' ' + text);
    return text;
}

std::string rule_of(const RecentChanges& changes) {
    std::string rule;
    for (const std::string& change : changes.what)
        rule += (rule.empty() ? "changed=" : ",") + change;
    if (!changes.saw_home) rule += rule.empty() ? "home_not_seen" : " home_not_seen";
    return rule.empty() ? "changed=nothing" : rule;
}

}  // namespace

void follow_act(const DoneAct& done, const LoginSession& session, const Clock& clock,
                EventLog& log) {
    if (!session.account) return;
    const TimePoint at = clock.now();
    announce(session, at, act_announcement(done.act, facts_of(session, at), done.proofs), log);
    // First those who could still change something.
    const std::string sessions = sessions_after(done.act, session, log);
    const AuditLog audit{paths::kActs, audit_key(session.master_key)};
    PlacesOfChange places;
    places.patience = done.patience;
    const RecentChanges changes = recent_changes(*session.account, audit, at, places);
    if (!changes.what.empty()) announce(session, at, changes_announcement(at, changes.what), log);
    // On record before others learn of it: of many administrators the telling takes its time.
    audit_after_act(session, done.proofs, {sessions, rule_of(changes)}, clock, log);
    tell_administrators(done.act, session, at, log);
}

}  // namespace latchkey
