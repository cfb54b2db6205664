// SPDX-License-Identifier: MIT
#include "verifier/purging.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/subject_of_name.hpp"
#include "verifier/account_notices.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using wire::AdminReply;

constexpr std::size_t kMostSubjects = 8;  // of one name; a packet holds them

AdminReply row(const json& shown) {
    return {true, 0, Secret{shown.dump(-1, ' ', true, json::error_handler_t::replace)}, {}};
}

AdminReply find(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto all = ports.store.kept_subjects();
    if (!all) return store_refusal(ports, "cannot look for the account", all.error());
    json found = json::array();
    for (const SubjectKey& subject : *all)
        if (is_subject_of(subject, hello.account_name) && found.size() < kMostSubjects)
            found.push_back(subject);
    return row({{"subjects", found}});
}

// None of an account that is gone: nobody is left who could ask the administrator.
Result<std::vector<OutboxRow>> notices(const wire::AdminHello& hello, const VerifierPorts& ports) {
    using Rows = std::vector<OutboxRow>;
    if (hello.subkey.empty()) return Rows{};
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()};
    const MessageFacts facts = facts_of(hello, ports);
    return notices_to(hello, ports, *contacts, {},
                      [&](const Told& told) { return purge_message(facts, told.reader); });
}

}  // namespace

AdminReply purge_for_administrator(const wire::AdminHello& hello, const VerifierPorts& ports) {
    if (hello.subject.empty()) return find(hello, ports);
    const auto kept = ports.store.kept_of(hello.subject);
    if (!kept) return store_refusal(ports, "cannot count what is kept", kept.error());
    const auto told = notices(hello, ports);
    if (!told) return store_refusal(ports, "cannot read the addresses", told.error());
    const AuditRecord record{ports.clock.now(), "purged", hello.subject, "all by " + hello.by};
    const auto done = hello.dry_run ? Result<void>{} : ports.store.purge(*told, record);
    if (!done) return store_refusal(ports, "cannot purge it", done.error());
    return row({{"contacts", kept->contacts},
                {"authenticators", kept->authenticators},
                {"recoveries", kept->recoveries},
                {"vetoes", kept->vetoes},
                {"codes", kept->codes},
                {"notices", told->size()}});
}

}  // namespace latchkey
