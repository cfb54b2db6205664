// SPDX-License-Identifier: MIT
#include "core/change_telling.hpp"

#include <algorithm>

#include "core/addresses.hpp"
#include "core/administrators_mail.hpp"
#include "core/codes.hpp"
#include "core/recovery_granting.hpp"
#include "core/recovery_sending.hpp"

namespace latchkey {

namespace {

bool is_own(const ChangeContext& change, const StoredAddress& address) {
    return !goes_to_contact(change.settings(), address.method.name);
}

// A person whom the owner trusts is told only where no address of the owner counts.
std::vector<const StoredAddress*> addresses_told(const ChangeContext& change) {
    const auto& all = change.recovery.ways.addresses;
    const bool has_own = std::any_of(all.begin(), all.end(), [&](const StoredAddress& address) {
        return is_own(change, address) && counts(address.row, change.now());
    });
    std::vector<const StoredAddress*> told;
    for (const StoredAddress& address : all)
        if (is_own(change, address) || !has_own) told.push_back(&address);
    return told;
}

// What waits itself ends nothing, unless there is nothing else: who has just brought in an
// address of theirs must not keep the owner from removing it.
bool may_veto(const ChangeContext& change, const StoredAddress& address, std::int64_t about,
              bool any_counts) {
    const bool is_about = about != 0 && change.is_one_address(address.row.id, about);
    return !is_about && (change.counts_now(address.row) || !any_counts);
}

OutboxRow notice_to(const ChangeContext& change, const StoredAddress& address,
                    MessageText message) {
    return sealed_row(change.recovery, address, OutboxPurpose::Notice, std::move(message),
                      change.now() + lifetime_of_notice(change.settings(), address.method.name));
}

void tell(const ChangeContext& change, const ChangeFacts& facts, const StoredAddress& address,
          bool with_veto, Telling& telling) {
    const Secret code = with_veto ? fresh_veto_code(change.ports().vault) : Secret{};
    if (with_veto)
        telling.vetoes.push_back(
            {address.row.id, veto_digest(change.ports().vault, change.recovery.request.subkey,
                                         change.subject(), code.reveal())});
    telling.notices.push_back(
        notice_to(change, address, change_message(change.recovery.facts(), facts, code)));
}

}  // namespace

ChangeFacts facts_about(const ChangeContext& change, ChangeKind kind, const std::string& method,
                        const StoredAddress* address, TimePoint final_at) {
    ChangeFacts facts{kind, Medium::Other, {}, final_at};
    const auto found = change.settings().methods.find(method);
    if (found != change.settings().methods.end()) {
        facts.medium = found->second.medium;
        facts.is_device = found->second.kind == MethodKind::Approval;
    }
    if (address != nullptr) facts.destination = masked(facts.medium, address->address.reveal());
    return facts;
}

Telling tell_change(const ChangeContext& change, const ChangeFacts& facts, std::int64_t about) {
    Telling telling;
    const auto told = addresses_told(change);
    const bool any_counts = std::any_of(told.begin(), told.end(), [&](const StoredAddress* each) {
        return change.counts_now(each->row);
    });
    for (const StoredAddress* address : told)
        tell(change, facts, *address, may_veto(change, *address, about, any_counts), telling);
    if (!told.empty()) return telling;
    const auto mailbox = mailbox_on_this_host(
        change.settings(), change.recovery.request.account_name, change.wish.privileged);
    if (mailbox) tell(change, facts, *mailbox, true, telling);
    return telling;
}

std::vector<OutboxRow> tell_veto(const ChangeContext& change, const ChangeFacts& facts,
                                 std::int64_t about) {
    std::vector<OutboxRow> notices;
    const bool was_added = facts.kind == ChangeKind::AddedContact;
    for (const StoredAddress* address : addresses_told(change)) {
        if (was_added && address->row.id == about) continue;
        notices.push_back(
            notice_to(change, *address, veto_message(change.recovery.facts(), facts)));
    }
    return notices;
}

std::vector<OutboxRow> tell_denied(const ChangeContext& change, bool keeps) {
    std::vector<OutboxRow> notices;
    for (const StoredAddress* address : addresses_told(change))
        notices.push_back(
            notice_to(change, *address, denied_message(change.recovery.facts(), keeps)));
    return notices;
}

std::vector<OutboxRow> tell_kept(const ChangeContext& change) {
    std::vector<OutboxRow> notices;
    for (const StoredAddress* address : addresses_told(change))
        notices.push_back(notice_to(change, *address, kept_message(change.recovery.facts())));
    return notices;
}

Digest veto_digest(const Vault& vault, const Secret& subkey, const SubjectKey& subject,
                   std::string_view code) {
    return vault.digest(subkey, "veto|" + subject, code);
}

}  // namespace latchkey
