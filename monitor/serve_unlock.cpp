// SPDX-License-Identifier: MIT
#include "monitor/serve_unlock.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/announcement_texts.hpp"
#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/acts.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/announcements.hpp"
#include "monitor/ledger.hpp"
#include "monitor/lockout.hpp"
#include "monitor/paths.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;

struct Booking {
    Ledger ledger;
    Ledger::Entry entry;
};

class UnlockService {
public:
    UnlockService(Seqpacket& command, const Account& account, const AdminDesk& desk)
        : command_(command), account_(account), desk_(desk) {}

    void serve() {
        const FaillockSettings faillock = read_faillock_settings(paths::kFaillockSettings, {});
        const LockState state = lock_state(faillock, account_.name, desk_.clock.now());
        if (state == LockState::NotLocked) return finish("nothing_was_locked");
        // Who is root may release what a claimant may not.
        if (state == LockState::HeldForEver && !desk_.actor.is_root())
            return refuse(kNotPermitted,
                          "only root releases that lockout, since pam_faillock "
                          "keeps it for ever; ask the administrator");
        std::optional<Booking> booking;
        if (!desk_.actor.is_root()) {
            booking = book();
            if (!booking) return;
        }
        const std::string text = unlock_announcement(desk_.clock.now(), desk_.actor.name);
        // Root's own act does not wait for a full disk.
        const bool is_announced = announce(text);
        is_told_ = queue_notices() && is_announced;
        if (!is_told_ && !desk_.actor.is_root()) {
            settle(booking, ActResult::Failed);
            (void)announcements().withdraw(desk_.clock.now(), text);
            return refuse(kConfiguration,
                          "the account cannot be told of it, so nothing was unlocked; ask "
                          "the administrator to look into the log");
        }
        release(faillock, booking, text);
        deliver_now(desk_);
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        refuse_request(command_, exit_status, sentence);
    }
    void finish(const char* result) {
        send_reply(command_, admin_row({{"user", account_.name},
                                        {"result", result},
                                        {"told", is_told_},
                                        {"notices", notices_}}));
        send_reply(command_, {true, 0, {}, {}});
    }

    // Begun and at "acting": a crash from now on counts as done. Nothing: refused.
    std::optional<Booking> book() {
        const TimePoint now = desk_.clock.now();
        auto ledger = Ledger::open(paths::kActs);
        if (!ledger) return refuse_booking(ledger.error());
        const auto entry = ledger->begin(subject_of(account_), account_.uid, Act::ClearLockout,
                                         row_digest(account_), desk_.settings.acts, now);
        if (!entry) return refuse_booking(entry.error());
        if (const auto acting = ledger->acting(*entry, now); !acting)
            return refuse_booking(acting.error());
        return Booking{std::move(*ledger), *entry};
    }
    std::nullopt_t refuse_booking(const Error& error) {
        const bool is_limit = error.kind == ErrorKind::Rejected;
        desk_.log.record(is_limit ? Severity::Warning : Severity::Alarm,
                         "refused unlock user=" + account_.name + " by=" + desk_.actor.name +
                             " why=" + in_quotes(error.detail));
        (void)remember_act(desk_, account_.name, "unlocked", "refused",
                           is_limit ? "limit=acts" : "not_counted");
        if (is_limit)
            refuse(kTryLater, escaped(account_.name) +
                                  " was unlocked as often as may be within 24 hours; try again "
                                  "later, or ask the administrator");
        else
            refuse(kConfiguration,
                   "the unlock cannot be counted, so it was not done; ask the administrator to "
                   "look into the log");
        return std::nullopt;
    }
    void settle(std::optional<Booking>& booking, ActResult result) {
        if (!booking) return;
        if (auto settled = booking->ledger.settle(booking->entry, result, desk_.clock.now());
            !settled)
            desk_.log.record(Severity::Alarm,
                             "cannot settle act why=" + in_quotes(settled.error().detail));
    }

    void release(const FaillockSettings& faillock, std::optional<Booking>& booking,
                 const std::string& text) {
        const auto cleared = clear_lockout(faillock, account_.name);
        if (!cleared) {
            settle(booking, ActResult::Failed);
            (void)announcements().withdraw(desk_.clock.now(), text);
            return refuse(kNegative, "cannot clear the lockout: " + cleared.error().detail);
        }
        // What cannot be seen counts as done, as it does at a login.
        settle(booking, *cleared ? ActResult::Done : ActResult::InPart);
        desk_.log.record(Severity::Info,
                         "cleared lockout user=" + account_.name + " by=" + desk_.actor.name);
        (void)remember_act(desk_, account_.name, "unlocked", "done");
        finish("unlocked");
    }

    [[nodiscard]] AccountAnnouncements announcements() const {
        return {paths::kActs, subject_of(account_), account_.uid};
    }
    // False: an alarm is logged.
    bool announce(const std::string& text) {
        const TimePoint now = desk_.clock.now();
        const auto kept = announcements().announce(now, now + kAnnounced, text);
        if (!kept)
            desk_.log.record(Severity::Alarm,
                             "cannot announce an unlock why=" + in_quotes(kept.error().detail));
        return kept.has_value();
    }

    // To the account's addresses. False: an alarm is logged.
    bool queue_notices() {
        auto link = AdminLink::start();
        const auto told = link ? link->ask(desk_hello(desk_, account_, wire::AdminVerb::Unlock))
                               : Result<std::vector<json>>{link.error()};
        if (told && told->size() == 1) {
            notices_ = count_in(told->front(), "notices");
            return true;
        }
        desk_.log.record(
            Severity::Alarm,
            "cannot queue notices of an unlock user=" + account_.name +
                " why=" + in_quotes(told ? "the verifier's answer is none" : told.error().detail));
        return false;
    }

    Seqpacket& command_;
    const Account& account_;
    const AdminDesk& desk_;
    bool is_told_ = true;
    std::uint32_t notices_ = 0;
};

}  // namespace

void serve_unlock(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    const auto account = find_local_account(request.user);
    if (!account)
        return refuse_request(command, kNotFound,
                              "no local account is called " + escaped(request.user.substr(0, 64)) +
                                  "; accounts of a directory are not served yet");
    UnlockService{command, *account, desk}.serve();
}

}  // namespace latchkey
