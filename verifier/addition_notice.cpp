// SPDX-License-Identifier: MIT
#include "verifier/addition_notice.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "core/change_messages.hpp"
#include "verifier/account_notices.hpp"

namespace latchkey {

Result<std::size_t> tell_addition(const wire::AdminHello& hello, const VerifierPorts& ports,
                                  const std::string& what) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()}.within("read the addresses");
    const MessageFacts facts = facts_of(hello, ports);
    const auto notices = notices_to(hello, ports, *contacts, {}, [&](const Told& told) {
        return addition_message(facts, what, told.reader);
    });
    if (notices.empty()) return std::size_t{0};
    auto queued = ports.store.queue_messages(
        notices, {facts.at, "told", hello.subject, "addition by " + hello.by});
    if (!queued) return std::move(queued).error().within("queue notices");
    return notices.size();
}

wire::AdminReply announce_codes(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto notices = tell_addition(
        hello, ports, what_changed({ChangeKind::NewSavedCodes, Medium::Other, {}, {}}));
    if (notices) return {true, 0, Secret{nlohmann::json{{"notices", *notices}}.dump()}, {}};
    return store_refusal(ports, "cannot queue the notices", notices.error());
}

}  // namespace latchkey
