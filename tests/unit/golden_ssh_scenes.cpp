// SPDX-License-Identifier: MIT
#include "tests/unit/golden_scenes.hpp"

using std::chrono::seconds;

namespace latchkey {

const std::vector<Scene> kOverSsh{
    {"forgot_by_email_and_app",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.otp());
     }},
    {"forgot_by_saved_code_and_email",
     [](Transcript& t) { ssh(t), t.connect(kSavedCode, "1", t.world.sent_code()); }},
    {"forgot_by_pass_and_app",
     [](Transcript& t) {
         t.world.enrol_app(), t.world.give_pass(), t.world.over_ssh();
         t.connect(kPass, "1", t.world.otp());
     }},
    {"forgot_by_email_and_saved_code",
     [](Transcript& t) { ssh(t), t.connect(kAdasAddress, t.world.sent_code(), "2", kSavedCode); }},
    {"unlock",
     [](Transcript& t) {
         ssh(t), knows_password(t);
         t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.otp());
     }},
    {"nothing_locked",
     [](Transcript& t) {
         ssh(t), knows_password(t), act_ends(t, {ActResult::NothingWasLocked});
         t.connect(kSavedCode, "1", t.world.sent_code());
     }},
    {"resend",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.after(seconds{61}, "x"), t.world.sent_code());
     }},
    {"back_to_the_reason", [](Transcript& t) { ssh(t), t.connect(""); }},
    {"back_to_the_address", [](Transcript& t) { ssh(t), t.connect(kAdasAddress, "", ""); }},
    {"cancel_at_the_address", [](Transcript& t) { ssh(t), t.connect(); }},
    {"cancel_at_the_code", [](Transcript& t) { ssh(t), t.connect(kAdasAddress); }},
    {"cancel_at_the_second_gate",
     [](Transcript& t) { ssh(t), t.connect(kAdasAddress, t.world.sent_code()); }},
    {"mistyped_address",
     [](Transcript& t) { ssh(t), t.connect("ada@example.ogr", kWrong, "", ""); }},
    {"wrong_codes_to_exhaustion",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, kWrong, kWrong, kWrong, kWrong, kWrong, "");
     }},
    {"no_veto", [](Transcript& t) { ssh(t), t.connect("BCDFG-HJKLX", ""); }},
    {"wrong_saved_code", [](Transcript& t) { ssh(t), t.connect("ABCD-EFGH-JKLM-NPQS", ""); }},
    {"other_method_for_the_second_gate",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code(), "1", "m", "2", kSavedCode);
     }},
    {"none_of_these_for_the_second_gate",
     [](Transcript& t) { ssh(t), t.connect(kAdasAddress, t.world.sent_code(), "3", ""); }},
    {"app_not_working",
     [](Transcript& t) {
         ssh(t), t.world.channels.failure = ErrorKind::Unavailable;
         t.connect(kAdasAddress, t.world.sent_code(), "1", "123456", "2", kSavedCode);
     }},
    {"resumed",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code());
         t.resume(t.world.shown_resume_code(), "1", t.world.otp());
     }},
    {"resumed_twice",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code());
         t.resume(t.world.shown_resume_code(), "1");
         t.resume(t.world.shown_resume_code(), "2", kSavedCode);
     }},
    {"resume_unknown", [](Transcript& t) { ssh(t), t.resume("BCDF-GHJK"); }},
    {"resumed_from_elsewhere",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code());
         const std::string code = t.world.shown_resume_code();
         t.world.over_ssh("198.51.100.9"), t.resume(code);
     }},
    {"too_few_ways",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.over_ssh();
         t.connect(kAdasAddress, t.world.sent_code(), "");
     }},
    {"can_become_root",
     [](Transcript& t) {
         ssh(t), can_become_root(t);
         t.connect(kAdasAddress, t.world.sent_code(), "1", kSavedCode);
     }},
    {"decoy",
     [](Transcript& t) {
         t.world.be_nobody(), t.world.over_ssh();
         t.connect(kAdasAddress, kWrong, "x", kWrong, kWrong, kWrong, kWrong, "");
     }},
    {"decoy_resume",
     [](Transcript& t) { t.world.be_nobody(), t.world.over_ssh(), t.resume("BCDF-GHJK"); }},
    {"policy_refused",
     [](Transcript& t) {
         ssh(t), act_ends(t, {ActResult::RefusedByPolicy});
         t.connect(kSavedCode, "1", t.world.sent_code());
     }},
    {"method_not_working",
     [](Transcript& t) { ssh(t), t.world.probe(false, 2), t.connect(kSavedCode, "1", "m", ""); }},
    {"method_not_working_decoy",
     [](Transcript& t) {
         t.world.be_nobody(), t.world.over_ssh(), t.world.probe(false, 2);
         t.connect(kAdasAddress, kWrong, "", "");
     }},
    {"human_check",
     [](Transcript& t) { ssh(t), checked(t), t.connect(kReadOff, kAdasAddress, kWrong, "", ""); }},
    {"human_check_failed",
     [](Transcript& t) { ssh(t), checked(t), t.connect("w", "no", kAdasAddress, kWrong, "", ""); }},
    {"human_check_back", [](Transcript& t) { ssh(t), checked(t), t.connect("w", "w", ""); }},
    {"store_out_of_order",
     [](Transcript& t) { ssh(t), t.world.store.fail_with(ErrorKind::Unavailable), t.connect(); }},
    {"forgot_by_text_message_and_email",
     [](Transcript& t) {
         telephone(t), t.world.over_ssh();
         t.connect("0170 1234567", t.world.sent_code(), "1", t.world.sent_code());
     }},
    {"forgot_by_call_and_saved_code",
     [](Transcript& t) {
         telephone(t), t.world.over_ssh();
         t.connect("call 0170 1234567", t.world.sent_code(), "2", kSavedCode);
     }},
    {"forgot_by_email_and_call",
     [](Transcript& t) {
         telephone(t), t.world.over_ssh();
         t.connect(kAdasAddress, t.world.sent_code(), "2", "0170 1234567", t.world.sent_code());
     }},
    {"forgot_by_email_and_token",
     [](Transcript& t) {
         token(t), t.world.over_ssh();
         t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.otp());
     }},
    {"approved_on_the_phone",
     [](Transcript& t) {
         ssh(t), t.world.add_device();
         t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.approve());
     }},
    {"forgot_by_contact_hours_later",
     [](Transcript& t) {
         contact(t), t.world.over_ssh(), t.connect("ben@example.net", kWrong);
         t.world.clock.advance(seconds{10800});
         t.connect("ben@example.net", t.world.sent_code(), "1", kSavedCode);
     }},
    {"denied_on_the_phone",
     [](Transcript& t) {
         ssh(t), t.world.add_device();
         t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.deny());
     }},
};

}  // namespace latchkey
