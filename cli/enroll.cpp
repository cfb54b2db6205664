// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/account_verbs.hpp"
#include "cli/argument_checks.hpp"
#include "cli/ascii_address.hpp"
#include "cli/json_output.hpp"
#include "cli/new_key.hpp"
#include "cli/notices.hpp"
#include "cli/otp_check.hpp"
#include "core/answers.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

std::optional<json> row_of(const MonitorAnswer& answer) {
    if (answer.rows.size() != 1) return std::nullopt;
    json row = json::parse(answer.rows.front().reveal(), nullptr, false);
    if (!row.is_object()) return std::nullopt;
    return row;
}

void ask_for_a_code(const EnrollCommand& command, const NewKey& key, const Terminal& terminal,
                    TimePoint now) {
    if (!command.confirm || !terminal.asks) return;
    const bool is_token = command.method == "hotp";
    terminal.out << "Code that the " << (is_token ? "token" : "app")
                 << " shows now (Enter to skip): " << std::flush;
    std::string typed;
    if (!std::getline(terminal.in, typed) || typed.empty()) return;
    if (is_token ? is_right_hotp(key.base32, typed) : is_right_otp(key.base32, typed, now)) {
        terminal.out << "Right. " << escaped(command.user) << " is ready.\n";
    } else if (is_token) {
        terminal.out << "That is not one of the first codes of this key. Let the token begin with\n"
                        "counter 0, and enroll again if it does not come right.\n";
    } else {
        terminal.out << "That is not the code of this key. Look at the clocks of the phone and of\n"
                        "this host, and enroll again if the app does not come right.\n";
    }
}

ExitStatus show_new_app(const EnrollCommand& command, const json& row, const Terminal& terminal,
                        TimePoint now) {
    const auto key = new_key_in(row);
    if (!key) {
        return not_understood(terminal);
    }
    const char* device = command.method == "hotp" ? "token" : "authenticator app";
    terminal.out << "Scan this with the " << device << " of " << escaped(command.user)
                 << ", or type the key into it.\n"
                 << "It is shown this one time.\n\n";
    const bool shown = show_key(*key, {command.qr, command.destination}, terminal);
    terminal.out << told_line_if_any(row);
    ask_for_a_code(command, *key, terminal, now);
    return shown ? ExitStatus::Ok : ExitStatus::Usage;
}

// The method's own rules are looked at behind it.
Result<std::string> address_of(const EnrollCommand& command, const Terminal& terminal) {
    if (command.destination != kFromInput) return command.destination;
    if (terminal.asks) terminal.err << "Address or number: " << std::flush;
    std::string typed;
    std::getline(terminal.in, typed);
    auto ascii = with_ascii_addresses({typed}, terminal);
    if (!ascii) return std::move(ascii).error();
    // As it will be kept, so that it is this that is shown.
    const auto plain = command.method == "email" ? checked_email_address(ascii->front())
                                                 : std::optional{ascii->front()};
    if (typed.empty() || !plain)
        return usage(
            "no plain address on standard input; give one in one line, as "
            "name@example.org");
    return *plain;
}

}  // namespace

ExitStatus run_enroll(const EnrollCommand& command, const MonitorCall& monitor,
                      const Terminal& terminal, TimePoint now) {
    const bool is_app = is_authenticator(command.method);
    // Found out before the old key of the account is replaced.
    if (command.qr == "png" && ::access(command.destination.c_str(), F_OK) == 0) {
        return terminal.fail(ExitStatus::Usage,
                             command.destination + " exists already; name a file that does not");
    }
    wire::AdminRequest request;
    request.verb = is_app ? wire::AdminVerb::EnrolAuthenticator : wire::AdminVerb::EnrolContact;
    request.user = command.user;
    request.method = command.method;
    if (!is_app) {
        const auto address = address_of(command, terminal);
        if (!address) return terminal.fail(ExitStatus::Usage, address.error().detail);
        request.address = *address;
    }
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    const auto row = row_of(answer);
    if (!row) {
        return not_understood(terminal);
    }
    if (command.output.json) {
        print_json(terminal.out, *row);
        return ExitStatus::Ok;
    }
    if (is_app) return show_new_app(command, *row, terminal, now);
    // As it is kept: a number has its country.
    const std::string kept = row->contains("number") && row->at("number").is_string()
                                 ? row->at("number").get<std::string>()
                                 : request.address;
    terminal.out << escaped(command.user) << " can recover by "
                 << (command.method == "email" ? "e-mail" : escaped(command.method)) << " to "
                 << escaped(kept) << ".\n"
                 << told_line_if_any(*row);
    return ExitStatus::Ok;
}

}  // namespace latchkey::cli
