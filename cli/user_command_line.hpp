// SPDX-License-Identifier: MIT
//
// The command of an ordinary user: verbs about their own account, without a name.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/command_line.hpp"
#include "core/change_wish.hpp"
#include "core/secret.hpp"

namespace latchkey::cli {

struct UserStatusCommand {
    Output output;
};

struct UserActivityCommand {
    std::string since;  // as since_in() takes it; empty: from the beginning
    Output output;
};

struct UserLaterCommand {};

struct UserChangeCommand {
    ChangeWish wish = ChangeWish::Deny;
    std::string method;
    std::string address;  // kFromInput: it is read; of Remove it may be empty
    std::string veto_code;
    std::string qr;       // as of EnrollCommand
    std::string picture;  // file of --qr=png
    bool for_paper = false;
    bool is_sure = false;  // of Forget: it is not asked whether
    Output output;
    Secret key{};  // of EnrolAuthenticator: raw, from an OwnImportCommand
};

// The app that they have goes on showing their codes: its key is in the file.
struct OwnImportCommand {
    ImportFormat format = ImportFormat::GoogleAuthenticator;
    std::string file;  // empty: that of GoogleAuthenticator in their home directory
    Output output;
};

struct UserExportCommand {
    Output output;
};

// The last ones are what members of the help desk do for others, as root's command has it.
using UserCommand =
    std::variant<ShowText, UserStatusCommand, UserActivityCommand, UserLaterCommand,
                 UserExportCommand, UserChangeCommand, OwnImportCommand, StatusCommand,
                 UnlockCommand, ResetCommand, PassIssueCommand, PassListCommand, PassRevokeCommand>;

// `arguments` without argv[0]. Rejected: a usage error, with the sentence to print. NotFound: a
// verb that only root has.
Result<UserCommand> parse_user_command_line(const std::vector<std::string>& arguments);

}  // namespace latchkey::cli
