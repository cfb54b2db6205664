// SPDX-License-Identifier: MIT
#include "core/administrators_mail.hpp"

#include <algorithm>
#include <utility>

#include "core/recovery_granting.hpp"
#include "core/recovery_sending.hpp"

namespace latchkey {

namespace {

bool is_of_this_host(const ChannelSettings& channel) {
    if (channel.plugin == "sendmail") return true;
    const auto server = channel.options.find("server");
    return channel.plugin == "email" && server != channel.options.end() &&
           (server->second == "127.0.0.1" || server->second == "::1" ||
            server->second == "localhost");
}

bool sends_mail(const MethodSettings& method) {
    return method.kind == MethodKind::Delivery && method.medium == Medium::Email;
}

// Of the method's channels one carries messages of an account that can become root, or not: the
// root side gives such messages to no program (docs/adr/0011).
bool is_carried(const Settings& settings, const MethodSettings& method, bool privileged) {
    return std::any_of(method.channels.begin(), method.channels.end(), [&](const auto& name) {
        const auto channel = settings.channels.find(name);
        return channel != settings.channels.end() &&
               (!privileged || channel->second.profile != Profile::Program);
    });
}

// Else "localhost" would be another host's, where one channel stands in for another.
bool stays_on_this_host(const Settings& settings, const MethodSettings& method) {
    return std::all_of(method.channels.begin(), method.channels.end(), [&](const auto& name) {
        const auto channel = settings.channels.find(name);
        return channel != settings.channels.end() && is_of_this_host(channel->second);
    });
}

StoredAddress addressed(const std::string& method, const std::string& address) {
    StoredAddress stored;
    stored.method.name = method;
    stored.address = Secret{address};
    return stored;
}

// People's own method before that of their contacts; empty: none.
std::string carrying_method(const Settings& settings, bool privileged) {
    std::string found;
    for (const auto& [name, method] : settings.methods) {
        if (!sends_mail(method) || !is_carried(settings, method, privileged)) continue;
        if (!method.recovery_contact) return name;
        if (found.empty()) found = name;
    }
    return found;
}

std::vector<StoredAddress> administrators(const RecoveryContext& recovery) {
    const Settings& settings = recovery.settings;
    const bool privileged = recovery.request.privileged;
    std::vector<StoredAddress> found;
    if (settings.administrator_mail.empty()) {
        if (auto mailbox = mailbox_on_this_host(settings, "root", privileged))
            found.push_back(std::move(*mailbox));
        return found;
    }
    const std::string method = carrying_method(settings, privileged);
    if (method.empty()) return found;
    for (const std::string& address : settings.administrator_mail)
        found.push_back(addressed(method, address));
    return found;
}

}  // namespace

bool reaches_administrators(const Settings& settings) {
    return settings.administrator_mail.empty() || !carrying_method(settings, true).empty();
}

std::vector<OutboxRow> notices_to_administrators(const RecoveryContext& recovery,
                                                 const std::function<MessageText()>& message) {
    std::vector<OutboxRow> rows;
    for (const StoredAddress& address : administrators(recovery))
        rows.push_back(sealed_row(
            recovery, address, OutboxPurpose::Notice, message(),
            recovery.now() + lifetime_of_notice(recovery.settings, address.method.name)));
    return rows;
}

std::optional<StoredAddress> mailbox_on_this_host(const Settings& settings,
                                                  const std::string& account_name,
                                                  bool privileged) {
    for (const auto& [name, method] : settings.methods)
        if (sends_mail(method) && is_carried(settings, method, privileged) &&
            stays_on_this_host(settings, method))
            return addressed(name, account_name + "@localhost");
    return std::nullopt;
}

}  // namespace latchkey
