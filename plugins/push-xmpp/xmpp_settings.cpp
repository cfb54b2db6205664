// SPDX-License-Identifier: MIT
#include "plugins/push-xmpp/xmpp_settings.hpp"

#include "plugins/common/header_value.hpp"
#include "plugins/push-xmpp/jid.hpp"

namespace latchkey::xmpp {

namespace {

constexpr plugin::UsualPorts kUsualPorts{5222, 5222, 5223};

}  // namespace

ReadSettings read_settings(const plugin::Host& host) {
    XmppSettings settings;
    const auto jid = bare_jid(host.option("jid").value_or(""));
    if (!jid) return {std::nullopt, "option jid is no plain JID such as latchkey@example.org"};
    settings.jid = *jid;
    const std::string domain = jid->substr(jid->find('@') + 1);
    if (std::string wrong = plugin::read_server(host, domain, kUsualPorts, settings);
        !wrong.empty())
        return {std::nullopt, std::move(wrong)};
    settings.password = host.secret();
    if (settings.password.empty())
        return {std::nullopt, "the channel has no secret_file with the account's password"};
    if (!plugin::is_header_value(settings.password))
        return {std::nullopt, "the password holds a control character"};
    return {std::move(settings), {}};
}

}  // namespace latchkey::xmpp
