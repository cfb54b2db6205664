// SPDX-License-Identifier: MIT
#include "verifier/pass_notice.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/recovery_messages.hpp"
#include "verifier/account_notices.hpp"

namespace latchkey {

namespace {

Result<std::size_t> queue(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto contacts = ports.store.contacts(hello.subject);
    if (!contacts) return Error{contacts.error()}.within("read the addresses");
    const MessageFacts facts = facts_of(hello, ports);
    const TimePoint ends{std::chrono::seconds{hello.ends}};
    const auto rows = notices_to(hello, ports, *contacts, {}, [&](Reader reader) {
        return pass_notice_message(facts, ends, reader == Reader::Contact);
    });
    auto queued = ports.store.queue_messages(
        rows,
        {facts.at, "pass", hello.subject, "issued until=" + utc_text(ends) + " by " + hello.by});
    if (!queued) return std::move(queued).error().within("queue notices");
    return rows.size();
}

}  // namespace

wire::AdminReply announce_pass(const wire::AdminHello& hello, const VerifierPorts& ports) {
    const auto notices = queue(hello, ports);
    if (notices) return {true, 0, Secret{nlohmann::json{{"notices", *notices}}.dump()}, {}};
    return store_refusal(ports, "cannot queue the notices", notices.error());
}

}  // namespace latchkey
