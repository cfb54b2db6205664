// SPDX-License-Identifier: MIT
#include "monitor/acts.hpp"

#include <sodium.h>

#include <array>
#include <utility>

#include "core/printable.hpp"
#include "monitor/ledger.hpp"
#include "monitor/lockout.hpp"
#include "monitor/password_change.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

// One entry of the ledger and whether the act it announces has begun.
struct Booking {
    Ledger ledger;
    Ledger::Entry entry;
};

Result<Booking> book(Act act, const LoginSession& session, const Clock& clock) {
    auto ledger = Ledger::open(paths::kActs);
    if (!ledger) return std::move(ledger).error();
    auto entry = ledger->begin(session.subject, session.account->uid, act,
                               row_digest(*session.account), session.settings.acts, clock.now());
    if (!entry) return std::move(entry).error();
    return Booking{std::move(*ledger), *entry};
}

ActDone change(const LoginSession& session, Claimant& claimant, const Clock& clock,
               Booking& booking) {
    PasswordChangeRequest request{*session.account,
                                  session.hello.tty,
                                  session.hello.rhost,
                                  session.settings.min_password_length,
                                  {},
                                  {}};
    request.still_eligible = [&] { return still_eligible(session, clock.now()); };
    request.about_to_write = [&] {
        return booking.ledger.acting(booking.entry, clock.now()).has_value();
    };
    PasswordChange done = change_password(claimant, request);
    return {done.result, std::move(done.password), std::move(done.text)};
}

ActDone unlock(const LoginSession& session, const Clock& clock, const FaillockSettings& faillock,
               Booking& booking) {
    if (!still_eligible(session, clock.now())) return {ActResult::NotEligible, {}, {}};
    if (!booking.ledger.acting(booking.entry, clock.now())) return {};
    const auto cleared = clear_lockout(faillock, session.account->name);
    if (!cleared) return {};
    // What cannot be seen counts as done: else a fault would give unlocks without number.
    return {*cleared ? ActResult::Done : ActResult::InPart, {}, {}};
}

// What ClearLockout comes to without an act: then nothing is booked.
ActResult without_act(LockState state) {
    switch (state) {
        case LockState::NotLocked:
            return ActResult::NothingWasLocked;
        case LockState::HeldForEver:
            return ActResult::HeldByAdministrator;
        case LockState::Locked:
            break;
    }
    return ActResult::Done;
}

std::string description(Act act, ActResult result) {
    const std::string what = act == Act::ChangePassword ? "change_password" : "clear_lockout";
    return "performed act act=" + what + " result=" + std::to_string(static_cast<int>(result));
}

}  // namespace

std::string row_digest(const Account& account) {
    const std::string_view field = account.shadow.password.reveal();
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(field.data()), field.size(), nullptr,
                       0);
    std::string hex(digest.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

ActDone perform_act(Act act, const LoginSession& session, Claimant& claimant, const Clock& clock,
                    EventLog& log) {
    if (!still_eligible(session, clock.now())) return {ActResult::NotEligible, {}, {}};
    const FaillockSettings faillock =
        read_faillock_settings(paths::kFaillockSettings, session.hello.faillock_dir);
    if (act == Act::ClearLockout) {
        const ActResult nothing_to_do =
            without_act(lock_state(faillock, session.account->name, clock.now()));
        if (nothing_to_do != ActResult::Done) return {nothing_to_do, {}, {}};
    }
    auto booking = book(act, session, clock);
    if (!booking) {
        log.record(Severity::Alarm, "refused act subject=" + session.subject +
                                        " why=" + in_quotes(booking.error().detail));
        return {
            booking.error().kind == ErrorKind::Rejected ? ActResult::LedgerFull : ActResult::Failed,
            {},
            {}};
    }
    ActDone done = act == Act::ChangePassword ? change(session, claimant, clock, *booking)
                                              : unlock(session, clock, faillock, *booking);
    if (auto settled = booking->ledger.settle(booking->entry, done.result, clock.now()); !settled)
        log.record(Severity::Alarm, "cannot settle act why=" + in_quotes(settled.error().detail));
    log.record(Severity::Info, description(act, done.result) + " subject=" + session.subject +
                                   " service=" + session.hello.service +
                                   " source=" + session.source);
    return done;
}

void settle_interrupted_acts(const Clock& clock, EventLog& log) {
    auto ledger = Ledger::open(paths::kActs);
    if (!ledger) return;
    const auto row_now = [](const SubjectKey& subject) -> std::string {
        const auto account = find_local_account(subject.substr(subject.find(':') + 1));
        return account && subject_of(*account) == subject ? row_digest(*account) : std::string{};
    };
    if (auto settled = ledger->settle_interrupted(row_now, clock.now()); !settled)
        log.record(Severity::Warning,
                   "cannot settle interrupted acts why=" + in_quotes(settled.error().detail));
}

}  // namespace latchkey
