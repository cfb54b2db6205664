// SPDX-License-Identifier: MIT
//
// What must hold on every walk through the flow, whatever its states are. It sees what
// a runner sees: the event that went in, the action before it, and the one that came.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>

#include "core/recovery_flow.hpp"
#include "core/screens.hpp"

namespace latchkey {

class FlowPromises {
public:
    explicit FlowPromises(const FlowSetup& setup) : setup_(setup) {
        settings_.methods["email"] = {"E-mail my alternate address", MethodKind::Delivery, {}, {}};
        settings_.methods["text"] = {"Text my mobile phone", MethodKind::Delivery, {}, {}};
        settings_.methods["push"] = {"Approve on my phone", MethodKind::Approval, {}, {}};
        settings_.methods["totp"] = {"Enter a code from my app", MethodKind::Verification, {}, {}};
    }

    void event(const flow::Action& before, const flow::Event& event) {
        if (const auto* resumed = std::get_if<flow::Resumed>(&event))
            if (std::holds_alternative<flow::Resume>(before) && resumed->found) {
                needed_ = resumed->gates_needed;
                if (!setup_.privileged)
                    proven_.insert(resumed->proven.begin(), resumed->proven.end());
                identified_ = !resumed->proven.empty();
            }
        if (const auto* answer = std::get_if<flow::Answered>(&event))
            chose_ = chose_ || !answer->text.empty();
        if (const auto* veto = std::get_if<flow::VetoJudged>(&event))
            heard_ = heard_ || veto->end != VetoEnd::None;
        const auto* judged = std::get_if<flow::Judged>(&event);
        if (judged == nullptr || judged->judgement != flow::Judgement::Right) return;
        if (const auto* judge = std::get_if<flow::Judge>(&before)) {
            first_by_device_ |= proven_.empty() && judge->method.kind == MethodKind::Approval;
            const bool is_saved_code = judge->method.kind == MethodKind::SavedCode;
            prove(is_saved_code ? saved_or_pass(*judged) : judge->method.possession);
        }
        if (const auto* select = std::get_if<flow::Select>(&before))
            if (!select->method) prove(saved_or_pass(*judged));
    }

    // Throws std::logic_error if `action` breaks a promise.
    void action(const flow::Action& action) {
        if (finished_) {
            const auto* finish = std::get_if<flow::Finish>(&action);
            keeps(finish != nullptr && finish->outcome == outcome_, "an end is final");
            return;
        }
        std::visit([this](const auto& step) { check(step); }, action);
    }

    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] Outcome outcome() const { return outcome_; }
    [[nodiscard]] int acts() const { return acts_; }

private:
    static void keeps(bool promise, const char* what) {
        if (!promise) throw std::logic_error(std::string{"broken promise: "} + what);
    }
    // A pass is never counted as the saved code of who can become root.
    static std::string saved_or_pass(const flow::Judged& judged) {
        return judged.is_pass ? "pass" : "saved";
    }
    void prove(const std::string& possession) {
        proven_.insert(possession);
        here_.insert(possession);
        identified_ = true;
    }
    void check(const flow::Ask& ask) {
        keeps(++asked_ <= 60, "a connection asks at most 60 questions");
        keeps((ask.screen.kind == ScreenKind::HumanCheck)
                  ? !identified_ && sent_ == 0
                  : setup_.human_checks.empty() || checked_ || identified_ || heard_,
              "a human check stands before every other question to strangers");
        const auto text = render(ask.screen, settings_, "host.example.org");
        keeps(text.has_value() && text->size() <= kMaxScreenBytes, "every question fits a prompt");
        if (identified_ || setup_.surface == Surface::Console) return;
        const auto kind = ask.screen.kind;
        keeps(kind == ScreenKind::AddressOrSavedCode || kind == ScreenKind::RemoteCode ||
                  kind == ScreenKind::HumanCheck || (kind == ScreenKind::VetoHeard && heard_),
              "nothing personal is asked of strangers");
        keeps(ask.screen.resume_code.empty(), "no stranger is shown a resume code");
    }
    void check(const flow::Send& send) {
        keeps(chose_, "nothing is sent before a choice");
        keeps(++sent_ <= 31, "a connection sends at most 31 messages");
        if (send.method.kind == MethodKind::Approval)
            keeps(identified_ && !setup_.privileged, "no stranger makes a device ring, nor root");
        else
            keeps(send.method.kind == MethodKind::Delivery || send.method.name.empty(),
                  "only deliveries and requests are sent");
    }
    void check(const flow::Judge& judge) {
        keeps(++judged_ <= 31, "a connection has at most 31 answers judged");
        if (!identified_ && setup_.surface == Surface::Remote)
            keeps(judge.method.kind == MethodKind::Delivery, "no stranger is asked for an app");
    }
    void check(const flow::Select&) {
        keeps(++judged_ <= 31, "a connection has at most 31 answers judged");
    }
    void check(const flow::Resume&) {}
    void check(const flow::CheckHuman& check) {
        keeps(++judged_ <= 31, "a connection has at most 31 answers judged");
        keeps(signs_.insert(check.signs).second, "no signs are judged twice");
        checked_ = true;
    }
    void check(const flow::HearVeto&) {
        keeps(++judged_ <= 31, "a connection has at most 31 answers judged");
        keeps(identified_ || setup_.surface == Surface::Console,
              "over a remote service a stranger's veto takes the way of an address");
    }
    void check(const flow::Perform&) {
        keeps(++acts_ <= 3, "an act is tried at most three times");
        keeps(!here_.empty(), "an act needs a proof of this connection");
        keeps(!first_by_device_, "an approval is nobody's first proof");
        keeps(proven_.size() >= std::max(setup_.gates_needed, needed_), "an act needs every gate");
        if (!setup_.privileged) return;
        keeps(here_.size() >= 2 && here_.count("saved") == 1,
              "who can become root gives two proofs here, one a saved code");
    }
    void check(const flow::Finish& finish) {
        finished_ = true;
        outcome_ = finish.outcome;
        const bool acted = outcome_ == Outcome::Recovered || outcome_ == Outcome::Unlocked ||
                           outcome_ == Outcome::NothingWasLocked;
        keeps(!acted || acts_ > 0, "nothing is done without an act");
    }

    FlowSetup setup_;
    Settings settings_;
    std::set<std::string> proven_;
    std::set<std::string> here_;
    std::set<std::string> signs_;  // of human checks that were answered
    std::uint32_t needed_ = 1;
    bool first_by_device_ = false;
    bool checked_ = false;
    bool heard_ = false;  // a veto was right
    bool identified_ = false;
    bool chose_ = false;
    bool finished_ = false;
    Outcome outcome_ = Outcome::Refused;
    int asked_ = 0;
    int sent_ = 0;
    int judged_ = 0;
    int acts_ = 0;
};

}  // namespace latchkey
