// SPDX-License-Identifier: MIT
#include "verifier/removal.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/addresses.hpp"
#include "core/change_messages.hpp"
#include "core/printable.hpp"
#include "verifier/account_notices.hpp"
#include "verifier/otp_enrolment.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using wire::AdminReply;

constexpr const char* kSavedCodes = "codes";

class RemovalRun {
public:
    RemovalRun(const wire::AdminHello& hello, const VerifierPorts& ports)
        : hello_(hello), ports_(ports), now_(ports.clock.now()) {}

    AdminReply run() {
        const auto contacts = ports_.store.contacts(hello_.subject);
        if (!contacts) return store_refusal(ports_, "cannot read the addresses", contacts.error());
        const auto apps = ports_.store.authenticators(hello_.subject);
        if (!apps) return store_refusal(ports_, "cannot read the authenticator", apps.error());
        if (hello_.method != kSavedCodes) {
            find_contacts(*contacts);
            find_authenticators(*apps);
            if (removal_.contacts.size() > 1)
                return refusal(escaped(hello_.account_name) +
                               " has more than one address of that method; name the one behind it");
            if (removal_.contacts.empty() && removal_.authenticators.empty())
                return refusal(escaped(hello_.account_name) +
                               " has no such way; see: latchkey status " +
                               escaped(hello_.account_name));
        }
        return remove(*contacts);
    }

private:
    Medium medium_of(const std::string& method) const {
        const auto found = ports_.settings.methods.find(method);
        return found == ports_.settings.methods.end() ? Medium::Email : found->second.medium;
    }

    void find_contacts(const std::vector<Contact>& contacts) {
        for (const Contact& contact : contacts) {
            if (contact.method != hello_.method || !is_there(contact, now_)) continue;
            const auto address = ports_.vault.unseal(
                hello_.subkey, contact_binding(hello_.subject, contact), contact.sealed_address);
            const Medium medium = medium_of(contact.method);
            const bool is_meant =
                hello_.address.empty() ||
                (address && means_address(ports_.vault, medium, hello_.address, address->reveal(),
                                          ports_.settings.phone_country));
            if (!is_meant) continue;
            removal_.contacts.push_back(contact);
            destination_ = address ? masked(medium, address->reveal()) : "unreadable";
        }
    }

    // The one that counts, and the one that waits beside it.
    void find_authenticators(const std::vector<Authenticator>& apps) {
        const std::string configured = authenticator_method(ports_.settings, hello_.method);
        const std::string& method = configured.empty() ? hello_.method : configured;
        for (const Authenticator& app : apps)
            if (app.method == method && hello_.address.empty())
                removal_.authenticators.push_back(app);
    }

    [[nodiscard]] std::string what() const {
        if (!removal_.authenticators.empty())
            return what_changed({ChangeKind::RemovedAuthenticator, Medium::Other, {}, {}});
        if (removal_.contacts.empty()) return "all recovery codes";
        return what_changed(
            {ChangeKind::RemovedContact, medium_of(hello_.method), destination_, {}});
    }

    AdminReply remove(const std::vector<Contact>& contacts) {
        std::vector<std::int64_t> about;
        for (const Contact& contact : removal_.contacts) about.push_back(contact.id);
        const MessageFacts facts = facts_of(hello_, ports_);
        removal_.subject = hello_.subject;
        removal_.notices = notices_to(hello_, ports_, contacts, {about}, [&](const Told& told) {
            return removal_message(facts, what(), told.reader);
        });
        removal_.record = {
            now_, "removed", hello_.subject,
            hello_.method + (destination_.empty() ? "" : ' ' + destination_) + " by " + hello_.by};
        const auto done = hello_.dry_run ? Result<void>{} : ports_.store.remove_enrolled(removal_);
        if (!done && done.error().kind == ErrorKind::NotFound)
            return refusal("somebody else has just changed it, so nothing was removed; try again");
        if (!done) return store_refusal(ports_, "cannot remove it", done.error());
        json destinations = json::array();
        if (!destination_.empty()) destinations.push_back(destination_);
        return {true,
                0,
                Secret{json{{"destinations", destinations},
                            {"removed", removal_.contacts.size() + removal_.authenticators.size()},
                            {"notices", removal_.notices.size()}}
                           .dump(-1, ' ', true, json::error_handler_t::replace)},
                {}};
    }

    const wire::AdminHello& hello_;
    const VerifierPorts& ports_;
    TimePoint now_;
    Removal removal_;
    std::string destination_;  // masked; empty if it is no address
};

}  // namespace

AdminReply remove_for_administrator(const wire::AdminHello& hello, const VerifierPorts& ports) {
    return RemovalRun{hello, ports}.run();
}

}  // namespace latchkey
