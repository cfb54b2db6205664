// SPDX-License-Identifier: MIT
#include "cli/account_status.hpp"

#include <nlohmann/json.hpp>

namespace latchkey::cli {

namespace {

using nlohmann::json;

std::string text_of(const json& row, const char* key) {
    return row.contains(key) && row.at(key).is_null() ? std::string{}
                                                      : row.value(key, std::string{});
}

LastUse last_use_of(const json& row) {
    if (!row.contains("last_use") || row.at("last_use").is_null()) return {};
    const json& use = row.at("last_use");
    return {text_of(use, "at"), text_of(use, "service"), text_of(use, "outcome"),
            text_of(use, "error")};
}

AccountStatus account_of(const json& row) {
    AccountStatus account;
    account.user = row.at("user").get<std::string>();
    account.uid = row.value("uid", 0U);
    account.is_eligible = row.value("eligible", false);
    account.why_not = text_of(row, "why_not");
    account.is_privileged = row.value("privileged", false);
    account.saved_codes_left = row.value("saved_codes_left", 0U);
    account.saved_codes_from = text_of(row, "saved_codes_from");
    account.saved_codes_until = text_of(row, "saved_codes_until");
    const json passes = row.value("passes", json::object());
    account.passes_alive = passes.value("alive", 0U);
    account.passes_until = text_of(passes, "until");
    account.passes_error = text_of(passes, "error");
    account.error = text_of(row, "error");
    account.locked = row.value("locked", std::string{"no"});
    account.ways = row.value("ways", 0U);
    account.needed_at_console = row.value("needed_at_console", 0U);
    account.is_short_of_ways = row.value("short_of_ways", true);
    account.needed = row.value("needed", 0U);
    account.proofs = row.value("proofs", std::vector<std::string>{});
    account.can_add = row.value("can_add", std::vector<std::string>{});
    for (const json& here : row.value("can_set_up", json::array()))
        account.can_set_up.push_back(
            {here.at("method").get<std::string>(), here.value("needs", std::string{})});
    account.last_use = last_use_of(row);
    for (const json& method : row.value("methods", json::array())) {
        account.methods.push_back({method.at("method").get<std::string>(),
                                   text_of(method, "destination"), text_of(method, "possession"),
                                   text_of(method, "usable_from"), text_of(method, "gone_from"),
                                   method.value("gets_nothing", false),
                                   method.value("expired", false)});
    }
    return account;
}

HostStatus host_of(const json& row) {
    HostStatus host;
    host.outbox_oldest_due = text_of(row, "outbox_oldest_due");
    host.store = row.value("store", std::string{"ok"});
    for (const json& channel : row.value("channels_in_trouble", json::array()))
        host.channels_in_trouble.push_back(
            {channel.at("channel").get<std::string>(), text_of(channel, "failing_since")});
    return host;
}

}  // namespace

Result<StatusAnswer> parse_status(const std::vector<Secret>& rows) {
    StatusAnswer answer;
    try {
        for (const Secret& text : rows) {
            const json row = json::parse(text.reveal());
            if (row.contains("host")) {
                answer.host = host_of(row.at("host"));
            } else {
                answer.accounts.push_back(account_of(row));
            }
        }
    } catch (const json::exception&) {
        return Error{ErrorKind::Corrupt, "a row of the monitor's answer cannot be understood"};
    }
    return answer;
}

}  // namespace latchkey::cli
