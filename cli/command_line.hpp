// SPDX-License-Identifier: MIT
//
// From argv to one command, or to one clear sentence why it is none. Arguments
// are hostile bytes until they have passed here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kLongestArgument = 4096;

struct Output {
    bool json = false;
    bool legend = true;  // headings of tables
};

struct ShowText {  // --help and --version
    std::string text;
};

struct SetupCommand {
    bool assume_yes = false;
    bool dry_run = false;
    bool allow_file_channel = false;
    // Not given: kept as it is configured, asked for without --yes.
    std::optional<std::string> whom_to_ask;
    std::optional<std::string> mail_server;  // NAME or NAME:PORT
    std::optional<std::string> mail_tls;     // none, starttls or implicit
    std::optional<std::string> mail_from;
    std::optional<std::string> test_address;
    Output output;
};

struct CheckCommand {
    bool allow_file_channel = false;
    Output output;
};

struct ChannelsCommand {
    Output output;
};

struct TestCommand {
    std::string channel;
    std::string address;  // of the kind that the channel's plugin takes
    Output output;
};

// A method whose key is made here, and not one that sends codes to an address.
[[nodiscard]] inline bool is_authenticator(const std::string& method) {
    return method == "totp" || method == "hotp";
}

// As an address: it is read, since everybody on the host can read a command's arguments.
inline constexpr const char* kFromInput = "-";

struct EnrollCommand {
    std::string user;
    std::string method;       // "totp", "hotp", or a delivery method of the configuration: "sms"
    std::string destination;  // the address or kFromInput, or the picture's file; may be empty
    std::string qr;           // "ansi", "utf8", "none", "png"; empty: what the terminal can
    bool confirm = true;      // ask for one code of the app, if somebody is there
    Output output;
};

struct CodesCommand {
    std::string user;
    bool for_paper = false;
    Output output;
};

struct StatusCommand {
    std::string user;   // empty: everybody
    bool show = false;  // of one account: its addresses in full
    Output output{};
    bool is_own = false;  // asked by who has the account
};

struct UnlockCommand {
    std::string user;
    Output output;
};

struct RemoveCommand {
    std::string user;
    std::string method;   // as of EnrollCommand, or "codes"
    std::string address;  // which of several, or kFromInput; may be empty
    bool dry_run = false;
    Output output;
};

struct PurgeCommand {
    std::string user;  // or the uid of an account that is gone
    bool dry_run = false;
    bool assume_yes = false;
    Output output;
};

struct ResetCommand {
    std::string user;
    std::string method;  // empty: every address of theirs
    Output output;
};

struct ExplainCommand {
    std::string user;
    Output output;
};

struct PolicyCheckCommand {
    std::uint32_t gates = 0;  // 1 to 3
    Output output;
};

struct AuditCommand {
    std::string user;   // empty: everybody
    std::string since;  // as since_in() takes it; empty: from the beginning
    Output output;
};

struct AuditVerifyCommand {
    std::string head;  // NUMBER:HEX of a record that must be there; may be empty
    Output output;
};

enum class ImportFormat : std::uint8_t { Csv, GoogleAuthenticator, Oath };

struct ImportCommand {
    ImportFormat format = ImportFormat::Csv;
    std::string file;  // or kFromInput
    std::string user;  // of GoogleAuthenticator: whose file it is
    bool dry_run = false;
    Output output;
};

struct DeliverCommand {
    Output output;
};

struct PassIssueCommand {
    std::string user;
    std::chrono::seconds life{0};
    bool many = false;   // until it ends, not once
    std::string reason;  // printable, 1 to 120 bytes
    Output output;
};

struct PassListCommand {
    std::string user;  // empty: everybody
    Output output;
};

struct PassRevokeCommand {
    std::string user;
    std::uint32_t id = 0;  // 0: all of the account
    Output output;
};

using Command = std::variant<ShowText, SetupCommand, CheckCommand, ChannelsCommand, TestCommand,
                             EnrollCommand, CodesCommand, StatusCommand, UnlockCommand,
                             RemoveCommand, PurgeCommand, ResetCommand, ExplainCommand,
                             PolicyCheckCommand, AuditCommand, AuditVerifyCommand, ImportCommand,
                             DeliverCommand, PassIssueCommand, PassListCommand, PassRevokeCommand>;

// `arguments` without argv[0]. Rejected: a usage error, with the sentence to print.
Result<Command> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace latchkey::cli
