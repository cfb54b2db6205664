// SPDX-License-Identifier: MIT
#include "pam_module/handle.hpp"

#include <security/pam_ext.h>
#include <stdlib.h>
#include <string.h>

#include <vector>

namespace latchkey::pam {

namespace {

// A second and a third chance for an answer that is too long, then it counts as leaving.
constexpr int kTries = 3;

constexpr const char* kTyped = "latchkey_password_was_typed";

}  // namespace

std::string Handle::item(int type) const {
    const void* value = nullptr;
    if (pam_get_item(pamh_, type, &value) != PAM_SUCCESS || value == nullptr) return {};
    return static_cast<const char*>(value);
}

std::optional<std::string> Handle::user() const {
    const char* name = nullptr;
    if (pam_get_user(pamh_, &name, nullptr) != PAM_SUCCESS || name == nullptr) return std::nullopt;
    return name;
}

bool Handle::has_authtok() const {
    const void* value = nullptr;
    return pam_get_item(pamh_, PAM_AUTHTOK, &value) == PAM_SUCCESS && value != nullptr;
}

bool Handle::set_authtok(const Secret& password) const {
    std::vector<char> text(password.reveal().begin(), password.reveal().end());
    text.push_back('\0');
    const int result = pam_set_item(pamh_, PAM_AUTHTOK, text.data());
    explicit_bzero(text.data(), text.size());
    return result == PAM_SUCCESS;
}

void Handle::remember_typed_password(bool was_typed) const {
    static char mark = 0;  // libpam keeps a pointer, and nothing is written through it
    (void)pam_set_data(pamh_, kTyped, was_typed ? &mark : nullptr, nullptr);
}

bool Handle::password_was_typed() const {
    const void* mark = nullptr;
    return pam_get_data(pamh_, kTyped, &mark) == PAM_SUCCESS && mark != nullptr;
}

std::optional<Secret> Handle::converse(int style, const std::string& text) const {
    char* response = nullptr;
    const int result = pam_prompt(pamh_, style, &response, "%s", text.c_str());
    if (response == nullptr) return std::nullopt;
    const std::size_t length = strlen(response);
    std::optional<Secret> answer;
    if (result == PAM_SUCCESS) answer = Secret{std::string_view{response, length}};
    explicit_bzero(response, length);
    free(response);
    return answer;
}

std::optional<Secret> Handle::ask(const std::string& text) const {
    std::string prompt = text;
    for (int i = 0; i < kTries; ++i) {
        auto answer = converse(PAM_PROMPT_ECHO_ON, prompt);
        if (!answer || answer->size() <= kLongestAnswer) return answer;
        prompt = "That answer is too long, at most 512 characters are read.\n" + text;
    }
    return std::nullopt;
}

std::optional<Secret> Handle::ask_hidden(const std::string& text) const {
    return converse(PAM_PROMPT_ECHO_OFF, text);
}

void Handle::tell(const std::string& text) const {
    if (!silent_ && !text.empty()) pam_info(pamh_, "%s", text.c_str());
}

}  // namespace latchkey::pam
