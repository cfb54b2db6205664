// SPDX-License-Identifier: MIT
//
// The part of the store in memory that keeps security info and its changes.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/store.hpp"

namespace latchkey {

class FakeEnrolments {
public:
    [[nodiscard]] std::vector<Contact> contacts(const SubjectKey& subject) {
        return contacts_[subject];
    }
    void enrol(const SubjectKey& subject, const Contact& contact) {
        std::vector<Contact>& known = contacts_[subject];
        std::erase_if(
            known, [&](const Contact& each) { return contact.id != 0 && each.id == contact.id; });
        (void)add(subject, contact);
    }

    // The present one, then the one that waits.
    [[nodiscard]] std::vector<Authenticator> authenticators(const SubjectKey& subject) {
        std::vector<Authenticator> found;
        for (auto& [waits, app] : authenticators_[subject]) found.push_back(app);
        return found;
    }
    void enrol(const SubjectKey& subject, const Authenticator& app) {
        authenticators_[subject] = {{false, app}};
    }
    // The row of that id stays in its place; where there is none it is a new one.
    void put_in_place(const SubjectKey& subject, const Contact& contact) {
        if (contact.id != 0 && are_there(subject, {contact}))
            (void)put(subject, contact);
        else
            (void)add(subject, contact);
    }
    void put_in_place(const SubjectKey& subject, const Authenticator& app, bool keeps_waiting) {
        if (!keeps_waiting) authenticators_[subject].erase(true);
        authenticators_[subject][false] = app;
    }
    [[nodiscard]] Authenticator* authenticator_with(const SubjectKey& subject,
                                                    const std::string& sealed_key) {
        for (auto& [waits, app] : authenticators_[subject])
            if (app.sealed_key == sealed_key) return &app;
        return nullptr;
    }

    [[nodiscard]] std::set<SubjectKey> subjects() const {
        std::set<SubjectKey> names;
        for (const auto& [subject, known] : contacts_)
            if (!known.empty()) names.insert(subject);
        for (const auto& [subject, apps] : authenticators_)
            if (!apps.empty()) names.insert(subject);
        return names;
    }

    // Nothing is done unless all can be.
    [[nodiscard]] Result<void> record(const RecordedChange& recorded) {
        if (is_frozen(recorded)) return Error{ErrorKind::Rejected, "fake store: frozen"};
        promote(recorded.subject, recorded.change.at);
        if (!are_as_before(recorded.subject, recorded.contacts, recorded.authenticators))
            return Error{ErrorKind::NotFound, "fake store: a row is gone"};
        if (recorded.added_contact && !has_room(recorded))
            return Error{ErrorKind::Rejected, "fake store: no room"};
        write_again(recorded.subject, recorded.contacts, recorded.authenticators);
        Change change = recorded.change;
        if (recorded.added_contact) change.contact = add(recorded.subject, *recorded.added_contact);
        if (recorded.added_authenticator)
            authenticators_[recorded.subject][true] = *recorded.added_authenticator;
        note(recorded.subject, change, recorded.vetoes);
        return {};
    }
    // What was changed, or happened, and who may end or deny it.
    void note(const SubjectKey& subject, Change change, const std::vector<Veto>& vetoes) {
        change.id = ++last_change_;
        changes_[change.id] = {subject, change};
        for (const Veto& veto : vetoes)
            vetoes_.push_back({change.id, veto.told, veto.code, TimePoint{}});
    }
    [[nodiscard]] std::vector<Change> changes(const SubjectKey& subject, TimePoint since) const {
        std::vector<Change> found;
        for (auto row = changes_.rbegin(); row != changes_.rend(); ++row)
            if (row->second.first == subject && row->second.second.at > since)
                found.push_back(row->second.second);
        return found;
    }
    [[nodiscard]] std::optional<FoundVeto> find_veto(const SubjectKey& subject, const Digest& code,
                                                     TimePoint now) const {
        for (const Row& veto : vetoes_) {
            const auto& [owner, change] = changes_.at(veto.change);
            if (owner == subject && veto.code == code && veto.used_at == TimePoint{} &&
                stands(change, now))
                return FoundVeto{change, veto.told, used_lately(subject, veto.told, now)};
        }
        return std::nullopt;
    }
    [[nodiscard]] bool can_veto(const UsedVeto& used) { return unused(used) != nullptr; }
    // False, and nothing is done, if a row is gone. Precondition: can_veto().
    [[nodiscard]] bool veto(const UsedVeto& used) {
        if (!are_as_before(used.subject, used.contacts, used.authenticators)) return false;
        unused(used)->used_at = used.now;
        const bool all = end(used);
        if (used.ends_change) end(used, used.change);
        return all;
    }
    // The same.
    [[nodiscard]] bool end(const EndedChanges& ended) {
        if (!are_as_before(ended.subject, ended.contacts, ended.authenticators)) return false;
        write_again(ended.subject, ended.contacts, ended.authenticators);
        for (const Change& change : ended.changes) end(ended, change);
        if (ended.freezes)
            note(ended.subject, {0, ChangeKind::Frozen, {}, 0, ended.now, ended.now + kFrozen}, {});
        return true;
    }
    // False, and nothing is done, if one of the rows is not as it was read.
    [[nodiscard]] bool remove(const Removal& removal) {
        std::vector<ChangedContact> contacts;
        for (const Contact& each : removal.contacts)
            contacts.push_back({each, each.sealed_address});
        std::vector<ChangedAuthenticator> apps;
        for (const Authenticator& each : removal.authenticators)
            apps.push_back({each, each.sealed_key});
        if (!are_as_before(removal.subject, contacts, apps)) return false;
        for (const Contact& gone : removal.contacts)
            std::erase_if(contacts_[removal.subject],
                          [&](const Contact& each) { return each.id == gone.id; });
        for (const Authenticator& gone : removal.authenticators)
            std::erase_if(authenticators_[removal.subject], [&](const auto& each) {
                return each.second.sealed_key == gone.sealed_key;
            });
        for (const Contact& gone : removal.contacts)
            std::erase_if(vetoes_, [&](const Row& veto) {
                return veto.told == gone.id && is_unused_of(veto, removal.subject);
            });
        return true;
    }
    [[nodiscard]] std::set<SubjectKey> subjects_with_vetoes() const {
        std::set<SubjectKey> names = subjects();
        for (const Row& veto : vetoes_)
            if (veto.used_at == TimePoint{}) names.insert(changes_.at(veto.change).first);
        return names;
    }
    [[nodiscard]] KeptRows kept_of(const SubjectKey& subject) {
        KeptRows kept;
        kept.contacts = static_cast<std::uint32_t>(contacts_[subject].size());
        kept.authenticators = static_cast<std::uint32_t>(authenticators_[subject].size());
        kept.vetoes = static_cast<std::uint32_t>(
            std::count_if(vetoes_.begin(), vetoes_.end(),
                          [&](const Row& veto) { return is_unused_of(veto, subject); }));
        return kept;
    }
    void purge(const SubjectKey& subject) {
        contacts_.erase(subject);
        authenticators_.erase(subject);
        std::erase_if(vetoes_, [&](const Row& veto) { return is_unused_of(veto, subject); });
    }
    void prune(TimePoint now) {
        std::erase_if(changes_, [&](const auto& row) {
            return row.second.second.final_at <= now - kChangesKept;
        });
        std::erase_if(vetoes_, [&](const Row& veto) { return !changes_.contains(veto.change); });
        for (auto& [subject, known] : contacts_)
            std::erase_if(known, [&](const Contact& each) {
                if (is_there(each, now)) return false;
                std::erase_if(vetoes_, [&](const Row& veto) {
                    return veto.told == each.id && veto.used_at == TimePoint{};
                });
                return true;
            });
        for (auto& [subject, apps] : authenticators_)
            std::erase_if(apps, [&](const auto& each) { return !is_there(each.second, now); });
    }

private:
    struct Row {
        std::int64_t change = 0;
        std::int64_t told = 0;
        Digest code{};
        TimePoint used_at;
    };

    [[nodiscard]] bool is_unused_of(const Row& veto, const SubjectKey& subject) const {
        return veto.used_at == TimePoint{} && changes_.at(veto.change).first == subject;
    }
    std::int64_t add(const SubjectKey& subject, Contact contact) {
        contact.id = ++last_contact_;
        contacts_[subject].push_back(std::move(contact));
        return last_contact_;
    }
    std::int64_t put(const SubjectKey& subject, const Contact& contact) {
        for (Contact& each : contacts_[subject])
            if (each.id == contact.id) each = contact;
        return contact.id;
    }
    bool are_there(const SubjectKey& subject, const std::vector<Contact>& contacts) {
        const std::vector<Contact>& known = contacts_[subject];
        return std::all_of(contacts.begin(), contacts.end(), [&](const Contact& contact) {
            return std::any_of(known.begin(), known.end(),
                               [&](const Contact& each) { return each.id == contact.id; });
        });
    }
    bool are_as_before(const SubjectKey& subject, const std::vector<ChangedContact>& contacts,
                       const std::vector<ChangedAuthenticator>& apps) {
        const std::vector<Contact>& known = contacts_[subject];
        return std::all_of(contacts.begin(), contacts.end(),
                           [&](const ChangedContact& changed) {
                               return std::any_of(
                                   known.begin(), known.end(), [&](const Contact& each) {
                                       return each.id == changed.row.id &&
                                              each.sealed_address == changed.sealed_before;
                                   });
                           }) &&
               std::all_of(apps.begin(), apps.end(), [&](const ChangedAuthenticator& changed) {
                   return authenticator_with(subject, changed.sealed_before) != nullptr;
               });
    }
    void write_again(const SubjectKey& subject, const std::vector<ChangedContact>& contacts,
                     const std::vector<ChangedAuthenticator>& apps) {
        for (const ChangedContact& changed : contacts) (void)put(subject, changed.row);
        for (const ChangedAuthenticator& changed : apps)
            *authenticator_with(subject, changed.sealed_before) = changed.row;
    }
    void end(const EndedChanges& ended, const Change& change) {
        auto& [owner, row] = changes_[change.id];
        if (owner != ended.subject || row.ended_at != TimePoint{}) return;
        row.ended_at = ended.now;
        if (change.kind == ChangeKind::AddedContact)
            std::erase_if(contacts_[ended.subject],
                          [&](const Contact& each) { return each.id == change.contact; });
        if (change.kind == ChangeKind::AddedAuthenticator) drop_waiting(ended.subject, ended.now);
    }
    bool is_frozen(const RecordedChange& recorded) const {
        if (!is_of_ways(recorded.change.kind)) return false;
        return std::any_of(changes_.begin(), changes_.end(), [&](const auto& each) {
            const auto& [owner, change] = each.second;
            return owner == recorded.subject && change.kind == ChangeKind::Frozen &&
                   change.final_at > recorded.change.at;
        });
    }
    bool has_room(const RecordedChange& recorded) {
        const std::vector<Contact>& known = contacts_[recorded.subject];
        const auto there = std::count_if(known.begin(), known.end(), [&](const Contact& each) {
            return is_there(each, recorded.change.at);
        });
        return static_cast<std::size_t>(there) < recorded.most_contacts;
    }
    void promote(const SubjectKey& subject, TimePoint now) {
        auto& apps = authenticators_[subject];
        const auto waiting = apps.find(true);
        if (waiting == apps.end() || waiting->second.usable_from > now) return;
        apps[false] = waiting->second;
        apps.erase(true);
    }
    void drop_waiting(const SubjectKey& subject, TimePoint now) {
        auto& apps = authenticators_[subject];
        const auto waiting = apps.find(true);
        if (waiting != apps.end() && waiting->second.usable_from > now) apps.erase(waiting);
    }
    bool used_lately(const SubjectKey& subject, std::int64_t told, TimePoint now) const {
        return std::any_of(vetoes_.begin(), vetoes_.end(), [&](const Row& veto) {
            const auto& [whose, change] = changes_.at(veto.change);
            return whose == subject && veto.told == told && change.kind != ChangeKind::Unlock &&
                   veto.used_at > now - kVetoesRemembered;
        });
    }
    Row* unused(const UsedVeto& used) {
        const auto change = changes_.find(used.change.id);
        if (change == changes_.end() || change->second.first != used.subject ||
            !stands(change->second.second, used.now))
            return nullptr;
        for (Row& veto : vetoes_)
            if (veto.change == used.change.id && veto.told == used.told &&
                veto.used_at == TimePoint{})
                return &veto;
        return nullptr;
    }

    std::map<SubjectKey, std::vector<Contact>> contacts_;
    std::map<SubjectKey, std::map<bool, Authenticator>> authenticators_;
    std::map<std::int64_t, std::pair<SubjectKey, Change>> changes_;
    std::vector<Row> vetoes_;
    std::int64_t last_contact_ = 0;
    std::int64_t last_change_ = 0;
};

}  // namespace latchkey
