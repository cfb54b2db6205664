// SPDX-License-Identifier: MIT
#include "cli/methods_here.hpp"

#include <map>
#include <string>

namespace latchkey::cli {

namespace {

struct Need {
    const char* argument;  // behind the method, as in the manual
    const char* what;
};

// What a newer monitor may say of a method that this command does not know.
constexpr Need kAnother{" ADDRESS", "an address there"};

Need need_of(const std::string& word) {
    static const std::map<std::string, Need> kNeeds{
        {"app", {"", "an authenticator app"}},
        {"token", {"", "a token whose key can be set"}},
        {"device", {" ADDRESS", "a device or chat to approve on, and another way that counts"}},
        {"contact", {" ADDRESS", "somebody you trust, who reads the code to you"}},
        {"email", {" ADDRESS", "an e-mail address"}},
        {"number", {" NUMBER", "a telephone number"}},
    };
    const auto found = kNeeds.find(word);
    return found == kNeeds.end() ? kAnother : found->second;
}

}  // namespace

std::optional<Table> methods_here(const AccountStatus& account) {
    // As what_is_missing says of such an account.
    if (!account.is_eligible || (account.is_privileged && account.ways == 0)) return std::nullopt;
    Table commands{{"CAN BE SET UP HERE", "NEEDS"}};
    for (const auto& [method, needs] : account.can_set_up) {
        const Need need = need_of(needs);
        commands.add({"latchkey enroll " + method + need.argument, need.what});
    }
    commands.add({"latchkey codes --new", "paper, or another safe place"});
    return commands;
}

}  // namespace latchkey::cli
