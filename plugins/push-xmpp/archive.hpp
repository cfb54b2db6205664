// SPDX-License-Identifier: MIT
//
// The messages that the server keeps of our account (XEP-0313, version urn:xmpp:mam:2).
//
// An approval is asked for by one process and looked for by others, and many may be open at
// once for one account. Stored messages would be handed to whichever process comes first, and
// then be gone; the archive can be read by all, each for its own person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/push-xmpp/session.hpp"

namespace latchkey::xmpp {

// A chat message from the person to our account.
struct ArchivedMessage {
    std::string body;
    std::string thread;  // "": the person's program knows no threads
};

// The place in the archive behind the last message from or to `person`: an identifier of the
// server's, "" before the first. Nothing if the server keeps no archive or does not say.
[[nodiscard]] std::optional<std::string> end_of_archive(Session& session,
                                                        const std::string& person);

// What `person` wrote to `us` behind that place, in order. Nothing if the server does not say.
[[nodiscard]] std::optional<std::vector<ArchivedMessage>> messages_behind(Session& session,
                                                                          const std::string& place,
                                                                          const std::string& person,
                                                                          const std::string& us);

}  // namespace latchkey::xmpp
