// SPDX-License-Identifier: MIT
#include "tests/crash/administrators_flows.hpp"

#include "tests/crash/talk.hpp"
#include "tests/system/one_time_codes.hpp"

namespace latchkey::crash {
namespace {

// So that a code alone is accepted and ends nothing that a later one needs.
constexpr const char* two_gates = "[gates]\nconsole = 2\n";
constexpr const char* added = "The administrator has added";
constexpr const char* pass_way = "a temporary pass";
constexpr const char* pass_follows = "It is shown this one time.";
constexpr const char* not_all_told = "not everybody could be told";
constexpr const char* rows_file = "/root/rows.csv";
constexpr const char* other_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

bool holds(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

// The pass in what the command prints of it; empty if it does not.
std::string pass_in(const std::string& shown) {
    const std::size_t end = shown.find(pass_follows);
    const std::size_t from = shown.find("  ");
    if (end == std::string::npos || from > end) return {};
    return shown.substr(from + 2, shown.find_first_of("\r\n", from) - from - 2);
}

}  // namespace

std::vector<Plan> AdministratorsFlow::programs() const {
    std::vector<Plan> programs = delivering();
    programs.insert(programs.begin(), {Plan{"latchkey"}, Plan{"latchkey-monitor --admin"},
                                       Plan{"latchkey-verifier --admin"}});
    return programs;
}

void AdministratorsFlow::play(Terminal& terminal, Seen&) {
    static_cast<void>(terminal.expect_end());
}

// ---- enrol ------------------------------------------------------------------

Enrol::Enrol() : AdministratorsFlow(two_gates) {
    keep();
}

// The delivery of what root has added is that of a pass and of an import.
std::vector<Plan> Enrol::programs() const {
    std::vector<Plan> programs = AdministratorsFlow::programs();
    programs.resize(programs.size() - delivering().size());
    return programs;
}

std::vector<std::string> Enrol::command() const {
    return {"/bin/sh", "-c",
            "export PATH=/usr/bin:/bin; latchkey enroll ada email second@example.org; latchkey "
            "enroll ada totp --json; "
            "latchkey codes ada --new --json"};
}

// Whatever was left by halves, the same commands make it whole.
void Enrol::go_on(const Seen&, const Disk& disk, std::vector<std::string>& wrong) {
    const bool has_second = disk.contacts == before().contacts + 1;
    told_alone_ = has_second ? 1 : disk.tellings - before().tellings + 1;
    static_cast<void>(run_command({"latchkey", "enroll", "ada", "email", "second@example.org"}));
    host_.app_key = host_.machine.enroll_app("ada");
    const std::string code = host_.machine.new_saved_codes("ada").front();
    if (Disk{}.contacts != 2) wrong.emplace_back("not two addresses");
    if (!is_accepted("recovery codes", code))
        wrong.emplace_back("a new saved code is not accepted");
    if (is_accepted("recovery codes", code)) wrong.emplace_back("a saved code was accepted twice");
    check_audit(wrong);
}

std::vector<Notice> Enrol::notices(const Disk& disk) const {
    const int told = disk.tellings - before().tellings;
    return {{added, told + told - told_alone_}};
}

// ---- pass -------------------------------------------------------------------

IssuePass::IssuePass() : AdministratorsFlow(two_gates) {
    keep();
}

std::vector<std::string> IssuePass::command() const {
    return {"/usr/bin/latchkey", "pass", "issue", "ada", "--reason", "ticket 4711"};
}

void IssuePass::play(Terminal& terminal, Seen& seen) {
    AdministratorsFlow::play(terminal, seen);
    seen.pass = pass_in(terminal.transcript());
}

// One that was written down and shown to nobody opens nothing: nobody knows it.
void IssuePass::go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    if (!seen.pass.empty()) {
        if (disk.passes != 1) wrong.emplace_back("a pass was shown that nobody is told of");
        if (!is_accepted(pass_way, seen.pass)) wrong.emplace_back("a pass is not accepted");
        if (is_accepted(pass_way, seen.pass)) wrong.emplace_back("a pass was accepted twice");
    }
    const std::string next = pass_in(run_command(command()).out);
    if (!is_accepted(pass_way, next)) wrong.emplace_back("the next pass is not accepted");
    check_audit(wrong);
}

std::vector<Notice> IssuePass::notices(const Disk& disk) const {
    return {{"The administrator has issued a temporary pass", disk.passes}};
}

// ---- end of a lockout -------------------------------------------------------

EndLockout::EndLockout() : AdministratorsFlow("") {
    host_.machine.use_faillock();
    for (int i = 0; i < 3; ++i)
        static_cast<void>(is_refused_at_console(host_.machine, "ada", "not my password"));
    keep();
}

std::vector<std::string> EndLockout::command() const {
    return {"/usr/bin/latchkey", "unlock", "ada"};
}

void EndLockout::go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    const bool unlocked = !holds(must_run({"faillock", "--user", "ada"}), " V\n");
    if (holds(seen.shown, "can sign in again") && !unlocked)
        wrong.emplace_back("a lockout that was said to be over goes on");
    // Root is not kept from it by a store that cannot be written, and is told so.
    if (unlocked && disk.unlocks == 0 && !holds(seen.shown, not_all_told))
        wrong.emplace_back("a lockout was ended and no address is told");
    if (!unlocked && run_command(command()).status != 0)
        wrong.emplace_back("the next end of the lockout fails");
    Terminal login = host_.machine.console("ada");
    login.expect("Password: ");
    login.send_line(old_password);
    login.expect("a lockout by failed attempts was cleared by root");
    if (!host_.machine.signed_in(login, "ada")) wrong.emplace_back("the password does not sign in");
    check_audit(wrong);
}

std::vector<Notice> EndLockout::notices(const Disk& disk) const {
    return {{"The administrator ends the lockout of your account", disk.unlocks}};
}

// ---- import -----------------------------------------------------------------

Import::Import() : AdministratorsFlow(two_gates) {
    host_.machine.add_account("ben", old_password);
    write_file(rows_file,
               std::string{"ada,email,second@example.org\nada,totp,"} + other_key +
                   "\nben,email,ben@example.org\n",
               0600);
    keep();
}

std::vector<std::string> Import::command() const {
    return {"/usr/bin/latchkey", "import", "csv", rows_file};
}

void Import::go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) {
    const int addresses = disk.contacts - before().contacts;
    const int enrolments = disk.enrolments - before().enrolments;
    const bool is_whole = addresses == 2 && enrolments == 3;
    if (!is_whole && (addresses != 0 || enrolments != 0))
        wrong.push_back(std::to_string(addresses) + " addresses and " + std::to_string(enrolments) +
                        " records of three rows");
    if (holds(seen.shown, "3 rows imported") && !is_whole)
        wrong.emplace_back("what was said to be imported is not there");
    const bool has_app = is_accepted("authenticator app", authenticator_shows(other_key));
    if (has_app != is_whole) wrong.emplace_back("an app's key and its record part");
    if (const Completed again = run_command(command()); again.status != 0)
        wrong.push_back("the next import fails: " + again.err);
    if (Disk{}.contacts != before().contacts + 2) wrong.emplace_back("not all addresses");
    // Half a minute on: what was accepted once is not accepted again.
    if (!is_accepted("authenticator app", authenticator_shows(other_key, 1)))
        wrong.emplace_back("the app is not accepted");
    check_audit(wrong);
}

// Ada's first address is told once, of both: what is there already is not told again.
std::vector<Notice> Import::notices(const Disk&) const {
    return {{added, 1}};
}

}  // namespace latchkey::crash
