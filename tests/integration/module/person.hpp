// SPDX-License-Identifier: MIT
//
// Who signs in, in the tests of the module: knows in advance what to answer, notes
// what was asked, and can break off, or answer as a broken program would, at any step.
#pragma once

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey {

// What a conversation function can do instead of answering.
enum class Breaks : std::uint8_t {
    WithError,         // PAM_CONV_ERR and no replies
    WithErrorAndText,  // PAM_CONV_ERR, and replies that hold an answer all the same
    WithAgain,         // PAM_CONV_AGAIN, which no module here expects
    WithoutReplies,    // PAM_SUCCESS and a null array (CVE-2011-4120: Ctrl-D)
    WithoutText,       // PAM_SUCCESS and a reply whose text is null
    WithUnknownCode,   // a number that is no PAM code
};

class Person {
public:
    explicit Person(std::vector<std::string> answers) : answers_(std::move(answers)) {}

    // At the message with this number, counted from 0, whether a question or not.
    void break_at(std::size_t step, Breaks how) {
        breaks_at_ = step;
        breaks_ = how;
    }
    // Called before each message is looked at, with its number.
    void before_each(std::function<void(std::size_t)> act) { before_each_ = std::move(act); }

    static int converse(int count, const pam_message** messages, pam_response** responses,
                        void* self) {
        auto& person = *static_cast<Person*>(self);
        auto* replies = static_cast<pam_response*>(
            calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
        for (int i = 0; i < count; ++i) {
            if (const auto broken = person.hears(*messages[i], replies[i])) {
                return broken_off(*broken, replies, responses);
            }
        }
        *responses = replies;
        return PAM_SUCCESS;
    }

    [[nodiscard]] bool was_told(std::string_view text) const {
        return transcript_.find(text) != std::string::npos;
    }
    // "hidden|TEXT" or "shown|TEXT" for each message, a line each.
    [[nodiscard]] const std::string& transcript() const { return transcript_; }
    [[nodiscard]] bool answered_everything() const { return next_ == answers_.size(); }
    [[nodiscard]] std::size_t messages_heard() const { return heard_; }
    // Whether the message with the number of break_at was a question.
    [[nodiscard]] bool broke_at_a_question() const { return broke_at_a_question_; }

private:
    std::optional<Breaks> hears(const pam_message& message, pam_response& reply) {
        const bool hidden = message.msg_style == PAM_PROMPT_ECHO_OFF;
        const bool question = hidden || message.msg_style == PAM_PROMPT_ECHO_ON;
        const std::size_t step = heard_++;
        if (before_each_) before_each_(step);
        transcript_ += (hidden ? "hidden|" : "shown|") + std::string{message.msg} + "\n";
        if (breaks_at_ == step) {
            broke_at_a_question_ = question;
            return breaks_;
        }
        if (!question) return std::nullopt;
        if (next_ == answers_.size()) return Breaks::WithError;
        reply.resp = strdup(answers_[next_++].c_str());
        return std::nullopt;
    }

    static int broken_off(Breaks how, pam_response* replies, pam_response** responses) {
        *responses = nullptr;
        if (how == Breaks::WithErrorAndText || how == Breaks::WithoutText) {
            if (how == Breaks::WithErrorAndText) replies[0].resp = strdup("old");
            *responses = replies;
        } else {
            free(replies);
        }
        switch (how) {
            case Breaks::WithError:
            case Breaks::WithErrorAndText:
                return PAM_CONV_ERR;
            case Breaks::WithAgain:
                return PAM_CONV_AGAIN;
            case Breaks::WithUnknownCode:
                return 4711;
            case Breaks::WithoutReplies:
            case Breaks::WithoutText:
                break;
        }
        return PAM_SUCCESS;
    }

    std::vector<std::string> answers_;
    std::size_t next_ = 0;
    std::size_t heard_ = 0;
    std::optional<std::size_t> breaks_at_;
    Breaks breaks_ = Breaks::WithError;
    bool broke_at_a_question_ = false;
    std::function<void(std::size_t)> before_each_;
    std::string transcript_;
};

}  // namespace latchkey
