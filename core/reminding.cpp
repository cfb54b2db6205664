// SPDX-License-Identifier: MIT
#include "core/reminding.hpp"

#include <utility>

#include "core/announcement_rows.hpp"

namespace latchkey {

namespace {

Reminder too_few(const WaysBack& ways) {
    const std::string what =
        ways.there == 0 ? "You could not get back into this account if you forgot its password."
                        : "You have too few ways back into this account.";
    if (ways.privileged && ways.there == 0)
        return {ReminderKind::Told, what + " The administrator sets up the first way."};
    return {ReminderKind::Register, what + " How to set one up: latchkey methods"};
}

// Names a person's own addresses.
Reminder unconfirmed(const std::vector<std::string>& destinations) {
    const std::string head = "Do you still get what is sent to ";
    const std::string tail = "? Then: latchkey confirm. If not: latchkey remove";
    std::string named;
    for (const std::string& destination : destinations)
        named += (named.empty() ? "" : " and ") + destination;
    // What is not named is not asked about.
    if (!can_be_announced(head + named + tail))
        return {ReminderKind::Told,
                "Addresses of yours were not confirmed for long. If they still reach you: latchkey "
                "confirm. They are in: latchkey methods"};
    return {ReminderKind::Confirm, head + named + tail};
}

}  // namespace

bool has_expired(const Contact& contact, const SecurityInfoSettings& info, TimePoint now) {
    return now - contact.confirmed_at >= info.expires_after;
}

bool confirmation_is_due(const Contact& contact, const Settings& settings, TimePoint now) {
    const auto method = settings.methods.find(contact.method);
    const bool is_own = method != settings.methods.end() &&
                        method->second.kind == MethodKind::Delivery &&
                        !method->second.recovery_contact;
    const SecurityInfoSettings& info = settings.security_info;
    return is_own && info.reconfirm_after.count() > 0 && counts(contact, now) &&
           contact.gone_from == TimePoint{} && now - contact.confirmed_at >= info.reconfirm_after &&
           !has_expired(contact, info, now);
}

std::vector<Reminder> reminders_for(const WaysBack& ways, Registration registration) {
    std::vector<Reminder> due;
    if (!ways.eligible) return due;
    if (registration != Registration::Off && ways.there < ways.needed) due.push_back(too_few(ways));
    if (!ways.to_confirm.empty()) {
        due.push_back(unconfirmed(ways.to_confirm));
        if (registration == Registration::Off) due.back().kind = ReminderKind::Told;
    }
    if (ways.codes_left > 0 && ways.codes_left <= kFewCodes && !ways.codes_wait)
        due.push_back({ReminderKind::Told,
                       ways.codes_left == 1
                           ? "You have one recovery code left. Make new ones: latchkey codes --new"
                           : "You have " + std::to_string(ways.codes_left) +
                                 " recovery codes left. Make new ones: latchkey codes --new"});
    if (ways.privileged && ways.there > 0 && ways.codes_left == 0 && !ways.codes_wait)
        due.push_back({ReminderKind::Told,
                       "You have no recovery code, and need one to get back into an account like "
                       "this. Make some: latchkey codes --new"});
    return due;
}

}  // namespace latchkey
