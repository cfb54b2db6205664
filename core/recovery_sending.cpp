// SPDX-License-Identifier: MIT
#include "core/recovery_sending.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/addresses.hpp"
#include "core/answers.hpp"
#include "core/codes.hpp"
#include "core/outbox_message.hpp"
#include "core/recovery_approving.hpp"
#include "core/recovery_judging.hpp"
#include "core/recovery_vetoing.hpp"

namespace latchkey {

namespace {

// Stands where no address was meant; no method can be configured under this name.
Method nobodys_method() {
    return {"-", MethodKind::Delivery, "-", "", 0};
}

// No text hashes to it, as far as anybody can tell.
Digest nobodys_digest(Vault& vault) {
    Digest digest{};
    for (std::uint8_t& byte : digest) byte = static_cast<std::uint8_t>(vault.uniform(256));
    return digest;
}

const StoredAddress* address_of(const RecoveryContext& recovery, const Method& method) {
    for (const StoredAddress& address : recovery.ways.addresses)
        if (method.contact_id != 0 && address.method.contact_id == method.contact_id)
            return &address;
    return nullptr;
}

Medium medium_of(const RecoveryContext& recovery, const StoredAddress& stored) {
    return recovery.settings.methods.at(stored.method.name).medium;
}

// Over a remote service there is no menu: who wants to be called says so.
bool takes_word_for_call(std::string_view& typed) {
    constexpr std::string_view kWord = "call ";
    const bool is_asked = typed.size() > kWord.size() &&
                          std::equal(kWord.begin(), kWord.end(), typed.begin(), [](char a, char b) {
                              return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
                          });
    if (is_asked) typed.remove_prefix(kWord.size());
    return is_asked;
}

// Looks at every address, also when an earlier one was right. Without a menu a number that
// can be called and written to is written to, unless the claimant asked for a call.
const StoredAddress* meant_address(const RecoveryContext& recovery, const flow::Select& action) {
    std::string_view typed = action.text.reveal();
    const bool wants_call = !action.method && takes_word_for_call(typed);
    const StoredAddress* meant = nullptr;
    for (const StoredAddress& stored : recovery.ways.addresses) {
        const Medium medium = medium_of(recovery, stored);
        const bool is_same =
            means_address(recovery.ports.vault, medium, typed, stored.address.reveal(),
                          recovery.settings.phone_country);
        const bool is_offered = action.method
                                    ? action.method->contact_id == stored.method.contact_id
                                    : !wants_call || medium == Medium::Call;
        const bool is_first =
            meant == nullptr ||
            (medium != Medium::Call && medium_of(recovery, *meant) == Medium::Call && !wants_call);
        if (is_same && is_offered && stored.is_usable && is_first) meant = &stored;
    }
    return meant;
}

Result<Method> selected_method(RecoveryContext& recovery, const flow::Select& action) {
    const auto charge =
        recovery.charge(recovery.attempt(AttemptKind::Address, recovery.request.subject));
    if (!charge) return Error{charge.error()}.within("charge address");
    const StoredAddress* meant = meant_address(recovery, action);
    if (!charge->allowed) return nobodys_method();
    const auto result = meant != nullptr ? AttemptResult::Right : AttemptResult::Wrong;
    if (meant == nullptr) recovery.rule = "address=wrong";
    if (auto settled = recovery.ports.store.settle_attempt(charge->id, result); !settled)
        return std::move(settled).error().within("settle address");
    return meant != nullptr ? meant->method : nobodys_method();
}

// True if a code that was sent before the connection was cut may still be on its
// way, and good: choosing the method again then only asks for it.
Result<bool> awaits_earlier_code(const RecoveryContext& recovery, const Method& method) {
    const bool is_resumed = !recovery.proven_before.empty();
    if (!is_resumed || goes_to_contact(recovery.settings, method.name) ||
        recovery.sent.contains(method.name) || recovery.proven_before.contains(method.possession))
        return false;
    const Limit sends{LimitScope::SubjectAndMethod,
                      {AttemptKind::Send},
                      code_lifetime(recovery.settings, method.name),
                      0,
                      true,
                      false};
    const auto count = recovery.ports.store.count_attempts(
        recovery.attempt(AttemptKind::Send, recovery.request.subject, method.name), sends,
        recovery.now());
    if (!count) return Error{count.error()}.within("count sends");
    return *count > 0;
}

std::string_view purpose_of(Reason reason) {
    switch (reason) {
        case Reason::ForgotPassword:
            return "sent to|forgot";
        case Reason::KnowsPassword:
            return "sent to|locked out";
        case Reason::ChangeSecurityInfo:
            break;
    }
    return "sent to|change";
}

// By which the store tells one address of a method from another, and what its holder was told;
// of an address that is nobody's, what the screens say of it.
Digest sent_to(const RecoveryContext& recovery, const Method& method,
               const StoredAddress* address) {
    const Secret nobodys{row_text({method.possession, method.masked_destination})};
    return recovery.ports.vault.digest(recovery.request.subkey, purpose_of(recovery.reason),
                                       (address != nullptr ? address->address : nobodys).reveal());
}

// True if a recovery contact was asked for a code that is still good: choosing the method again
// then only asks for it, in whatever connection. Where nobody was asked the screens are the same,
// and so is the count of wrong entries.
Result<bool> takes_up_contact_code(RecoveryContext& recovery, const Method& method,
                                   const StoredAddress* address) {
    if (!goes_to_contact(recovery.settings, method.name) || recovery.queued.contains(method.name))
        return false;
    const TimePoint now = recovery.now();
    const Digest to = sent_to(recovery, method, address);
    const auto issued_at = recovery.ports.store.take_up_code(
        recovery.id, method.name, to, recovery.settings.limits.wrong_per_code, now);
    if (!issued_at) return Error{issued_at.error()}.within("take up code");
    // The row may say that it is valid for longer; its age is in the code's digest.
    const bool is_alive = issued_at->has_value() && **issued_at <= now &&
                          now < **issued_at + code_lifetime(recovery.settings, method.name);
    if (!is_alive) return false;
    recovery.queued.insert(method.name);
    if (address != nullptr) {
        recovery.contact_codes[method.name] = {**issued_at, to};
        recovery.sent.insert(method.name);
    }
    recovery.log(Severity::Info, "code awaited", "method=" + method.name);
    return true;
}

MessageText message_with(const RecoveryContext& recovery, const std::string& method,
                         const Secret& code, std::chrono::minutes lifetime) {
    const auto minutes = static_cast<std::uint32_t>(lifetime.count());
    return goes_to_contact(recovery.settings, method)
               ? contact_code_message(recovery.facts(), code, minutes)
               : code_message(recovery.facts(), code, minutes);
}

// A code for `address`, with its message, in one piece.
IssuedCode code_for(RecoveryContext& recovery, const Method& method, const std::string& shown,
                    const StoredAddress* address) {
    Vault& vault = recovery.ports.vault;
    const auto lifetime = code_lifetime(recovery.settings, shown);
    IssuedCode issued;
    issued.recovery = recovery.id;
    issued.method = method.name;
    issued.issued_at = recovery.now();
    issued.expires_at = issued.issued_at + lifetime;
    issued.sent_to = sent_to(recovery, method, address);
    if (address != nullptr && goes_to_contact(recovery.settings, method.name))
        recovery.contact_codes[method.name] = {issued.issued_at, issued.sent_to};
    const Secret code = fresh_code(vault, recovery.settings.code_digits);
    if (address == nullptr) {
        issued.digest = nobodys_digest(vault);
        return issued;
    }
    issued.digest =
        vault.digest(recovery.request.subkey, code_context(recovery, method), code.reveal());
    issued.message =
        sealed_row(recovery, *address, OutboxPurpose::Code,
                   message_with(recovery, method.name, code, lifetime), issued.expires_at);
    return issued;
}

}  // namespace

Result<flow::Event> select(RecoveryContext& recovery, const flow::Select& action) {
    if (!action.method && normalised_saved_code(action.text.reveal())) {
        auto judged = judge_saved_code(recovery, action.text.reveal());
        if (!judged) return std::move(judged).error();
        if (judged->judgement == flow::Judgement::Right) return flow::Event{std::move(*judged)};
        return flow::Event{flow::Selected{nobodys_method()}};
    }
    if (!action.method && is_as_long_as_veto(action.text.reveal())) {
        const auto heard = hear_veto(recovery, action.text.reveal());
        if (!heard) return Error{heard.error()};
        // What is none may be an address of the host's own shape.
        if (heard->end != VetoEnd::None) return flow::Event{*heard};
    }
    auto method = selected_method(recovery, action);
    if (!method) return std::move(method).error();
    return flow::Event{flow::Selected{std::move(*method)}};
}

Result<flow::Event> send(RecoveryContext& recovery, const flow::Send& action) {
    if (action.method.kind == MethodKind::Approval) return ask_device(recovery, action.method);
    const auto awaits = awaits_earlier_code(recovery, action.method);
    if (!awaits) return Error{awaits.error()};
    if (*awaits) {
        recovery.sent.insert(action.method.name);
        return flow::Event{flow::Queued{}};
    }
    const SubjectKey& subject = recovery.request.subject;
    const StoredAddress* address =
        recovery.is_deliverable ? address_of(recovery, action.method) : nullptr;
    const auto taken_up = takes_up_contact_code(recovery, action.method, address);
    if (!taken_up) return Error{taken_up.error()};
    if (*taken_up) return flow::Event{flow::Queued{}};
    // A message that nobody gets uses up nobody's messages.
    const auto charge = recovery.charge(
        recovery.attempt(AttemptKind::Send, address != nullptr ? subject : stranger_of(subject),
                         action.method.name));
    if (!charge) return Error{charge.error()}.within("charge send");
    if (!charge->allowed) address = nullptr;
    // A code that was sent stays good when another one may not be sent yet, and so does
    // one that nobody got: at a console both die at their time.
    const bool keeps_code = (address == nullptr && recovery.is_proven) ||
                            (!charge->allowed && recovery.queued.contains(action.method.name));
    const IssuedCode code =
        code_for(recovery, keeps_code ? nobodys_method() : action.method,
                 action.shown.empty() ? action.method.name : action.shown, address);
    if (auto issued = recovery.ports.store.issue_code(code); !issued)
        return std::move(issued).error().within("issue code");
    if (address != nullptr) recovery.sent.insert(action.method.name);
    if (charge->allowed) recovery.queued.insert(action.method.name);
    recovery.log(Severity::Info, address != nullptr ? "code queued" : "code withheld",
                 "method=" + action.method.name);
    recovery.ports.channels.send_due();
    return flow::Event{flow::Queued{}};
}

OutboxRow sealed_row(const RecoveryContext& recovery, const StoredAddress& address,
                     OutboxPurpose purpose, MessageText message, TimePoint expires_at) {
    OutboxRow row;
    row.subject = recovery.request.subject;
    row.method = address.method.name;
    row.purpose = purpose;
    row.due_at = recovery.now();
    row.expires_at = expires_at;
    return sealed_row(recovery.ports.vault, recovery.request.subkey, std::move(row),
                      address.address, std::move(message));
}

OutboxRow sealed_row(Vault& vault, const Secret& subkey, OutboxRow row, const Secret& to,
                     MessageText message) {
    const Secret plain = encode_outbox_message(
        {std::string{to.reveal()}, std::move(message.subject), std::move(message.text),
         random_hex(vault, 32), std::move(message.short_text), std::move(message.code),
         row.expires_at.time_since_epoch().count()});
    row.sealed = vault.seal(vault.derive(subkey, "outbox"), outbox_binding(row), plain.reveal());
    return row;
}

}  // namespace latchkey
