// SPDX-License-Identifier: MIT
#include "monitor/owner_change.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/announcement_texts.hpp"
#include "core/own_key.hpp"
#include "core/phone_numbers.hpp"
#include "core/printable.hpp"
#include "core/recovery_messages.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/announcements.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/kernel_audit.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/login_session.hpp"
#include "monitor/owners_codes.hpp"
#include "monitor/paths.hpp"
#include "monitor/person_check.hpp"
#include "monitor/process.hpp"
#include "monitor/reminder_look.hpp"
#include "monitor/row_text.hpp"
#include "monitor/used_steps.hpp"
#include "monitor/verifier_relay.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using std::chrono::steady_clock;

using namespace exit_statuses;

constexpr const char* kService = "latchkey";

std::string_view word_for(ChangeWish wish) {
    switch (wish) {
        case ChangeWish::EnrolContact:
        case ChangeWish::EnrolAuthenticator:
            return "enrolled";
        case ChangeWish::Remove:
            return "removed";
        case ChangeWish::NewSavedCodes:
            return "codes";
        case ChangeWish::Confirm:
            return "confirmed";
        case ChangeWish::Deny:
            return "denied";
        case ChangeWish::Forget:
            return "forgotten";
    }
    return "denied";
}

class OwnerChange {
public:
    OwnerChange(const ChangeAsker& asker, const wire::UserRequest& request,
                const LoginSession& session, const Clock& clock, EventLog& log)
        : claimant_(asker.at),
          request_(request),
          session_(session),
          replies_(asker.replies),
          clock_(clock),
          log_(log),
          codes_(session, clock, log) {}

    void serve() {
        const bool denies = request_.wish == ChangeWish::Deny;
        // Whoever was locked meanwhile may still end what somebody else has begun.
        if (!session_.eligible && !denies)
            return refuse(kNotPermitted, "this account cannot recover (" +
                                             std::string{session_.why_not} +
                                             "), so nothing can be set up for it");
        const std::string objection =
            objection_to_own_key(session_.settings, request_.wish, request_.method, request_.key);
        if (!objection.empty()) return refuse(kNegative, objection);
        // A veto code is a proof of its own.
        if (!denies || request_.veto_code.empty()) {
            if (const auto not_owner = why_not_owner(claimant_, *session_.account)) {
                (void)remember("change", "refused", "password");
                return refuse(not_owner->exit_status, not_owner->why);
            }
        }
        if (!show_number()) return refuse(kNegative, "nothing was changed, and no code was sent");
        auto finish = talk();
        if (!finish) {
            log_.record(Severity::Alarm,
                        "cannot start verifier why=" + in_quotes(finish.error().detail));
            return refuse(kUnreachable,
                          "the verifier cannot be started; ask the administrator to run: "
                          "latchkey check");
        }
        conclude(*finish);
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        replies_.refuse(exit_status, sentence);
    }
    bool send_row(const json& row) { return replies_.row(row); }

    wire::ChangeHello hello() {
        wire::ChangeHello hello;
        hello.subject = session_.subject;
        hello.privileged = session_.privileged;
        hello.has_saved_codes = codes_.any();
        hello.subkey = subject_key(session_.master_key, session_.subject, {});
        hello.account_name = session_.account->name;
        hello.host_name = session_.host_name;
        hello.source = session_.source;
        hello.wish = request_.wish;
        hello.method = request_.method;
        hello.address = request_.address;
        hello.veto_code = request_.veto_code.duplicate();
        hello.key = request_.key.duplicate();
        return hello;
    }

    // What was typed a moment ago, behind the password, as it will be kept: a wrong country is seen
    // before a stranger gets the code. Worked out here; the verifier's word may be of another
    // address, one that is stored. False: the person does not want it, or is gone.
    bool show_number() {
        if (request_.wish != ChangeWish::EnrolContact) return true;
        const auto method = session_.settings.methods.find(request_.method);
        if (method == session_.settings.methods.end() ||
            method->second.kind != MethodKind::Delivery || !is_telephone(method->second.medium))
            return true;
        const auto number = checked_phone_number(request_.address, session_.settings.phone_country);
        return !number || send_row(json{{"number", *number}});
    }

    Result<wire::ChangeFinish> talk() {
        auto ends = Seqpacket::make_pair();
        if (!ends) return std::move(ends).error();
        auto process = start({paths::kVerifier, {"--change"}, paths::kVerifierUser},
                             std::move(ends->second).take_fd());
        if (!process) return std::move(process).error();
        Seqpacket& verifier = ends->first;
        if (auto sent = verifier.send_message(hello()); !sent) return std::move(sent).error();
        claimant_.watch(verifier.fd());
        RelayedChange change;
        // A veto code came without a password, and nothing is proven for either of these.
        change.may_ask_devices = changes_ways();
        change.show_key = [this](const wire::NewKey& key) {
            return send_row(
                json{{"key_base32", key.key_base32.reveal()}, {"uri", key.uri.reveal()}});
        };
        change.announce = [this](const wire::AnnounceChange& coming,
                                 const std::set<std::string>& proofs) {
            proofs_ = proofs;
            return announced(coming);
        };
        (void)VerifierRelay{session_, verifier, claimant_, clock_, log_, &change}.run();
        claimant_.watch(-1);
        proofs_ = std::move(change.proofs);
        return std::move(change.finish);
    }

    void conclude(const wire::ChangeFinish& finish) {
        remember_end(finish);
        // Also where the proof before a change that was not made has ended another one.
        const bool may_drop = request_.wish == ChangeWish::Deny || !proofs_.empty();
        if (finish.ends_codes && may_drop && !ends_codes_) codes_.drop_waiting();
        if (!finish.done)
            return refuse(kNegative, finish.why.empty()
                                         ? "nothing was changed: it is not working now; try "
                                           "again later"
                                         : finish.why.substr(0, 512));
        have_next_sign_in_look(*session_.account, log_);
        // A code was in a message, and whoever has typed it was told.
        if (request_.wish == ChangeWish::Deny && request_.veto_code.empty() && finish.told == 0)
            (void)announce(kUntoldDenialAnnouncement);
        if (finish.postpones_codes && request_.wish == ChangeWish::Deny) codes_.postpone();
        const TimePoint from{std::chrono::seconds{finish.counts_from}};
        // The verifier's word for a date is not enough.
        if (request_.wish == ChangeWish::NewSavedCodes)
            return issue_codes(std::max(from, codes_.earliest()));
        (void)send_row(
            json{{"user", session_.account->name},
                 {"wish", word_for(request_.wish)},
                 {"destination", finish.destination},
                 {"device", is_device()},
                 {"counts_from", from == TimePoint{} ? json(nullptr) : json(iso_text(from))},
                 {"gone", request_.wish == ChangeWish::Remove && from <= clock_.now()},
                 {"told", finish.told},
                 {"first", finish.is_first}});
        replies_.done();
    }

    [[nodiscard]] bool changes_ways() const {
        return request_.wish != ChangeWish::Deny && request_.wish != ChangeWish::Confirm;
    }
    [[nodiscard]] bool enrols() const {
        return request_.wish == ChangeWish::EnrolContact ||
               request_.wish == ChangeWish::EnrolAuthenticator;
    }

    // What is to be written down and told before the verifier records the change. False: it must
    // not be made.
    bool announced(const wire::AnnounceChange& coming) {
        if (!changes_ways()) return false;
        if (coming.is_new && enrols()) {
            is_enrolling_ = remember("enrolling", logged_method(), "by=owner");
            if (!is_enrolling_ || !begin_steps()) return false;
        }
        if (request_.wish == ChangeWish::Forget &&
            (!announce(kForgottenAnnouncement) || !end_codes()))
            return false;
        if (coming.is_first) return announce(kFirstWayAnnouncement);
        return coming.told > 0 || announce(kUntoldChangeAnnouncement);
    }

    // At logins: there was no address that could have been told, or there will be none.
    bool announce(const char* line) {
        const TimePoint now = clock_.now();
        AccountAnnouncements announcements{paths::kActs, session_.subject, session_.account->uid};
        auto kept = announcements.announce(now, now + kAnnounced, line);
        if (!kept)
            log_.record(Severity::Alarm,
                        "cannot announce a change why=" + in_quotes(kept.error().detail));
        return kept.has_value();
    }

    // Of a token, which begins to count anew. The steps of an app are the clock's, and what the
    // old one has spent stays spent.
    bool begin_steps() {
        const auto method = session_.settings.methods.find(request_.method);
        const bool counts = request_.wish == ChangeWish::EnrolAuthenticator &&
                            method != session_.settings.methods.end() &&
                            method->second.otp == OtpKind::Counter;
        if (!counts) return true;
        auto begun = UsedSteps{paths::kActs, session_.subject, session_.account->uid}.begin(
            OtpKind::Counter);
        if (begun) return true;
        log_.record(Severity::Alarm, "cannot begin steps why=" + in_quotes(begun.error().detail));
        return false;
    }

    // Of an account that can become root one of them is the proof that this side compares.
    [[nodiscard]] bool may_touch_codes() const { return !session_.privileged || !proofs_.empty(); }

    // With everything else, which the verifier is about to record; taken back if it does not.
    bool end_codes() {
        ends_codes_ = may_touch_codes() && codes_.end_with_everything();
        return ends_codes_;
    }

    void issue_codes(TimePoint from) {
        if (!may_touch_codes())
            return refuse(kNegative, "nothing was changed: no way that is set up was proven");
        if (claimant_.gone()) return;
        const auto issued = codes_.issue(from);
        if (!issued)
            return refuse(kConfiguration, "the codes cannot be kept; ask the administrator");
        json codes = json::array();
        for (const Secret& code : *issued) codes.push_back(code.reveal());
        (void)send_row(json{
            {"user", session_.account->name}, {"codes", codes}, {"counts_from", iso_text(from)}});
        replies_.done();
    }

    // An enrolment stands here as root's own do, because the store tells of it, too.
    void remember_end(const wire::ChangeFinish& finish) {
        const std::string word{word_for(request_.wish)};
        if (!finish.done) {
            // A verifier that has said nothing may have enrolled it before it ended.
            if (is_enrolling_ && !finish.why.empty())
                (void)remember("not_enrolled", logged_method(), "by=owner");
            if (ends_codes_ && !finish.why.empty()) codes_.drop_waiting();
            (void)remember("change", "refused", word + ' ' + finish.why);
        } else if (request_.wish == ChangeWish::NewSavedCodes) {
            (void)remember("codes", "issued", "by=owner");
        } else if (enrols() && finish.is_new) {
            (void)remember("enrolled", logged_method(), "by=owner");
        } else {
            (void)remember("change", "done",
                           request_.method.empty() ? word : word + ' ' + request_.method);
        }
    }
    [[nodiscard]] bool is_device() const {
        const auto method = session_.settings.methods.find(request_.method);
        return method != session_.settings.methods.end() &&
               method->second.kind == MethodKind::Approval;
    }
    // "totp" and "hotp", whatever the configuration calls them.
    std::string logged_method() const {
        const auto method = session_.settings.methods.find(request_.method);
        if (request_.wish != ChangeWish::EnrolAuthenticator ||
            method == session_.settings.methods.end())
            return request_.method;
        return method->second.otp == OtpKind::Counter ? "hotp" : "totp";
    }

    // False: it is not on disk, and an alarm is logged.
    [[nodiscard]] bool remember(const std::string& event, const std::string& outcome,
                                const std::string& rule) {
        AuditEntry entry;
        entry.at = clock_.now();
        entry.event = event;
        entry.who = session_.account->name;
        entry.service = kService;
        entry.source = session_.source;
        entry.proofs = kinds_of(proofs_);
        entry.outcome = outcome;
        entry.rule = escaped(rule).substr(0, 100);
        tell_kernel_of(entry);
        AuditLog audit{paths::kActs, audit_key(session_.master_key)};
        // Without a proof anybody's process can cause as many as it likes.
        const bool is_proven =
            !proofs_.empty() || is_enrolling_ || event == "enrolling" || event == "enrolled";
        return record_audit(audit, entry, is_proven ? AuditCause::Proven : AuditCause::Stranger,
                            log_);
    }

    Claimant& claimant_;
    const wire::UserRequest& request_;
    const LoginSession& session_;
    ChangeReplies& replies_;
    const Clock& clock_;
    EventLog& log_;
    OwnersCodes codes_;
    std::set<std::string> proofs_;
    bool ends_codes_ = false;    // with everything else
    bool is_enrolling_ = false;  // the log says that the store is about to
};

}  // namespace

void serve_owner_change(const ChangeAsker& asker, wire::UserRequest request, const Account& account,
                        const Clock& clock, EventLog& log) {
    wire::LoginHello hello;
    hello.user = account.name;
    hello.service = kService;
    hello.tty = "uid" + std::to_string(account.uid);  // the source that its attempts are counted by
    hello.reason = Reason::ChangeSecurityInfo;
    auto session = begin_session(std::move(hello), steady_clock::now(), clock.now());
    if (!session) {
        log.record(Severity::Alarm,
                   "security info is off why=" + in_quotes(session.error().detail));
        return asker.replies.refuse(
            kConfiguration,
            "latchkey is not set up here; ask the administrator to run: latchkey check");
    }
    // Whoever has connected as this user knows that the account exists.
    session->grid = ReplyGrid{std::chrono::milliseconds{0}, {}, steady_clock::now()};
    OwnerChange{asker, request, *session, clock, log}.serve();
}

}  // namespace latchkey
