// SPDX-License-Identifier: MIT
#include "cli/check_mail.hpp"

#include <algorithm>
#include <cctype>

#include "core/administrators_mail.hpp"

namespace latchkey::cli {

namespace {

// The file's first word in lower case; empty if there is none.
std::string name_in(const Host& host, const std::string& path) {
    const auto text = read_text(host, path);
    if (!text) return {};
    std::string name = text->substr(0, text->find_first_of(" \t\r\n"));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

}  // namespace

Findings check_own_mail(const Host& host) {
    const auto settings = host.settings();
    if (!settings) return {};  // said before
    const std::string domain = name_in(host, "/etc/mailname");
    const auto& own = settings->own_mail_domains;
    const bool is_named = std::any_of(own.begin(), own.end(),
                                      [&](const std::string& each) { return each == domain; });
    if (domain.find('.') == std::string::npos || domain == name_in(host, "/etc/hostname") ||
        is_named)
        return {};
    return {warning("own_mail",
                    "mail for " + domain +
                        " may be this host's own (/etc/mailname): a code sent there reaches nobody "
                        "who has lost the password",
                    "own_mail_domains = [\"" + domain + "\"] in latchkey.toml")};
}

Findings check_administrator_mail(const Host& host) {
    const auto settings = host.settings();
    if (!settings || reaches_administrators(*settings)) return {};  // said before, or right
    return {warning("administrator_mail",
                    "nobody is told of recoveries of accounts that can become root: every channel "
                    "of e-mail runs a program, which gets nothing about them",
                    "a channel with plugin = \"email\" in [method.email]")};
}

}  // namespace latchkey::cli
