// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/answers.hpp"
#include "core/ports/acts.hpp"

namespace latchkey {

// The root side in memory: saved codes and passes that are used up, proofs, acts.
class FakeActs final : public Acts {
public:
    // The answer relayed last, as the monitor keeps it.
    std::string last_answer;
    std::set<std::string> saved_codes;   // normalised
    std::map<std::string, bool> passes;  // normalised; true: good for once
    std::deque<ActResult> results;       // of the next acts; Done when there is none
    std::optional<ErrorKind> failure;
    std::function<void()> before_act;
    RecentlyChanged changed;  // as the root side sees it

    std::vector<std::string> proofs;
    std::uint32_t waiting_codes_ended = 0;
    std::vector<bool> vetoes;  // whether each ended saved codes that wait
    std::vector<Act> performed;
    std::uint32_t compared = 0;
    std::uint32_t looked = 0;
    std::vector<ChangeToCome> announced;
    std::function<void()> before_announcement;
    bool announces_nothing = false;
    std::uint64_t spent_step = 0;
    std::uint64_t newest_step = ~std::uint64_t{0};  // that an app can have reached
    bool dies_after_spending = false;
    bool dies_after_proof = false;

    [[nodiscard]] Result<std::optional<RightCode>> use_saved_code() override {
        if (failure) return gone();
        ++compared;
        const auto code = normalised_saved_code(last_answer);
        if (code && saved_codes.erase(*code) > 0)
            return std::optional{RightCode{false, static_cast<std::uint32_t>(saved_codes.size())}};
        if (!code || !passes.contains(*code)) return std::optional<RightCode>{};
        if (passes[*code]) passes.erase(*code);
        return std::optional{RightCode{true, 0}};
    }

    [[nodiscard]] Result<StepResult> spend_step(std::uint64_t step) override {
        if (failure) return gone();
        if (step > newest_step) return StepResult::OutOfReach;
        if (step <= spent_step) return StepResult::Used;
        spent_step = step;
        if (dies_after_spending) failure = ErrorKind::Unavailable;
        return StepResult::Fresh;
    }

    [[nodiscard]] Result<void> report_proof(std::string_view possession) override {
        if (failure) return gone();
        proofs.emplace_back(possession);
        if (dies_after_proof) failure = ErrorKind::Unavailable;
        return {};
    }

    [[nodiscard]] Result<void> report_veto(bool ends_codes) override {
        if (failure) return gone();
        vetoes.push_back(ends_codes);
        return {};
    }

    [[nodiscard]] Result<void> end_waiting_codes() override {
        if (failure) return gone();
        ++waiting_codes_ended;
        return {};
    }

    [[nodiscard]] Result<void> announce_change(const ChangeToCome& change) override {
        if (failure) return gone();
        if (announces_nothing) return Error{ErrorKind::Unavailable, "fake acts: not written down"};
        if (before_announcement) before_announcement();
        announced.push_back(change);
        return {};
    }

    [[nodiscard]] Result<RecentlyChanged> look_for_changes() override {
        if (failure) return gone();
        ++looked;
        return changed;
    }

    [[nodiscard]] Result<ActResult> perform(Act act) override {
        if (failure) return gone();
        if (before_act) before_act();
        performed.push_back(act);
        if (results.empty()) return ActResult::Done;
        const ActResult result = results.front();
        results.pop_front();
        return result;
    }

private:
    [[nodiscard]] Error gone() const { return {*failure, "fake acts: the monitor is gone"}; }
};

}  // namespace latchkey
