// SPDX-License-Identifier: MIT
#include "core/forgetting.hpp"

#include <algorithm>

#include "core/change_commit.hpp"
#include "core/change_rows.hpp"
#include "core/change_telling.hpp"

namespace latchkey {

namespace {

// By so much what was being removed already goes earlier where a veto could not tell it apart.
constexpr std::chrono::seconds kApart{1};

// As it lies in the store: also of methods that are not configured any more, and what cannot
// be opened.
struct Everything {
    std::vector<Contact> contacts;
    std::vector<Authenticator> apps;
};

Result<Everything> everything(const ChangeContext& change) {
    auto contacts = change.ports().store.contacts(change.subject());
    if (!contacts) return std::move(contacts).error().within("read contacts");
    Everything all{std::move(*contacts), change.apps};
    const auto is_gone = [now = change.now()](const auto& each) { return !is_there(each, now); };
    std::erase_if(all.contacts, is_gone);
    std::erase_if(all.apps, is_gone);
    return all;
}

std::string& sealed(Contact& contact) {
    return contact.sealed_address;
}
std::string& sealed(Authenticator& app) {
    return app.sealed_key;
}
std::string binding(const SubjectKey& subject, const Contact& contact) {
    return contact_binding(subject, contact);
}
std::string binding(const SubjectKey& subject, const Authenticator& app) {
    return authenticator_binding(subject, app);
}

// The rows with other times, where `move` gives them any. What does not open stays as it is
// sealed: it proves nothing, and is erased with the others.
template <class Changed, class Enrolled, class Move>
std::vector<Changed> rows_with_times(const ChangeContext& change, const std::vector<Enrolled>& all,
                                     const Move& move) {
    const Vault& vault = change.ports().vault;
    const Secret& subkey = change.recovery.request.subkey;
    std::vector<Changed> rows;
    for (const Enrolled& before : all) {
        const CountingTime time = move(CountingTime{before.usable_from, before.gone_from});
        if (time == CountingTime{before.usable_from, before.gone_from}) continue;
        Enrolled row = before;
        row.usable_from = time.usable_from;
        row.gone_from = time.gone_from;
        const std::string sealed_before = sealed(row);
        if (const auto opened =
                vault.unseal(subkey, binding(change.subject(), before), sealed_before))
            sealed(row) = vault.seal(subkey, binding(change.subject(), row), opened->reveal());
        rows.push_back({std::move(row), sealed_before});
    }
    return rows;
}

bool one_stays(const Everything& all) {
    const auto stays = [](const auto& each) { return each.gone_from == TimePoint{}; };
    return std::any_of(all.contacts.begin(), all.contacts.end(), stays) ||
           std::any_of(all.apps.begin(), all.apps.end(), stays);
}

Result<bool> was_forgotten(const ChangeContext& change) {
    const auto changes = change.ports().store.changes(change.subject(), TimePoint{});
    if (!changes) return Error{changes.error()}.within("read changes");
    return std::any_of(changes->begin(), changes->end(), [&](const Change& each) {
        return each.kind == ChangeKind::Forgotten && each.ended_at == TimePoint{} &&
               each.final_at > change.now();
    });
}

RecordedChange recorded_change(const ChangeContext& change, const Everything& all,
                               const ChangeFacts& facts) {
    const TimePoint now = change.now();
    const TimePoint until = facts.final_at;
    const auto going = [now, until](CountingTime time) {
        const bool stays = time.gone_from == TimePoint{};
        const auto later = time.gone_from - until;
        // What goes already goes in its time: whoever holds it must gain none.
        if (!stays && later >= later.zero() && later % kFrozen == later.zero())
            time.gone_from -= kApart;
        if (!stays) return time;
        // Never to count, and to be given back as it was.
        if (time.usable_from > now) time.usable_from += until - now;
        time.gone_from = until;
        return time;
    };
    RecordedChange recorded;
    recorded.subject = change.subject();
    recorded.change = {0, facts.kind, {}, 0, now, until};
    recorded.contacts = rows_with_times<ChangedContact>(change, all.contacts, going);
    recorded.authenticators = rows_with_times<ChangedAuthenticator>(change, all.apps, going);
    recorded.audit_detail = "removed everything" + change.circumstances();
    return recorded;
}

}  // namespace

Result<ChangeEnd> forget_everything(ChangeContext& change) {
    const auto all = everything(change);
    if (!all) return Error{all.error()};
    const bool has_codes = change.recovery.request.has_saved_codes;
    if (all->contacts.empty() && all->apps.empty() && !has_codes)
        return not_changed("nothing is set up for this account, so there is nothing to forget");
    const auto forgotten = was_forgotten(change);
    if (!forgotten) return Error{forgotten.error()};
    // To begin anew would only move the end.
    if (*forgotten && !one_stays(*all))
        return not_changed("everything is being removed already; see: latchkey methods");
    const auto& info = change.settings().security_info;
    const ChangeFacts facts{ChangeKind::Forgotten,
                            Medium::Other,
                            {},
                            change.now() + std::max(change.hold(), info.replaced_hold)};
    const Telling telling = tell_change(change, facts, 0);
    RecordedChange recorded = recorded_change(change, *all, facts);
    recorded.vetoes = telling.vetoes;
    recorded.notices = telling.notices;
    if (auto kept = commit_change(change, recorded); !kept) return std::move(kept).error();
    ChangeEnd end;
    end.done = true;
    end.counts_from = facts.final_at;
    end.told = static_cast<std::uint32_t>(telling.notices.size());
    return end;
}

Result<void> move_forgotten(const ChangeContext& change, const Change& forgotten,
                            const std::function<TimePoint(TimePoint)>& gone_from,
                            EndedChanges& ends) {
    const auto all = everything(change);
    if (!all) return Error{all.error()};
    // "That was not me" without a code may have moved the end, by whole days.
    const auto moved = [&](CountingTime time) {
        const auto later = time.gone_from - forgotten.final_at;
        if (later < later.zero() || later % kFrozen != later.zero()) return time;
        time.gone_from = gone_from(time.gone_from);
        if (time.gone_from == TimePoint{} && time.usable_from > forgotten.final_at)
            time.usable_from -= forgotten.final_at - forgotten.at;
        return time;
    };
    // Another change that ends with this one may have put a row there.
    for (ChangedContact& row : rows_with_times<ChangedContact>(change, all->contacts, moved))
        if (std::none_of(ends.contacts.begin(), ends.contacts.end(),
                         [&](const ChangedContact& each) { return each.row.id == row.row.id; }))
            ends.contacts.push_back(std::move(row));
    for (ChangedAuthenticator& row :
         rows_with_times<ChangedAuthenticator>(change, all->apps, moved))
        if (std::none_of(ends.authenticators.begin(), ends.authenticators.end(),
                         [&](const auto& each) { return each.sealed_before == row.sealed_before; }))
            ends.authenticators.push_back(std::move(row));
    return {};
}

}  // namespace latchkey
