// SPDX-License-Identifier: MIT
#include "tests/unit/golden_scenes.hpp"

using std::chrono::seconds;

namespace latchkey {

const std::vector<Scene> kAtConsole{
    {"forgot_by_email", [](Transcript& t) { console(t), t.connect("1", t.world.sent_code()); }},
    {"forgot_by_app", [](Transcript& t) { console(t), t.connect("2", t.world.otp()); }},
    {"forgot_by_saved_code", [](Transcript& t) { console(t), t.connect("3", kSavedCode); }},
    {"forgot_by_pass",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.give_pass();
         t.connect("2", kPass);
     }},
    {"unlock",
     [](Transcript& t) { console(t), knows_password(t), t.connect("1", t.world.sent_code()); }},
    {"nothing_locked",
     [](Transcript& t) {
         console(t), knows_password(t), act_ends(t, {ActResult::NothingWasLocked});
         t.connect("1", t.world.sent_code());
     }},
    {"held_by_administrator",
     [](Transcript& t) {
         console(t), knows_password(t), act_ends(t, {ActResult::HeldByAdministrator});
         t.connect("3", kSavedCode, "");
     }},
    {"resend",
     [](Transcript& t) {
         console(t), t.connect("1", t.world.after(seconds{61}, "r"), t.world.sent_code());
     }},
    {"resend_too_soon",
     [](Transcript& t) { console(t), t.connect("1", "r", t.world.sent_code()); }},
    {"other_method", [](Transcript& t) { console(t), t.connect("1", "m", "3", kSavedCode); }},
    {"app_has_nothing_to_send",
     [](Transcript& t) { console(t), t.connect("2", "r", t.world.otp()); }},
    {"back_to_the_reason", [](Transcript& t) { console(t), t.connect(""); }},
    {"back_to_the_menu", [](Transcript& t) { console(t), t.connect("1", "", ""); }},
    {"none_of_these", [](Transcript& t) { console(t), t.connect("4", ""); }},
    {"whom_to_ask_is_configured",
     [](Transcript& t) {
         console(t), t.world.settings.whom_to_ask = "Ask Grace in room 12, or call 4711.";
         t.connect("4", "");
     }},
    {"no_choice", [](Transcript& t) { console(t), t.connect("9", "x", "3", kSavedCode); }},
    {"cancel_at_the_menu", [](Transcript& t) { console(t), t.connect(); }},
    {"cancel_at_the_code", [](Transcript& t) { console(t), t.connect("1"); }},
    {"wrong_then_right",
     [](Transcript& t) { console(t), t.connect("1", kWrong, t.world.sent_code()); }},
    {"wrong_codes_to_exhaustion",
     [](Transcript& t) { console(t), t.connect("1", kWrong, kWrong, kWrong, kWrong, kWrong, ""); }},
    {"everything_exhausted",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress);
         t.connect("1", kWrong, kWrong, kWrong, kWrong, kWrong);
     }},
    {"wrong_saved_codes",
     [](Transcript& t) { console(t), t.connect("3", kWrong, kWrong, kWrong, ""); }},
    {"code_expired",
     [](Transcript& t) { console(t), t.connect("1", t.world.after(seconds{601}, kWrong), ""); }},
    {"app_not_working",
     [](Transcript& t) {
         console(t), t.world.channels.failure = ErrorKind::Unavailable;
         t.connect("2", "123456", "3", kSavedCode);
     }},
    {"two_gates",
     [](Transcript& t) {
         console(t), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "1", t.world.otp());
     }},
    {"resumed",
     [](Transcript& t) {
         console(t), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code());
         t.resume(t.world.shown_resume_code(), "1", t.world.otp());
     }},
    {"resume_unknown", [](Transcript& t) { console(t), t.resume("BCDF-GHJK"); }},
    {"too_few_ways",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "");
     }},
    {"can_become_root",
     [](Transcript& t) {
         console(t), can_become_root(t);
         t.connect("1", t.world.sent_code(), "1", kSavedCode);
     }},
    {"can_become_root_without_saved_codes",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.enrol_app(), can_become_root(t);
         t.connect("1", t.world.sent_code(), "");
     }},
    {"decoy",
     [](Transcript& t) {
         t.world.be_nobody(), t.connect("1", kWrong, "r", kWrong, "m", "2", kWrong, "");
     }},
    {"decoy_exhausted",
     [](Transcript& t) {
         t.world.be_nobody(), t.connect("1", kWrong, kWrong, kWrong, kWrong, kWrong, "");
     }},
    {"locked_account",
     [](Transcript& t) {
         console(t), t.world.request.deliverable = false, t.connect("1", kWrong, "");
     }},
    {"policy_refused",
     [](Transcript& t) {
         console(t), act_ends(t, {ActResult::RefusedByPolicy}), t.connect("3", kSavedCode);
     }},
    {"no_longer_eligible",
     [](Transcript& t) {
         console(t), act_ends(t, {ActResult::NotEligible}), t.connect("3", kSavedCode);
     }},
    {"changed_in_part",
     [](Transcript& t) {
         console(t), act_ends(t, {ActResult::InPart}), t.connect("3", kSavedCode);
     }},
    {"acts_used_up",
     [](Transcript& t) {
         console(t), act_ends(t, {ActResult::LedgerFull}), t.connect("3", kSavedCode);
     }},
    {"act_failed_three_times",
     [](Transcript& t) {
         console(t), act_ends(t, {ActResult::Failed, ActResult::Failed, ActResult::Failed});
         t.connect("3", kSavedCode);
     }},
    {"many_addresses",
     [](Transcript& t) {
         console(t);
         for (const char* domain : {"a.org", "b.org", "c.org", "d.org", "e.org"})
             t.world.enrol_address(std::string{"ada@"} + domain);
         t.connect("6", "", "6", "4", "");
     }},
    {"approved_on_the_phone",
     [](Transcript& t) {
         console(t), t.world.add_device(), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "1", t.world.after(seconds{20}, ""),
                   t.world.approve());
     }},
    {"not_approved_in_time",
     [](Transcript& t) {
         console(t), t.world.add_device(), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "1", t.world.after(seconds{121}, ""), "2",
                   t.world.otp());
     }},
    {"denied_on_the_phone",
     [](Transcript& t) {
         console(t), t.world.add_device(), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "1", t.world.deny());
     }},
    {"another_number_on_the_phone",
     [](Transcript& t) {
         console(t), t.world.add_device(), t.world.request.gates_needed = 2;
         t.connect("1", t.world.sent_code(), "1", t.world.approve_another(), "1", t.world.otp());
     }},
    {"method_not_working",
     [](Transcript& t) {
         console(t), t.world.probe(false, 2), t.connect("1", "m", "3", kSavedCode);
     }},
    {"method_not_working_and_leaves_later",
     [](Transcript& t) {
         console(t), t.world.probe(false, 2), t.connect("1", t.world.sent_code());
     }},
    {"method_not_working_decoy",
     [](Transcript& t) {
         t.world.be_nobody(), t.world.probe(false, 2), t.connect("1", kWrong, "m");
     }},
    {"method_not_working_many_addresses",
     [](Transcript& t) {
         console(t), t.world.probe(false, 2);
         for (const char* domain : {"a.org", "b.org", "c.org", "d.org", "e.org"})
             t.world.enrol_address(std::string{"ada@"} + domain);
         t.connect("5", "", "5", "4", "");
     }},
    {"method_works_again",
     [](Transcript& t) {
         console(t), t.world.probe(false, 2), t.connect("");
         t.world.probe(true), t.connect("");
     }},
    {"human_check",
     [](Transcript& t) { console(t), checked(t), t.connect(kReadOff, "3", kSavedCode); }},
    {"human_check_in_words",
     [](Transcript& t) { console(t), checked(t), t.connect("w", "no", kReadOff, ""); }},
    {"human_check_failed",
     [](Transcript& t) { console(t), checked(t), t.connect("a1", "b2", "c3"); }},
    {"store_out_of_order",
     [](Transcript& t) {
         console(t), t.world.store.fail_with(ErrorKind::Unavailable), t.connect();
     }},
    {"forgot_by_text_message",
     [](Transcript& t) { telephone(t), t.connect("2", "0170 123-4567", t.world.sent_code()); }},
    {"forgot_by_call",
     [](Transcript& t) { telephone(t), t.connect("3", "+49 170 1234567", t.world.sent_code()); }},
    {"another_number_than_the_right_one",
     [](Transcript& t) { telephone(t), t.connect("2", "0171 9999967", kWrong, ""); }},
    {"one_telephone_is_one_proof",
     [](Transcript& t) {
         telephone(t), t.world.request.gates_needed = 2;
         t.connect("2", "0170 1234567", t.world.sent_code(), "1", t.world.sent_code());
     }},
    {"forgot_by_token", [](Transcript& t) { token(t), t.connect("2", t.world.otp()); }},
    {"token_wrong_then_right",
     [](Transcript& t) { token(t), t.connect("2", "123456", t.world.otp()); }},
    {"forgot_by_contact_hours_later",
     [](Transcript& t) {
         contact(t), t.connect("2", t.world.after(seconds{5}, kWrong));
         t.world.clock.advance(seconds{10800}), t.connect("2", t.world.sent_code());
     }},
    {"forgot_by_text_message_to_a_contact",
     [](Transcript& t) {
         contact_by_text(t), t.connect("2", "0170 7654321", kWrong, t.world.sent_code());
     }},
    {"forgot_by_call_to_the_office",
     [](Transcript& t) { office(t), t.connect("4", "030 12345678", t.world.sent_code()); }},
};

}  // namespace latchkey
