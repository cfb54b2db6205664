// SPDX-License-Identifier: MIT
#include "core/enrolling.hpp"

#include <algorithm>

#include "core/change_commit.hpp"
#include "core/change_telling.hpp"
#include "core/codes.hpp"
#include "core/new_address.hpp"
#include "core/recovery_sending.hpp"

namespace latchkey {

namespace {

constexpr std::uint32_t kMostWrongApp = 5;
constexpr const char* kGivenUp = "nothing was changed: no code was typed";
constexpr const char* kTooManyWrong = "nothing was changed: too many wrong codes; begin again";

enum class Confirmed : std::uint8_t { Yes, GivenUp, TooManyWrong, NotSent };

// One new address and the code that is on its way to it.
class Confirmation {
public:
    Confirmation(ChangeContext& change, const StoredAddress& address)
        : change_(change), address_(address) {}

    Result<Confirmed> run() {
        if (auto sent = send(); !sent || !*sent)
            return sent ? Result{Confirmed::NotSent} : sent.error();
        Remark remark = Remark::None;
        while (wrong_ < change_.settings().limits.wrong_per_code) {
            const auto answer = change_.ports().conversation.ask(screen(remark));
            if (!answer || answer->empty()) return Confirmed::GivenUp;
            if (answer->size() == 1) {
                const auto again = send();
                if (!again) return Error{again.error()};
                remark = Remark::SentAgain;
                continue;
            }
            const auto right = judge(answer->reveal());
            if (!right) return Error{right.error()};
            if (*right) return Confirmed::Yes;
            remark = change_.now() < expires_at_ ? Remark::CodeWrong : Remark::CodeExpired;
        }
        return Confirmed::TooManyWrong;
    }

private:
    Screen screen(Remark remark) const {
        Screen screen;
        screen.kind = ScreenKind::NewAddress;
        screen.remark = remark;
        screen.method = address_.method.name;
        screen.masked_destination = address_.method.masked_destination;
        screen.minutes = static_cast<std::uint32_t>(lifetime().count());
        return screen;
    }
    // Not a contact's longer one: who enrols an address can read what comes there.
    [[nodiscard]] std::chrono::minutes lifetime() const {
        return change_.settings().methods.at(address_.method.name).code_lifetime;
    }
    [[nodiscard]] std::string context() const {
        return "new address|" + row_text({change_.subject(), address_.method.name,
                                          address_.address.reveal(), row_field(expires_at_)});
    }

    // False: the limits of messages are reached, and the code before stays good.
    Result<bool> send() {
        if (sent_ == kMostToNewAddress) return false;
        const auto charge = charge_message(change_);
        if (!charge) return Error{charge.error()};
        if (!charge->allowed) return false;
        ++sent_;
        Vault& vault = change_.ports().vault;
        expires_at_ = change_.now() + lifetime();
        const Secret code = fresh_code(vault, change_.settings().code_digits);
        digest_ = vault.digest(change_.recovery.request.subkey, context(), code.reveal());
        const auto minutes = static_cast<std::uint32_t>(lifetime().count());
        const OutboxRow row =
            sealed_row(change_.recovery, address_, OutboxPurpose::Code,
                       confirmation_message(change_.recovery.facts(), code, minutes), expires_at_);
        auto queued = change_.ports().store.queue_messages(
            {row}, {change_.now(), "confirming", change_.subject(),
                    "method=" + address_.method.name + change_.circumstances()});
        if (!queued) return std::move(queued).error().within("queue code");
        change_.ports().channels.send_due();
        return true;
    }

    Result<bool> judge(std::string_view typed) {
        const auto charge = change_.recovery.charge(change_.recovery.attempt(
            AttemptKind::Confirmation, change_.subject(), address_.method.name));
        if (!charge) return Error{charge.error()}.within("charge confirmation");
        ++wrong_;
        if (!charge->allowed) return false;
        Vault& vault = change_.ports().vault;
        const Digest given =
            vault.digest(change_.recovery.request.subkey, context(), digits(typed));
        const bool right = is_same_tag(vault, given, digest_) && change_.now() < expires_at_;
        auto settled = change_.ports().store.settle_attempt(
            charge->id, right ? AttemptResult::Right : AttemptResult::Wrong);
        if (!settled) return std::move(settled).error().within("settle confirmation");
        return right;
    }
    static std::string digits(std::string_view typed) {
        std::string kept;
        for (const char c : typed)
            if (c != ' ') kept += c;
        return kept;
    }

    ChangeContext& change_;
    const StoredAddress& address_;
    Digest digest_{};
    TimePoint expires_at_;
    std::uint32_t sent_ = 0;
    std::uint32_t wrong_ = 0;
};

const char* why_not_confirmed(Confirmed confirmed) {
    switch (confirmed) {
        case Confirmed::TooManyWrong:
            return kTooManyWrong;
        case Confirmed::NotSent:
            return kTooManyMessages;
        case Confirmed::GivenUp:
        case Confirmed::Yes:
            break;
    }
    return kGivenUp;
}

// Empty, or why the account's app or token is left as it is.
std::string objection_to_present(const ChangeContext& change, OtpKind kind) {
    // What is spent is kept by the root side, of one kind, which it cannot forget while the old
    // one counts.
    const bool is_other =
        std::any_of(change.apps.begin(), change.apps.end(), [&](const Authenticator& app) {
            return kind == OtpKind::Counter || app.method != change.wish.method;
        });
    if (is_other)
        return "the account has an app or a token already that only the administrator can replace "
               "by one of another kind";
    const Secret& key = change.wish.key;
    if (key.empty()) return {};
    const Vault& vault = change.ports().vault;
    for (const Authenticator& app : change.apps) {
        if (!is_there(app, change.now())) continue;
        const auto present =
            vault.unseal(change.recovery.request.subkey,
                         authenticator_binding(change.subject(), app), app.sealed_key);
        if (!present || !vault.equal(present->reveal(), key.reveal())) continue;
        // Who sits in a session that was left open must not end its removal so.
        return app.gone_from == TimePoint{}
                   ? "nothing was changed: the app with this key is set up already; see: latchkey "
                     "methods"
                   : "nothing was changed: the app with this key is being removed; set it up again "
                     "when that has ended, or another one now";
    }
    return {};
}

// The one that the person brought along, or a fresh one that they are shown.
Result<Secret> key_to_enrol(ChangeContext& change, OtpKind kind) {
    if (!change.wish.key.empty()) return change.wish.key.duplicate();
    return change.maker->show_new_key(kind);
}

}  // namespace

Result<ChangeEnd> enrol_address(ChangeContext& change) {
    StoredAddress address = meant_address(change);
    const bool is_known = address.row.id != 0;
    // Who holds it must not end its removal so.
    if (is_known && address.row.gone_from != TimePoint{}) return not_changed(kAddressGoes);
    const auto confirmed = Confirmation{change, address}.run();
    if (!confirmed) return Error{confirmed.error()};
    if (*confirmed != Confirmed::Yes) return not_changed(why_not_confirmed(*confirmed));
    return keep_address(change, address);
}

Result<ChangeEnd> enrol_new_authenticator(ChangeContext& change) {
    const OtpKind kind = change.settings().methods.at(change.wish.method).otp;
    if (auto objection = objection_to_present(change, kind); !objection.empty())
        return not_changed(std::move(objection));
    const auto key = key_to_enrol(change, kind);
    if (!key) return not_changed("nothing was changed: the key could not be shown; try again");
    Screen screen;
    screen.kind = ScreenKind::NewAuthenticator;
    screen.method = change.wish.method;
    std::optional<std::uint64_t> step;
    for (std::uint32_t wrong = 0; !step; screen.remark = Remark::CodeWrong) {
        if (wrong++ == kMostWrongApp) return not_changed(kTooManyWrong);
        const auto answer = change.ports().conversation.ask(screen);
        if (!answer || answer->empty()) return not_changed(kGivenUp);
        step = change.maker->matched_step(kind, *key, answer->reveal(), change.now());
    }
    const TimePoint now = change.now();
    Authenticator app;
    app.method = change.wish.method;
    app.confirmed_at = now;
    app.usable_from = now + change.app_hold();
    app.last_step = *step;
    app.sealed_key =
        change.ports().vault.seal(change.recovery.request.subkey,
                                  authenticator_binding(change.subject(), app), key->reveal());
    const ChangeFacts facts{ChangeKind::AddedAuthenticator, Medium::Other, {}, app.usable_from};
    const Telling telling = tell_change(change, facts, 0);
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, facts.kind, change.wish.method, 0, now, app.usable_from};
    recorded.added_authenticator = app;
    recorded.vetoes = telling.vetoes;
    recorded.notices = telling.notices;
    recorded.audit_event = "enrolment";
    recorded.audit_detail =
        std::string{kind == OtpKind::Counter ? "enrolled hotp" : "enrolled totp"} + " by owner";
    StoredAddress none;
    none.row.usable_from = app.usable_from;
    ChangeEnd end = enrolled(change, none, telling, true);
    auto kept = commit_change(change, recorded, end.is_first);
    if (!kept) return std::move(kept).error();
    return end;
}

}  // namespace latchkey
