// SPDX-License-Identifier: MIT
#include "verifier/serve_admin.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/addresses.hpp"
#include "core/change_messages.hpp"
#include "core/channel_budget.hpp"
#include "core/printable.hpp"
#include "core/reminding.hpp"
#include "core/wire/exit_statuses.hpp"
#include "verifier/addition_notice.hpp"
#include "verifier/enrollable_address.hpp"
#include "verifier/event_notice.hpp"
#include "verifier/explaining.hpp"
#include "verifier/import_account.hpp"
#include "verifier/invitation.hpp"
#include "verifier/otp_enrolment.hpp"
#include "verifier/own_data.hpp"
#include "verifier/purging.hpp"
#include "verifier/removal.hpp"
#include "verifier/serve_import.hpp"
#include "verifier/time_text.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using wire::AdminHello;
using wire::AdminReply;
using wire::AdminVerb;

using namespace exit_statuses;
// A packet has 4,096 bytes; what we write has its bounds far below.
constexpr std::size_t kLongestEvent = 64;
constexpr std::size_t kLongestSubject = 300;
constexpr std::size_t kLongestDetail = 512;
constexpr std::size_t kLongestRow = 3500;

// A row as text that erases itself: it may hold a key.
Secret erasable(const json& row) {
    std::string text = row.dump(-1, ' ', true, json::error_handler_t::replace);
    Secret secret{text};
    explicit_bzero(text.data(), text.size());
    return secret;
}

// Texts that were never ours are cut: then they fit nothing that they are compared with.
Secret trail_row(const TrailRow& row) {
    const AuditRecord& record = row.record;
    json shown{{"id", row.id},
               {"at", record.at.time_since_epoch().count()},
               {"event", record.event.substr(0, kLongestEvent)},
               {"subject", record.subject.substr(0, kLongestSubject)},
               {"detail", record.detail.substr(0, kLongestDetail)},
               {"linked", row.is_linked}};
    Secret text = erasable(shown);
    if (text.size() <= kLongestRow) return text;
    shown["subject"] = shown["detail"] = "";
    return erasable(shown);
}

class AdminRun {
public:
    AdminRun(MonitorLink& monitor, const VerifierPorts& ports) : monitor_(monitor), ports_(ports) {}

    void answer(const AdminHello& hello) {
        const bool about_one = !hello.subject.empty();
        // Of an account that is gone nobody is told, so that no key is needed.
        if (hello.verb == AdminVerb::Purge) return send(purge_for_administrator(hello, ports_));
        if (about_one && hello.subkey.size() != Vault::kKeyBytes)
            return refuse("the account's key did not come; run latchkey check");
        if (hello.verb == AdminVerb::Status && !about_one) return list_everybody();
        if (hello.verb == AdminVerb::Budgets && !about_one) return list_budgets();
        if (hello.verb == AdminVerb::AuditVerify && !about_one) return audit_trail(hello.after);
        if (hello.verb == AdminVerb::Import) return serve_import(monitor_, ports_, hello);
        if (!about_one) return refuse("no account was named; name the account");
        switch (hello.verb) {
            case AdminVerb::Status:
                return status(hello);
            case AdminVerb::EnrolContact:
                return enrol_contact(hello);
            case AdminVerb::EnrolAuthenticator:
                return enrol_authenticator(hello);
            case AdminVerb::Export:
                return export_all(hello);
            case AdminVerb::PassIssue:
            case AdminVerb::Unlock:
                return send(announce_event(hello, ports_));
            case AdminVerb::NewCodes:
                return send(announce_codes(hello, ports_));
            case AdminVerb::Remove:
                return send(remove_for_administrator(hello, ports_));
            case AdminVerb::Reset:
                return send(invite_owner(hello, ports_));
            case AdminVerb::Explain:
                return send(explain_ways(hello, ports_));
            default:
                return refuse("that is the monitor's business, not the verifier's");
        }
    }

private:
    void send(const AdminReply& reply) {
        // A list may be longer than what the socket holds at once.
        if (monitor_.wait_until_writable()) (void)monitor_.say(reply);
    }
    void row(const json& row, bool last) { send(AdminReply{last, 0, erasable(row), {}}); }
    void refuse(const std::string& sentence) { send(AdminReply{true, kNegative, {}, sentence}); }
    void refuse_for_store(const char* what, const Error& error) {
        ports_.log.record(Severity::Alarm, "cannot use the store why=" + in_quotes(error.detail));
        refuse(std::string{what} + ": " + error.detail +
               "; check /var/lib/latchkey, its owner and its free space");
    }

    void list_everybody() {
        auto subjects = ports_.store.enrolled_subjects();
        if (!subjects) return refuse_for_store("cannot list who is enrolled", subjects.error());
        auto oldest = ports_.store.oldest_due(ports_.clock.now());
        if (!oldest) return refuse_for_store("cannot look into the outbox", oldest.error());
        auto health = ports_.store.channel_health();
        if (!health) return refuse_for_store("cannot read the channels' health", health.error());
        for (const SubjectKey& subject : *subjects) row(json{{"subject", subject}}, false);
        for (const ChannelHealth& channel : *health)
            if (is_in_trouble(channel, ports_.clock.now()))
                row(json{{"channel", channel.channel},
                         {"failing_since", iso_time(channel.failing_since)}},
                    false);
        json due{{"outbox_oldest_due", nullptr}};
        if (*oldest) due["outbox_oldest_due"] = iso_time(**oldest);
        row(due, true);
    }

    void list_budgets() {
        for (const auto& [name, channel] : ports_.settings.channels) {
            if (channel.budget.per_hour == 0 && channel.budget.per_day == 0) continue;
            const auto use = use_of(ports_.store, name, ports_.clock.now());
            if (!use) return refuse_for_store("cannot read the channels' budgets", use.error());
            row(json{{"channel", name}, {"last_hour", use->last_hour}, {"last_day", use->last_day}},
                false);
        }
        send(AdminReply{true, 0, {}, {}});
    }

    void audit_trail(std::int64_t after) {
        auto page = ports_.store.audit_trail(after, wire::kTrailPage);
        if (!page) return refuse_for_store("cannot read the audit trail", page.error());
        for (const TrailRow& row : page->rows) send(AdminReply{false, 0, trail_row(row), {}});
        row(json{{"last_id", page->last_id}}, true);
    }

    void status(const AdminHello& hello) {
        auto contacts = ports_.store.contacts(hello.subject);
        if (!contacts) return refuse_for_store("cannot read the addresses", contacts.error());
        const auto apps = ports_.store.authenticators(hello.subject);
        if (!apps) return refuse_for_store("cannot read the authenticator", apps.error());
        json methods = json::array();
        for (const Contact& contact : *contacts)
            if (is_there(contact, ports_.clock.now()))
                methods.push_back(contact_row(hello, contact));
        for (const Authenticator& app : *apps)
            if (is_there(app, ports_.clock.now()))
                methods.push_back(method_row(app, kDevicePossession, ""));
        row(json{{"methods", methods}}, true);
    }

    json contact_row(const AdminHello& hello, const Contact& contact) {
        json row = method_row(contact, contact.possession, destination_of(hello, contact));
        const TimePoint now = ports_.clock.now();
        const bool expired = has_expired(contact, ports_.settings.security_info, now);
        row["expired"] = expired;
        row["confirm_due"] = confirmation_is_due(contact, ports_.settings, now);
        if (expired) row["counts"] = false;
        return row;
    }

    void export_all(const AdminHello& hello) {
        const auto rows = own_data(hello, ports_);
        if (!rows) return refuse_for_store("cannot read what is kept", rows.error());
        for (const json& each : *rows) row(each, false);
        send(AdminReply{true, 0, {}, {}});
    }

    template <class Enrolled>
    json method_row(const Enrolled& enrolled, const std::string& possession,
                    const std::string& destination) const {
        json row{{"method", enrolled.method},
                 {"possession", possession},
                 {"destination", destination},
                 {"confirmed_at", iso_time(enrolled.confirmed_at)},
                 {"usable_from", iso_time(std::max(enrolled.usable_from, enrolled.confirmed_at))},
                 {"gone_from", nullptr},
                 {"counts", counts(enrolled, ports_.clock.now())}};
        if (enrolled.gone_from != TimePoint{}) row["gone_from"] = iso_time(enrolled.gone_from);
        return row;
    }

    std::string destination_of(const AdminHello& hello, const Contact& contact) {
        const auto address = ports_.vault.unseal(
            hello.subkey, contact_binding(hello.subject, contact), contact.sealed_address);
        if (address && hello.show) return escaped(address->reveal());
        if (address) return masked(medium_of(contact.method), address->reveal());
        ports_.log.record(Severity::Alarm, "found an address that cannot be opened subject=" +
                                               hello.subject + " method=" + contact.method);
        return "unreadable";
    }

    // Of a contact whose method is no longer configured an address says most.
    Medium medium_of(const std::string& method) const {
        const auto found = ports_.settings.methods.find(method);
        return found == ports_.settings.methods.end() ? Medium::Email : found->second.medium;
    }

    // The row that holds this very address of the method already; 0 if there is none.
    std::int64_t row_of(const AdminHello& hello, Medium medium, const std::vector<Contact>& known,
                        const std::string& address) const {
        for (const Contact& contact : known) {
            if (contact.method != hello.method) continue;
            const auto stored = ports_.vault.unseal(
                hello.subkey, contact_binding(hello.subject, contact), contact.sealed_address);
            if (stored && means_address(ports_.vault, medium, address, stored->reveal(), {}))
                return contact.id;
        }
        return 0;
    }

    OtpKind otp_kind(const std::string& method) const {
        const auto found = ports_.settings.methods.find(method);
        return found == ports_.settings.methods.end() ? OtpKind::Time : found->second.otp;
    }

    void enrol_contact(const AdminHello& hello) {
        const auto found = ports_.settings.methods.find(hello.method);
        const bool is_known = found != ports_.settings.methods.end();
        const bool is_device = is_known && found->second.kind == MethodKind::Approval;
        if (!is_device && (!is_known || found->second.kind != MethodKind::Delivery))
            return refuse("no method \"" + escaped(hello.method) +
                          "\" sends codes here; add [method." + escaped(hello.method) +
                          "] to latchkey.toml, or see latchkey(1) for the methods there are");
        const Medium medium = found->second.medium;
        const auto address = enrollable_address(
            ports_.settings, {hello.host_name, hello.account_name}, found->second, hello.address);
        if (!address) return refuse(address.error().detail);
        auto known = ports_.store.contacts(hello.subject);
        if (!known) return refuse_for_store("cannot read the addresses", known.error());
        const std::int64_t row_of_address = row_of(hello, medium, *known, *address);
        if (row_of_address == 0 && known->size() >= kMostAddresses)
            return refuse("the account has " + std::to_string(kMostAddresses) +
                          " addresses, which is as many as it may have");
        const TimePoint now = ports_.clock.now();
        Contact contact;
        contact.id = row_of_address;
        contact.method = hello.method;
        contact.possession = is_device
                                 ? kDevicePossession
                                 : possession_of(ports_.vault, hello.subkey, medium, *address);
        contact.confirmed_at = now;
        contact.usable_from = now;  // root vouches for the address
        contact.sealed_address =
            ports_.vault.seal(hello.subkey, contact_binding(hello.subject, contact), *address);
        const std::string mask = masked(medium, *address);
        const auto told = tell_addition(
            hello, ports_,
            what_changed({ChangeKind::AddedContact, medium, mask, {}, false, is_device}));
        if (!told) return refuse_for_store("cannot tell the addresses there are", told.error());
        if (auto kept = ports_.store.enrol_contact(hello.subject, contact); !kept)
            return refuse_for_store("cannot keep the address", kept.error());
        remember(hello, "enrolled " + hello.method + ' ' + mask);
        json shown{{"user", hello.account_name},
                   {"method", hello.method},
                   {"destination", mask},
                   {"notices", *told}};
        // Which root has typed, perhaps without its country, and is to see as it is kept.
        if (is_telephone(medium)) shown["number"] = *address;
        row(shown, true);
    }

    void enrol_authenticator(const AdminHello& hello) {
        const std::string method = authenticator_method(ports_.settings, hello.method);
        if (method.empty())
            return refuse("no method checks such codes here; add [method." + escaped(hello.method) +
                          "] to latchkey.toml, see latchkey.toml(5)");
        const Secret key = fresh_otp_key(ports_.vault);
        const auto digits = base32(key);
        if (!digits) return refuse("cannot make a key: out of memory; try again");
        Authenticator app;
        app.confirmed_at = ports_.clock.now();
        app.usable_from = app.confirmed_at;  // root vouches for it
        app.method = method;
        app.sealed_key = ports_.vault.seal(hello.subkey, authenticator_binding(hello.subject, app),
                                           key.reveal());
        const auto told = tell_addition(
            hello, ports_, what_changed({ChangeKind::AddedAuthenticator, Medium::Other, {}, {}}));
        if (!told) return refuse_for_store("cannot tell the addresses there are", told.error());
        if (auto kept = ports_.store.enrol_authenticator(hello.subject, app); !kept)
            return refuse_for_store("cannot keep the authenticator", kept.error());
        // As the root side calls it in its own log.
        const bool counts = otp_kind(method) == OtpKind::Counter;
        remember(hello, counts ? "enrolled hotp" : "enrolled totp");
        json shown{
            {"user", hello.account_name},
            {"notices", *told},
            {"key_base32", digits->reveal()},
            {"uri",
             otpauth_uri(otp_kind(method), hello.host_name, hello.account_name, *digits).reveal()}};
        row(shown, true);
        for (const char* field : {"key_base32", "uri"}) {
            auto& text = shown[field].get_ref<std::string&>();
            explicit_bzero(text.data(), text.size());
        }
    }

    // The enrolment stands even if this fails: it is committed.
    void remember(const AdminHello& hello, const std::string& detail) {
        auto kept = ports_.store.append_audit(
            {ports_.clock.now(), "enrolment", hello.subject, detail + " by root"});
        if (!kept)
            ports_.log.record(Severity::Alarm,
                              "cannot write audit record why=" + in_quotes(kept.error().detail));
    }

    MonitorLink& monitor_;
    VerifierPorts ports_;
};

}  // namespace

void serve_admin(MonitorLink& monitor, VerifierPorts ports) {
    AdminRun run{monitor, ports};
    while (auto hello = monitor.greeting<AdminHello>()) run.answer(*hello);
}

void refuse_admin(MonitorLink& monitor, const std::string& sentence) {
    while (monitor.greeting<AdminHello>())
        (void)monitor.say(AdminReply{true, kNegative, {}, sentence});
}

}  // namespace latchkey
