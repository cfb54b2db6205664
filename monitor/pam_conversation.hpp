// SPDX-License-Identifier: MIT
//
// The conversation function of a PAM transaction that this process runs: checks what libpam
// hands in, erases what it hands out, and makes the modules' texts fit for a terminal.
#pragma once

#include <security/pam_appl.h>

#include <string>

#include "core/secret.hpp"

namespace latchkey {

// A C string that is erased.
class Terminated {
public:
    explicit Terminated(const Secret& secret);
    Terminated(const Terminated&) = delete;
    Terminated& operator=(const Terminated&) = delete;
    ~Terminated();
    [[nodiscard]] const char* get() const { return text_; }
    [[nodiscard]] char* release();  // the caller's, to be freed

private:
    char* text_;
};

class PamConversation {
public:
    virtual ~PamConversation() = default;
    // As long as this object lives.
    [[nodiscard]] pam_conv as_pam() { return {&PamConversation::converse, this}; }

protected:
    // False ends the conversation (PAM_CONV_ERR).
    virtual bool converse_one(const pam_message& message, pam_response& answer) = 0;

    // What must be read stands in the prompt that follows it: sshd shows nothing else in time.
    // Takes `unread`.
    static std::string prompt(std::string& unread, const char* question);

private:
    static int converse(int count, const pam_message** messages, pam_response** responses,
                        void* self) noexcept;
    int converse_all(int count, const pam_message** messages, pam_response** responses);
};

// Lines stay lines, nothing else passes.
[[nodiscard]] std::string for_the_terminal(const char* text);

}  // namespace latchkey
