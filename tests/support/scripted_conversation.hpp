// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/conversation.hpp"
#include "tests/support/fake_acts.hpp"

namespace latchkey {

// Plays a claimant from a script. Each line is an answer, or a function that
// knows the answer only when it is asked ("the code in the newest message"). A
// claimant without a line left is gone.
class ScriptedConversation final : public Conversation {
public:
    using Line = std::function<std::string(const Screen&)>;

    explicit ScriptedConversation(FakeActs& acts) : acts_(acts) {}

    ScriptedConversation& answers(std::string text) {
        return answers([text = std::move(text)](const Screen&) { return text; });
    }
    ScriptedConversation& answers(const char* text) { return answers(std::string{text}); }
    ScriptedConversation& answers(Line line) {
        script_.push_back(std::move(line));
        return *this;
    }

    [[nodiscard]] std::optional<Secret> ask(const Screen& screen) override {
        seen.push_back(screen);
        if (script_.empty()) return std::nullopt;
        const Line line = std::move(script_.front());
        script_.pop_front();
        std::string answer = line(screen);
        acts_.last_answer = answer;
        return Secret{answer};
    }

    // True if every line of the script was said.
    [[nodiscard]] bool is_over() const { return script_.empty(); }
    [[nodiscard]] std::vector<ScreenKind> kinds() const {
        std::vector<ScreenKind> kinds;
        for (const Screen& screen : seen) kinds.push_back(screen.kind);
        return kinds;
    }

    std::vector<Screen> seen;

private:
    FakeActs& acts_;
    std::deque<Line> script_;
};

}  // namespace latchkey
