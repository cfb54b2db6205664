// SPDX-License-Identifier: MIT
#include "plugins/push-xmpp/jid.hpp"

#include <algorithm>

#include "plugins/common/mailbox.hpp"

namespace latchkey::xmpp {

std::optional<std::string> bare_jid(std::string_view text) {
    // RFC 7622, 3.3.1, forbids these; the rest of a plain mail address may stand in a JID, too.
    constexpr std::string_view kForbidden = "\"&'/:<>";
    if (!mail::is_address(text) || text.find_first_of(kForbidden) != std::string_view::npos)
        return std::nullopt;
    std::string jid{text};
    std::transform(jid.begin(), jid.end(), jid.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return jid;
}

std::optional<std::string> without_resource(std::string_view text) {
    return bare_jid(text.substr(0, text.find('/')));
}

}  // namespace latchkey::xmpp
