// SPDX-License-Identifier: MIT
//
// Every conversation as a transcript in tests/golden, compared byte by byte, so that
// a change of any text or order shows in review. After a change that is meant:
//
//   LATCHKEY_WRITE_GOLDEN=1 ctest --test-dir build/dev -R golden   and look at git diff
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/evidence.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/transcript.hpp"

using namespace latchkey;
using std::chrono::seconds;

namespace {

constexpr const char* kDirectory = LATCHKEY_GOLDEN_DIR;
constexpr const char* kWrong = "00000000";

struct Scene {
    const char* name;
    void (*play)(Transcript&);
};

void console(Transcript& t) {
    t.world.enrol_everything();
}
void ssh(Transcript& t) {
    t.world.enrol_everything();
    t.world.over_ssh();
}
void knows_password(Transcript& t) {
    t.world.request.reason = Reason::KnowsPassword;
}
void can_become_root(Transcript& t) {
    t.world.request.privileged = true;
    t.world.request.gates_needed = 2;
}
void act_ends(Transcript& t, std::deque<ActResult> results) {
    t.world.acts.results = std::move(results);
}

void checked(Transcript& t) {
    t.world.settings.human_check.when = HumanCheckWhen::Always;
}
// What a person types who can read.
const Transcript::Line kReadOff{[](const Screen& screen) { return screen.signs; }};

const std::vector<Scene> kAtConsole{
    {"forgot_by_email", [](Transcript& t) { console(t), t.connect("1", t.world.sent_code()); }},
    {"forgot_by_app", [](Transcript& t) { console(t), t.connect("2", t.world.otp()); }},
    {"forgot_by_saved_code", [](Transcript& t) { console(t), t.connect("3", kSavedCode); }},
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
};

const std::vector<Scene> kOverSsh{
    {"forgot_by_email_and_app",
     [](Transcript& t) {
         ssh(t), t.connect(kAdasAddress, t.world.sent_code(), "1", t.world.otp());
     }},
    {"forgot_by_saved_code_and_email",
     [](Transcript& t) { ssh(t), t.connect(kSavedCode, "1", t.world.sent_code()); }},
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
};

std::string file_of(const std::string& surface, const Scene& scene) {
    return std::string{kDirectory} + '/' + surface + '_' + scene.name + ".txt";
}

void compare(const std::string& surface, const Scene& scene) {
    const std::string file = file_of(surface, scene);
    INFO(file);
    Transcript transcript;
    scene.play(transcript);
    if (std::getenv("LATCHKEY_WRITE_GOLDEN") != nullptr)
        std::ofstream{file, std::ios::binary} << transcript.text();
    CHECK(transcript.world.said_everything);
    CHECK(transcript.text() == content_of(file));
}

}  // namespace

TEST_CASE("every conversation at a console is as its golden transcript") {
    for (const Scene& scene : kAtConsole) compare("console", scene);
    evidence("G5 golden transcripts",
             std::to_string(kAtConsole.size()) + " conversations at a console", "byte-equal");
}

TEST_CASE("every conversation over ssh is as its golden transcript") {
    for (const Scene& scene : kOverSsh) compare("ssh", scene);
    evidence("G5 golden transcripts", std::to_string(kOverSsh.size()) + " conversations over ssh",
             "byte-equal");
}

TEST_CASE("every golden transcript has its conversation") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{kDirectory})
        files += entry.path().extension() == ".txt" ? 1U : 0U;
    CHECK(files == kAtConsole.size() + kOverSsh.size());
}
