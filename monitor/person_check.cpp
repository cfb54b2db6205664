// SPDX-License-Identifier: MIT
#include "monitor/person_check.hpp"

#include <string.h>
#include <unistd.h>

#include <utility>

#include "core/wire/exit_statuses.hpp"
#include "monitor/act_libraries.hpp"
#include "monitor/pam_conversation.hpp"

namespace latchkey {

namespace {

constexpr const char* kService = "latchkey-enrol";
constexpr const char* kServiceFile = "/etc/pam.d/latchkey-enrol";

class Relayed final : public PamConversation {
public:
    explicit Relayed(Claimant& claimant) : claimant_(claimant) {}

private:
    bool converse_one(const pam_message& message, pam_response& answer) override {
        switch (message.msg_style) {
            case PAM_PROMPT_ECHO_OFF:
                return take(claimant_.ask_hidden(prompt(unread_, message.msg)), answer);
            case PAM_PROMPT_ECHO_ON:
                return take(claimant_.ask(prompt(unread_, message.msg)), answer);
            case PAM_ERROR_MSG:
            case PAM_TEXT_INFO:
                unread_ += for_the_terminal(message.msg) + '\n';
                return true;
            default:
                return false;
        }
    }
    static bool take(std::optional<Secret> typed, pam_response& answer) {
        if (!typed) return false;
        answer.resp = Terminated{*typed}.release();
        return answer.resp != nullptr;
    }

    Claimant& claimant_;
    std::string unread_;
};

// A module may have put another name in its place.
bool is_still(const HostPam& pam, pam_handle_t* pamh, const Account& account) {
    const void* name = nullptr;
    return pam.get_item(pamh, PAM_USER, &name) == PAM_SUCCESS && name != nullptr &&
           account.name == static_cast<const char*>(name);
}

}  // namespace

std::optional<NotOwner> not_owner_by(int pam_result) {
    using namespace exit_statuses;
    switch (pam_result) {
        case PAM_SUCCESS:
            return std::nullopt;
        case PAM_NEW_AUTHTOK_REQD:
            return NotOwner{kNotPermitted,
                            "your password has expired; change it first, with passwd"};
        case PAM_ACCT_EXPIRED:
            return NotOwner{kNotPermitted, "your account has expired; ask the administrator"};
        case PAM_PERM_DENIED:
            return NotOwner{kNotPermitted,
                            "this host does not let you in now (PAM service latchkey-enrol), so "
                            "nothing was changed; ask the administrator"};
        case PAM_MAXTRIES:
        case PAM_AUTH_ERR:
        case PAM_USER_UNKNOWN:
        case PAM_CONV_ERR:
            return NotOwner{kNotPermitted, "that was not your password; nothing was changed"};
        default:
            return NotOwner{kConfiguration,
                            "your password cannot be checked now, so nothing was changed; ask the "
                            "administrator to run: latchkey check"};
    }
}

std::optional<NotOwner> why_not_owner(Claimant& claimant, const Account& account) {
    // libpam would run the service "other" in its place.
    if (::access(kServiceFile, R_OK) != 0)
        return NotOwner{exit_statuses::kConfiguration,
                        std::string{"the PAM service "} + kServiceFile +
                            " is missing; ask the administrator to run: latchkey check"};
    const auto pam = load_host_pam();
    if (!pam) return not_owner_by(PAM_SYSTEM_ERR);
    Relayed relayed{claimant};
    const pam_conv conversation = relayed.as_pam();
    pam_handle_t* pamh = nullptr;
    if (pam->start(kService, account.name.c_str(), &conversation, &pamh) != PAM_SUCCESS)
        return not_owner_by(PAM_SYSTEM_ERR);
    int result = pam->set_item(pamh, PAM_RUSER, account.name.c_str());
    if (result == PAM_SUCCESS) result = pam->authenticate(pamh, PAM_DISALLOW_NULL_AUTHTOK);
    if (result == PAM_SUCCESS) result = pam->acct_mgmt(pamh, PAM_DISALLOW_NULL_AUTHTOK);
    if (result == PAM_SUCCESS && !is_still(*pam, pamh, account)) result = PAM_AUTH_ERR;
    pam->end(pamh, result);
    return not_owner_by(result);
}

}  // namespace latchkey
