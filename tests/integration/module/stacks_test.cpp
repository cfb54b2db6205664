// SPDX-License-Identifier: MIT
//
// Never lets anyone in (G4, T1): the built module in real libpam, under every
// control word, at every place, beside every kind of neighbour, however a login
// goes. Who decides here is no code of latchkey: a password module of the test
// says under oath whether it was given the right password.
#include <random>
#include <set>

#include "cli/check_pam.hpp"
#include "tests/integration/module/stack_login.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

using namespace latchkey;

namespace {

// Lists of actions that nobody would write.
std::vector<std::string> random_control_words(int count) {
    std::mt19937 random{20240913};
    const std::vector<std::string> codes{"success",     "ignore",  "auth_err", "module_unknown",
                                         "perm_denied", "default", "abort"};
    const std::vector<std::string> actions{"ignore", "ok", "done", "bad", "die", "reset", "1", "2"};
    std::vector<std::string> words;
    for (int i = 0; i < count; ++i) {
        std::string word = "[";
        for (auto n = 1 + random() % 5; n > 0; --n)
            word += codes[random() % codes.size()] + (random() % 4 == 0 ? " = " : "=") +
                    actions[random() % actions.size()] + ' ';
        word.back() = ']';
        words.push_back(word);
    }
    return words;
}

std::vector<std::string> all_control_words() {
    std::vector<std::string> words = control_words();
    for (std::string& word : random_control_words(rounds(20, 100))) words.push_back(word);
    return words;
}

// Whether `latchkey check` calls our line's control a fault in the files that
// libpam has just read.
bool check_is_red(const StackFiles& files) {
    const cli::PamStack stack = cli::read_pam_stack(
        [&](const std::string& name) {
            return std::optional{name == "login" ? files.service : files.included};
        },
        "login", "auth");
    cli::Host host;
    host.root = "/nonexistent";
    for (const cli::Finding& finding : cli::check_auth_stacks(host, {{"login", stack}}))
        if (finding.level == cli::Level::Error && finding.topic == "pam.control") return true;
    return false;
}

struct Tally {
    std::size_t stacks = 0;
    std::size_t flows = 0;
    std::size_t entries = 0;       // with the password module's yes
    std::set<std::string> jumped;  // control words that let libpam jump over the password module
    std::vector<std::string> violations;
};

void judge(Tally& tally, const std::string& where, const std::string& control,
           const StackFiles& files, const Flow& flow) {
    const Verdict verdict = sign_in(files, flow);
    ++tally.flows;
    const auto violated = [&](const char* what) {
        tally.violations.push_back(std::string{what} + ": " + control + ", " + where + ", " +
                                   flow.name);
    };
    if (verdict.password_module_said_yes && !flow.right)
        violated("the password module was given the right password by nobody");
    if (verdict.authenticate != PAM_SUCCESS) return;
    if (verdict.password_module_said_yes) {
        ++tally.entries;
    } else if (check_is_red(files)) {
        tally.jumped.insert(control);
    } else {
        violated("success without a password");
    }
}

std::string listed(const Tally& tally) {
    std::string text = std::to_string(tally.violations.size()) + " violations\n";
    for (std::size_t i = 0; i < tally.violations.size() && i < 20; ++i)
        text += tally.violations[i] + '\n';
    return text;
}

// Calls `visit(where, control, neighbours' lines, placement)` for every stack.
template <typename Visit>
void for_each_stack(const std::vector<std::string>& controls, Visit visit) {
    for (const std::string& control : controls) {
        for (const Neighbours& beside : neighbours()) {
            std::vector<std::string> others;
            for (const std::string& line : beside.lines) others.push_back(with_paths(line));
            for (int place = 0; place < kPlacements; ++place)
                visit("placement " + std::to_string(place) + " beside " + beside.name, control,
                      others, static_cast<Placement>(place));
        }
    }
}

}  // namespace

TEST_CASE("in no stack does anybody get in to whom the password module did not say yes") {
    const std::vector<Flow> all = flows();
    const std::size_t each = rounds<std::size_t>(4, 12);
    Tally tally;
    for_each_stack(all_control_words(),
                   [&](const std::string& where, const std::string& control,
                       const std::vector<std::string>& others, Placement placement) {
                       // Some flows for one stack and others for the next, so that every
                       // control word meets every flow.
                       for (std::size_t i = 0; i < each; ++i) {
                           const Flow& flow = all[(tally.stacks * each + i) % all.size()];
                           judge(tally, where, control,
                                 stack_files(placement, our_line(control, flow), others), flow);
                       }
                       ++tally.stacks;
                   });
    INFO(listed(tally));
    CHECK(tally.violations.empty());
    CHECK(tally.stacks >= 2000);
    CHECK(tally.entries > 0);
    // What is left is libpam's own jumping over the password module onto one that
    // permits, by an administrator's number in the control: red in `latchkey check`.
    for (const std::string& control : tally.jumped) {
        INFO(control);
        CHECK(control.find_first_of("123") != std::string::npos);
    }
    evidence("G4 never lets anyone in",
             std::to_string(tally.stacks) + " stacks of libpam, " + std::to_string(tally.flows) +
                 " logins in " + std::to_string(all.size()) + " ways",
             std::to_string(tally.violations.size()) + " without the password module's yes (" +
                 std::to_string(tally.entries) + " entered with it); " +
                 std::to_string(tally.jumped.size()) +
                 " control words jump over the password module, all red in `latchkey check`");
}

TEST_CASE("as it is shipped, the line lets in exactly who has the right password") {
    for_each_stack(
        {kShippedControl}, [&](const std::string& where, const std::string& control,
                               const std::vector<std::string>& others, Placement placement) {
            if (placement != Placement::First && placement != Placement::Included) return;
            const bool refuses = where.find("always refuses") != std::string::npos;
            for (const Flow& flow : flows()) {
                INFO(where << ", " << flow.name);
                const StackFiles files = stack_files(placement, our_line(control, flow), others);
                const Verdict verdict = sign_in(files, flow);
                CHECK((verdict.authenticate == PAM_SUCCESS) == (flow.right && !refuses));
                CHECK(verdict.password_module_said_yes == flow.right);
                if (verdict.authenticate == PAM_SUCCESS) CHECK(verdict.setcred == PAM_SUCCESS);
                CHECK_FALSE(check_is_red(files));
            }
        });
}

TEST_CASE("alone in a stack, under any control word, the module brings success to no call") {
    std::size_t calls = 0;
    for (const std::string& control : all_control_words()) {
        for (const Flow& flow : flows()) {
            if (!flow.authtok_before.empty()) continue;  // then it is not alone
            std::string file;
            for (const char* group : {"auth ", "account ", "password ", "session "})
                file += group + our_line(control, flow) + '\n';
            write_stack({file, {}}, flow);
            Person person = person_of(flow);
            Transaction transaction{person, flow.user};
            const Surroundings surroundings{flow};
            INFO(control << ", " << flow.name);
            pam_handle_t* const handle = transaction.get();
            CHECK(pam_setcred(handle, PAM_ESTABLISH_CRED) != PAM_SUCCESS);
            CHECK(pam_authenticate(handle, 0) != PAM_SUCCESS);
            CHECK(pam_setcred(handle, PAM_ESTABLISH_CRED) != PAM_SUCCESS);
            CHECK(pam_acct_mgmt(handle, 0) != PAM_SUCCESS);
            CHECK(pam_open_session(handle, 0) != PAM_SUCCESS);
            CHECK(pam_close_session(handle, 0) != PAM_SUCCESS);
            CHECK(pam_chauthtok(handle, 0) != PAM_SUCCESS);
            calls += 7;
        }
    }
    evidence("G4 never lets anyone in",
             "our line alone, " + std::to_string(all_control_words().size()) + " control words, " +
                 std::to_string(calls) + " calls of libpam's seven",
             "success: 0");
}
