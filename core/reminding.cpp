// SPDX-License-Identifier: MIT
#include "core/reminding.hpp"

#include <utility>

#include "core/announcement_rows.hpp"

namespace latchkey {

namespace {

Reminder too_few(const WaysBack& ways) {
    const std::string what =
        ways.there == 0
            ? "You could not get back into this account if you forgot its password."
            : "You have too few ways back into this account to use them over the network.";
    if (ways.privileged && ways.there == 0)
        return {ReminderKind::Told, what + " The administrator sets up the first way."};
    return {ReminderKind::Register, what + " Set one up: latchkey enroll"};
}

// Words of a person's own addresses; as many as a line holds.
Reminder unconfirmed(const std::vector<std::string>& destinations) {
    const std::string head = "Do you still get what is sent to ";
    const std::string tail = "? Then: latchkey confirm. If not: latchkey remove";
    std::string named;
    for (const std::string& destination : destinations) {
        std::string longer = named + (named.empty() ? "" : " and ") + destination;
        if (can_be_announced(head + longer + tail)) named = std::move(longer);
    }
    if (named.empty()) named = "the addresses of: latchkey methods";
    return {ReminderKind::Confirm, head + named + tail};
}

}  // namespace

bool confirmation_is_due(const Contact& contact, const SecurityInfoSettings& info, TimePoint now) {
    const auto age = now - contact.confirmed_at;
    return info.reconfirm_after.count() > 0 && counts(contact, now) &&
           contact.gone_from == TimePoint{} && age >= info.reconfirm_after &&
           age < info.expires_after;
}

std::vector<Reminder> reminders_for(const WaysBack& ways, Registration registration) {
    std::vector<Reminder> due;
    if (!ways.eligible) return due;
    if (registration != Registration::Off && ways.there < ways.needed) due.push_back(too_few(ways));
    if (!ways.to_confirm.empty()) due.push_back(unconfirmed(ways.to_confirm));
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
