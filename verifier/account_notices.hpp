// SPDX-License-Identifier: MIT
//
// Messages to every address of an account about what an administrator did.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/administrator_messages.hpp"
#include "core/ports/outbox.hpp"
#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

[[nodiscard]] MessageFacts facts_of(const wire::AdminHello& hello, const VerifierPorts& ports);

// Who reads a message.
struct Told {
    Reader reader = Reader::Owner;
    std::int64_t contact = 0;  // the row of the address
    bool counts = false;       // now; false: it waits, or has expired
};

struct NoticeWish {
    std::vector<std::int64_t> about;  // rows of contacts
    OutboxPurpose purpose = OutboxPurpose::Notice;
    // Before they are sent; what does not live as long is due at once.
    std::chrono::seconds delay{0};
};

// One row for each address that messages go to, also those within their waiting time. A recovery
// contact only where the account has no address of its own, or where it is one of `wish.about`.
// What cannot be opened is left out, with an alarm.
[[nodiscard]] std::vector<OutboxRow> notices_to(
    const wire::AdminHello& hello, const VerifierPorts& ports, const std::vector<Contact>& contacts,
    const NoticeWish& wish, const std::function<MessageText(const Told&)>& message);

// The answer to the monitor when the store failed: logged, and a sentence with its mend.
[[nodiscard]] wire::AdminReply store_refusal(const VerifierPorts& ports, const std::string& what,
                                             const Error& why);
// Nothing was done, and why.
[[nodiscard]] wire::AdminReply refusal(const std::string& sentence);

}  // namespace latchkey
