// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/server_options.hpp"

namespace latchkey::xmpp {

// What the channel's options say, complete and checked.
struct XmppSettings : plugin::ServerOptions {
    std::string jid;  // of our account, bare_jid()
    std::string password;
};

// Either the settings, or a sentence that says which option is wrong and why.
struct ReadSettings {
    std::optional<XmppSettings> settings;
    std::string refusal;
};
[[nodiscard]] ReadSettings read_settings(const plugin::Host& host);

}  // namespace latchkey::xmpp
