// SPDX-License-Identifier: MIT
#include "core/change_runner.hpp"

#include <algorithm>

#include "core/change_commit.hpp"
#include "core/change_rows.hpp"
#include "core/change_telling.hpp"
#include "core/confirming.hpp"
#include "core/ending_changes.hpp"
#include "core/enrolling.hpp"
#include "core/enrolling_device.hpp"
#include "core/forgetting.hpp"
#include "core/own_key.hpp"
#include "core/printable.hpp"
#include "core/removing.hpp"
#include "core/vetoing.hpp"

namespace latchkey {

namespace {

constexpr std::ptrdiff_t kChangesPerDay = 10;
constexpr const char* kNoMethod = "no such method is configured here; see: latchkey methods";

class ChangeRun {
public:
    ChangeRun(const ChangeRequest& wish, const RecoveryRequest& request, const Settings& settings,
              const RecoveryPorts& ports, AuthenticatorMaker& maker)
        : change_{wish, RecoveryContext{request, settings, ports, {}}, {}, &maker} {
        change_.recovery.reason = Reason::ChangeSecurityInfo;
    }

    Result<ChangeEnd> run() {
        if (change_.wish.wish == ChangeWish::Deny) {
            return deny(change_);
        }
        const auto frozen = frozen_until(change_);
        if (!frozen) return Error{frozen.error()};
        if (*frozen != TimePoint{})
            return not_changed("nothing can be changed until " + utc_text(*frozen) +
                               ", because a change was denied");
        // Each is told to every address, which somebody pays for.
        const auto today =
            change_.ports().store.changes(change_.subject(), change_.now() - std::chrono::days{1});
        if (!today) return Error{today.error()}.within("read changes");
        // A removal is not refused: whoever holds one address could use the day up, every day.
        const auto costly = std::count_if(today->begin(), today->end(), [](const Change& each) {
            return is_of_ways(each.kind) && !is_removal(each.kind);
        });
        if (change_.wish.wish != ChangeWish::Remove && costly >= kChangesPerDay)
            return not_changed("nothing was changed: too many changes today; try again tomorrow");
        if (auto loaded = load(change_); !loaded) return std::move(loaded).error();
        if (auto refused = refused_wish(); !refused.why.empty()) return refused;
        // It makes nothing count that does not: the password is enough.
        if (has_first_proof() && change_.wish.wish != ChangeWish::Confirm) {
            const RecoveryEnd end =
                run_recovery(change_.recovery.request, change_.settings(), change_.ports());
            if (end.outcome != Outcome::Proven)
                return not_changed("nothing was changed: no way that is set up was proven");
            if (end.is_by_own_way) {
                const auto kept = keep_old_ways(change_, UsedFor::Change);
                if (!kept) return Error{kept.error()};
                ends_codes_ = kept->ends_codes;
            }
            if (auto loaded = load(change_); !loaded) return std::move(loaded).error();
        }
        auto served = serve();
        if (served) served->ends_codes = served->ends_codes || ends_codes_;
        return served;
    }

    void log_failure(const Error& why) const {
        change_.recovery.log(Severity::Warning, "change refused", "why=" + in_quotes(why.detail));
    }

private:
    // A device answers only behind another proof, so it is none that could be asked first.
    [[nodiscard]] bool has_first_proof() const {
        const Ways& ways = change_.recovery.ways;
        return !ways.addresses.empty() || ways.has_authenticator ||
               change_.recovery.request.has_saved_codes;
    }

    [[nodiscard]] ChangeEnd refused_wish() const {
        const ChangeWish wish = change_.wish.wish;
        // Whoever sits in a session that was left open would make themselves its owner, and root.
        if (change_.wish.privileged && !has_first_proof())
            return not_changed(
                "this account can become root and has no way to recover yet; the administrator "
                "enrols the first one");
        const auto method = change_.settings().methods.find(change_.wish.method);
        const bool is_known = method != change_.settings().methods.end();
        if (wish == ChangeWish::EnrolContact) {
            if (!is_known || method->second.kind == MethodKind::Verification)
                return not_changed(kNoMethod);
            if (is_device(method->second)) return refused_device();
        }
        if (wish == ChangeWish::EnrolAuthenticator &&
            (!is_known || method->second.kind != MethodKind::Verification))
            return not_changed(kNoMethod);
        // Empty if there is nothing against it.
        return not_changed(
            objection_to_own_key(change_.settings(), wish, change_.wish.method, change_.wish.key));
    }

    static bool is_device(const MethodSettings& method) {
        return method.kind == MethodKind::Approval;
    }
    [[nodiscard]] ChangeEnd refused_device() const {
        if (change_.wish.privileged)
            return not_changed(
                "this account can become root, and is never opened by an approval; set up another "
                "way, see: latchkey methods");
        if (!has_first_proof())
            return not_changed(
                "a device is asked behind another way only, and none is set up that could be "
                "proven now; set one up first, for instance: latchkey enroll totp");
        return {};
    }

    Result<ChangeEnd> serve() {
        switch (change_.wish.wish) {
            case ChangeWish::EnrolContact:
                if (is_device(change_.settings().methods.at(change_.wish.method)))
                    return enrol_device(change_);
                return enrol_address(change_);
            case ChangeWish::EnrolAuthenticator:
                return enrol_new_authenticator(change_);
            case ChangeWish::Remove:
                return remove_way(change_);
            case ChangeWish::NewSavedCodes:
                return announce_codes();
            case ChangeWish::Confirm:
                return confirm_addresses(change_);
            case ChangeWish::Forget:
                return forget_everything(change_);
            case ChangeWish::Deny:
                break;
        }
        return deny(change_);
    }

    // The root side makes them behind this, and has them wait as long.
    Result<ChangeEnd> announce_codes() {
        const TimePoint now = change_.now();
        const ChangeFacts facts{ChangeKind::NewSavedCodes, Medium::Other, {}, now + change_.hold()};
        const Telling telling = tell_change(change_, facts, 0);
        RecordedChange recorded;
        recorded.subject = change_.subject();
        recorded.change = {0, facts.kind, {}, 0, now, facts.final_at};
        recorded.vetoes = telling.vetoes;
        recorded.notices = telling.notices;
        recorded.audit_detail = "new_saved_codes" + change_.circumstances();
        auto kept = commit_change(change_, recorded, !has_first_proof());
        if (!kept) return std::move(kept).error();
        ChangeEnd end;
        end.done = true;
        end.counts_from = facts.final_at;
        end.told = static_cast<std::uint32_t>(telling.notices.size());
        end.is_first = !has_first_proof();
        return end;
    }

    ChangeContext change_;
    bool ends_codes_ = false;
};

}  // namespace

ChangeEnd run_change(const ChangeRequest& change, const RecoveryRequest& request,
                     const Settings& settings, RecoveryPorts ports, AuthenticatorMaker& maker) {
    ChangeRun run{change, request, settings, ports, maker};
    auto end = run.run();
    if (end) return std::move(*end);
    run.log_failure(end.error());
    return not_changed("nothing was changed: it is not working now; try again later");
}

}  // namespace latchkey
