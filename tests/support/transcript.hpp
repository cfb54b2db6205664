// SPDX-License-Identifier: MIT
//
// A conversation as text: every prompt as the claimant sees it, every answer, the
// messages that left meanwhile, and how it ended. The flow, the runner and the
// catalogue of screens are the real ones; the ports are those of RecoveryWorld.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/screens.hpp"
#include "tests/support/change_world.hpp"

namespace latchkey {

class Transcript {
public:
    using Line = ScriptedConversation::Line;

    ChangeWorld world;

    template <class... Lines>
    void connect(Lines... lines) {
        begin(world.request.reason == Reason::ForgotPassword ? "1" : "2");
        end(world.connect(recorded(lines)...));
    }
    template <class... Lines>
    void resume(const std::string& code, Lines... lines) {
        begin(code);
        end(world.reconnect(code, recorded(lines)...));
    }
    // What the command of an ordinary user does, behind the password.
    template <class... Lines>
    void change(ChangeRequest wish, Lines... lines) {
        typed_.clear();
        text_ += "=== " + world.request.subject + " has signed in and changes a way back in\n";
        const bool done = world.change(std::move(wish), recorded(lines)...);
        show_talk();
        text_ += "=== " + (done ? std::string{"done"} : world.end.why) + "\n\n";
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    // What was asked, and what was said in front of it.
    [[nodiscard]] const std::set<ScreenKind>& kinds() const { return kinds_; }
    [[nodiscard]] const std::set<Remark>& remarks() const { return remarks_; }

private:
    Line recorded(std::string answer) {
        return recorded(Line{[answer = std::move(answer)](const Screen&) { return answer; }});
    }
    Line recorded(const char* answer) { return recorded(std::string{answer}); }
    Line recorded(Line line) {
        return [this, line = std::move(line)](const Screen& screen) {
            typed_.push_back(line(screen));
            return typed_.back();
        };
    }

    void begin(const std::string& reason) {
        typed_.clear();
        text_ += "=== " + world.request.subject + " by " + world.request.service + " from " +
                 world.request.source + "\n" + reason_question() + reason + '\n';
    }

    void end(Outcome outcome) {
        show_talk();
        text_ += "=== " + name_of(outcome) + "\n\n";
    }

    void show_talk() {
        for (std::size_t i = 0; i < world.seen.size(); ++i) {
            const auto prompt = render(world.seen[i], world.settings, world.request.host_name);
            REQUIRE(prompt);
            kinds_.insert(world.seen[i].kind);
            remarks_.insert(world.seen[i].remark);
            text_ += *prompt + (i < typed_.size() ? typed_[i] : "[leaves]") + '\n';
        }
        add_messages(OutboxPurpose::Code, codes_);
        add_messages(OutboxPurpose::Notice, notices_);
        for (; proofs_ < world.acts.proofs.size(); ++proofs_)
            text_ += "--- proof: " + world.acts.proofs[proofs_] + '\n';
        for (; acts_ < world.acts.performed.size(); ++acts_)
            text_ += std::string{"--- act: "} +
                     (world.acts.performed[acts_] == Act::ChangePassword ? "change the password"
                                                                         : "clear the lockout") +
                     '\n';
    }

    // Those that were queued since the last connection.
    void add_messages(OutboxPurpose purpose, std::size_t& known) {
        const auto messages = world.messages(purpose);
        for (; known < messages.size(); ++known) {
            const OutboxMessage& message = messages[known];
            text_ += "--- to " + message.to + ": " + message.subject + '\n';
            // To a telephone no more than the short text goes.
            text_ += message.to.starts_with('+') ? std::string{message.short_text.reveal()} + '\n'
                                                 : std::string{message.text.reveal()};
        }
    }

    static std::string name_of(Outcome outcome) {
        switch (outcome) {
            case Outcome::Refused:
                return "refused";
            case Outcome::Recovered:
                return "recovered";
            case Outcome::Unlocked:
                return "unlocked";
            case Outcome::NothingWasLocked:
                return "nothing was locked";
            case Outcome::Back:
                return "back to the reason";
            case Outcome::ResumeUnknown:
                return "resume code unknown";
            case Outcome::WhomToAsk:
                return "was told whom to ask";
            case Outcome::Proven:
                return "one way was proven";
        }
        return "?";
    }

    std::string text_;
    std::set<ScreenKind> kinds_;
    std::set<Remark> remarks_;
    std::vector<std::string> typed_;
    std::size_t codes_ = 0;
    std::size_t notices_ = 0;
    std::size_t proofs_ = 0;
    std::size_t acts_ = 0;
};

}  // namespace latchkey
