// SPDX-License-Identifier: MIT
//
// The recovery conversation a second time, written from its description (the head
// comments of core/recovery_flow.hpp and core/gates.hpp) and not from its code: a
// table of every situation and every event says what has to come next, in all its
// fields. It shares no state machine and no class with the flow; where the two
// disagree, one of them is wrong.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/recovery_flow.hpp"

namespace latchkey {

class FlowOracle {
public:
    // What the claimant and the runner see: the last thing that was asked for.
    enum class Situation : std::uint8_t {
        Nothing,
        Resuming,
        HumanCheck,
        CheckingHuman,
        Menu,
        FirstRemoteQuestion,
        FullAddress,
        Selecting,
        Sending,
        Code,
        Judging,
        Acting,
        WhomToAsk,
        Hearing,
        VetoTold,
        Over,
    };
    static constexpr std::size_t kSituations = 16;
    static constexpr std::size_t kEvents = std::variant_size_v<flow::Event>;
    using Visits = std::array<std::array<std::uint64_t, kEvents>, kSituations>;

    explicit FlowOracle(FlowSetup setup)
        : setup_(std::move(setup)),
          used_up_(setup_.methods.size(), false),
          wrong_(setup_.methods.size(), 0) {}

    // Throws std::logic_error if `action` is not what has to follow `event`.
    void expect(const flow::Event& event, const flow::Action& action);

    // How often each cell of the table was used by any oracle of this process.
    [[nodiscard]] static const Visits& visits();

private:
    [[nodiscard]] flow::Action next(const flow::Event& event);

    [[nodiscard]] flow::Action first_question();
    [[nodiscard]] flow::Action human_answer(std::string_view text);
    [[nodiscard]] flow::Action human_verdict(bool right);
    [[nodiscard]] flow::Action resumed(const flow::Resumed& resumed);
    [[nodiscard]] flow::Action veto_verdict(VetoEnd end);
    [[nodiscard]] flow::Action menu_answer(std::string_view text);
    [[nodiscard]] flow::Action first_remote_answer(std::string_view text);
    [[nodiscard]] flow::Action full_address(std::string_view text);
    [[nodiscard]] flow::Action code_answer(std::string_view text);
    [[nodiscard]] flow::Action verdict(const flow::Judged& judged);
    [[nodiscard]] flow::Action of_the_device(const flow::Judged& judged);
    [[nodiscard]] flow::Action right(const flow::Judged& judged);
    [[nodiscard]] flow::Action result(ActResult result);

    [[nodiscard]] flow::Action finish(Outcome outcome);
    [[nodiscard]] flow::Action ask(Situation now, Screen screen);
    [[nodiscard]] flow::Action human_check(Remark remark);
    [[nodiscard]] flow::Action menu(Remark remark, std::size_t page = 0);
    [[nodiscard]] flow::Action first_remote_question(Remark remark);
    [[nodiscard]] flow::Action code(Remark remark);
    [[nodiscard]] flow::Action whom_to_ask(Remark remark);
    [[nodiscard]] flow::Action send(Remark remark);
    [[nodiscard]] flow::Action select(std::optional<Method> method, std::string_view text);
    [[nodiscard]] flow::Action judge(std::string_view text);
    [[nodiscard]] flow::Action perform();

    [[nodiscard]] bool is_proven(const std::string& possession) const;
    [[nodiscard]] std::size_t missing() const;
    [[nodiscard]] bool lacks_saved_code() const;
    [[nodiscard]] std::vector<std::size_t> offers() const;
    [[nodiscard]] std::vector<std::size_t> lines() const;
    [[nodiscard]] bool has_too_few_ways() const;
    void know_the_claimant();

    FlowSetup setup_;
    Situation now_ = Situation::Nothing;
    std::string number_;  // of the request that is open
    std::uint32_t seconds_ = 0;
    Outcome outcome_ = Outcome::Refused;
    bool known_ = false;                // proven here, or resumed: everything is personal
    std::vector<std::string> proven_;   // possessions, each once
    std::vector<bool> used_up_;         // by method
    std::vector<std::uint32_t> wrong_;  // by method
    std::uint32_t wrong_while_unknown_ = 0;
    std::size_t page_ = 0;
    std::size_t method_ = 0;  // the one that was chosen
    Method recipient_;        // whom a code goes to, and what it proves
    std::string shown_signs_;
    std::size_t checks_shown_ = 0;
    std::uint32_t wrong_checks_ = 0;
    bool as_words_ = false;
    Remark with_the_code_ = Remark::None;
    std::string resume_code_;
    std::uint32_t questions_ = 0;
    std::uint32_t judgements_ = 0;
    std::uint32_t messages_ = 0;
    std::uint32_t acts_ = 0;
};

}  // namespace latchkey
