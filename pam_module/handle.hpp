// SPDX-License-Identifier: MIT
//
// A PAM handle as this module needs it: items as text, questions with checked
// answers. Every answer is copied into a Secret, erased and freed at once.
#pragma once

#include <security/pam_modules.h>

#include <optional>
#include <string>

#include "core/secret.hpp"

namespace latchkey::pam {

// Longest answer that travels (PAM_MAX_RESP_SIZE). A longer one is refused, never cut.
inline constexpr std::size_t kLongestAnswer = 512;

class Handle {
public:
    Handle(pam_handle_t* pamh, bool silent) : pamh_(pamh), silent_(silent) {}

    [[nodiscard]] pam_handle_t* get() const noexcept { return pamh_; }

    // PAM_SERVICE, PAM_RHOST, PAM_TTY; empty if unset.
    [[nodiscard]] std::string item(int type) const;
    // PAM_USER, asked for if nobody has; nothing if that failed.
    [[nodiscard]] std::optional<std::string> user() const;
    [[nodiscard]] bool has_authtok() const;
    [[nodiscard]] bool set_authtok(const Secret& password) const;
    // For the stages behind: in this transaction somebody typed the password themselves.
    void remember_typed_password(bool was_typed) const;
    [[nodiscard]] bool password_was_typed() const;

    // Questions. Nothing: the conversation failed, or gave no answer.
    [[nodiscard]] std::optional<Secret> ask(const std::string& text) const;
    [[nodiscard]] std::optional<Secret> ask_hidden(const std::string& text) const;
    // A line that needs no answer; a conversation that refuses it is no error.
    void tell(const std::string& text) const;

private:
    [[nodiscard]] std::optional<Secret> converse(int style, const std::string& text) const;

    pam_handle_t* pamh_;
    bool silent_;
};

}  // namespace latchkey::pam
