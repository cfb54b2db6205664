// SPDX-License-Identifier: MIT
#include "cli/json_output.hpp"

namespace latchkey::cli {

using nlohmann::json;

namespace {

json or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json passes_of(const AccountStatus& account) {
    if (!account.passes_error.empty()) return json{{"error", account.passes_error}};
    return json{{"alive", account.passes_alive}, {"until", or_null(account.passes_until)}};
}

json can_set_up(const AccountStatus& account) {
    json list = json::array();
    for (const MethodHere& here : account.can_set_up)
        list.push_back({{"method", here.method}, {"needs", here.needs}});
    return list;
}

json last_use_of(const LastUse& use) {
    if (!use.error.empty()) return json{{"error", use.error}};
    if (use.at.empty()) return nullptr;
    return json{{"at", use.at}, {"service", use.service}, {"outcome", use.outcome}};
}

}  // namespace

json json_of(const AccountStatus& account) {
    json methods = json::array();
    for (const MethodStatus& method : account.methods) {
        methods.push_back({{"method", method.method},
                           {"destination", method.destination},
                           {"possession", method.possession},
                           {"usable_from", method.usable_from},
                           {"gone_from", or_null(method.gone_from)},
                           {"gets_nothing", method.gets_nothing},
                           {"expired", method.expired}});
    }
    json row{{"user", account.user},
             {"uid", account.uid},
             {"eligible", account.is_eligible},
             {"why_not", account.why_not},
             {"privileged", account.is_privileged},
             {"methods", std::move(methods)},
             {"saved_codes_left", account.saved_codes_left},
             {"saved_codes_from", or_null(account.saved_codes_from)},
             {"saved_codes_until", or_null(account.saved_codes_until)},
             {"passes", passes_of(account)},
             {"locked", account.locked},
             {"ways", account.ways},
             {"short_of_ways", account.is_short_of_ways},
             {"needed", account.needed},
             {"needed_at_console", account.needed_at_console},
             {"proofs", account.proofs},
             {"can_add", account.can_add},
             {"last_use", last_use_of(account.last_use)}};
    // Of one's own account alone; root reads it in the configuration.
    if (!account.can_set_up.empty()) row["can_set_up"] = can_set_up(account);
    return row;
}

json json_of(const StatusAnswer& status) {
    json accounts = json::array();
    for (const AccountStatus& account : status.accounts) accounts.push_back(json_of(account));
    json troubles = json::array();
    for (const ChannelTrouble& trouble : status.host.channels_in_trouble)
        troubles.push_back(
            {{"channel", trouble.channel}, {"failing_since", trouble.failing_since}});
    return json{{"host",
                 {{"outbox_oldest_due", or_null(status.host.outbox_oldest_due)},
                  {"store", status.host.store},
                  {"channels_in_trouble", std::move(troubles)}}},
                {"accounts", std::move(accounts)}};
}

json json_of(const Findings& findings) {
    json list = json::array();
    for (const Finding& finding : findings) {
        list.push_back({{"level", name_of(finding.level)},
                        {"topic", finding.topic},
                        {"finding", finding.text},
                        {"mend", finding.mend}});
    }
    return list;
}

void print_json(std::ostream& out, const json& value) {
    // Bytes that are no UTF-8 are replaced; printing never throws for them.
    out << value.dump(-1, ' ', true, json::error_handler_t::replace) << "\n";
}

const char* name_of(Level level) {
    switch (level) {
        case Level::Ok:
            return "ok";
        case Level::Warn:
            return "warn";
        case Level::Error:
            return "error";
    }
    return "error";
}

}  // namespace latchkey::cli
