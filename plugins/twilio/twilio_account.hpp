// SPDX-License-Identifier: MIT
//
// What text messages and calls over Twilio have in common.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <latchkey/plugin.hpp>

#include "plugins/common/form.hpp"
#include "plugins/common/gateway_options.hpp"

namespace latchkey::twilio {

struct Account {
    plugin::Gateway gateway;
    std::string sid;   // "AC" and 32 hexadecimal digits
    std::string from;  // who the message is from; not checked here
};

// Either the account, or a sentence that says which option is wrong and why.
struct ReadAccount {
    std::optional<Account> account;
    std::string refusal;
};
// Options account, api_key, from, url, ca_file; the secret is the account's token or the key's
// secret.
[[nodiscard]] ReadAccount read_account(const plugin::Host& host);

// Posts a form for `message` to one of the account's lists, "Messages" or "Calls".
[[nodiscard]] plugin::Reply post(const Account& account, const std::string& list,
                                 const plugin::FormFields& fields, const plugin::Message& message,
                                 std::chrono::milliseconds time);

// Reads one entry of a list that has nothing confidential, to see whether the account is open
// to us. (Not the account itself: Twilio's usual API keys may not.)
[[nodiscard]] plugin::Reply knock(const Account& account, std::chrono::milliseconds time);

}  // namespace latchkey::twilio
