// SPDX-License-Identifier: MIT
//
// Conversations that fail at every step, in every way (T8, CVE-2011-4120), and
// names that change under the module's feet (T9).
#include <fcntl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <sstream>

#include "tests/integration/module/stack_login.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

using namespace latchkey;

namespace {

constexpr std::array kAllBreaks{Breaks::WithError,   Breaks::WithErrorAndText,
                                Breaks::WithAgain,   Breaks::WithoutReplies,
                                Breaks::WithoutText, Breaks::WithUnknownCode};

StackFiles shipped(const Flow& flow) {
    return stack_files(Placement::First, our_line(kShippedControl, flow),
                       {with_paths("required WITNESS password=old")});
}

std::string seen() {
    std::ifstream file{std::string{kPlace} + "seen"};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd)
        if (::fcntl(fd, F_GETFD) != -1) ++count;
    return count;
}

struct Heard {
    int result = PAM_SYSTEM_ERR;
    bool yes = false;
    std::size_t messages = 0;
    bool at_a_question = false;
};

Heard sign_in_as(Person& person, const Flow& flow) {
    write_stack(shipped(flow), flow);
    ::unlink((std::string{kPlace} + "seen").c_str());
    Transaction transaction{person, flow.user};
    const Surroundings surroundings{flow};
    Heard heard;
    heard.result = pam_authenticate(transaction.get(), 0);
    heard.yes = transaction.password_module_said_yes();
    heard.messages = person.messages_heard();
    heard.at_a_question = person.broke_at_a_question();
    return heard;
}

// Every login that a recovery brings in, each with all its questions.
std::vector<Flow> whole_flows() {
    std::vector<Flow> whole;
    for (const Flow& flow : flows())
        if (flow.breaks.empty() && !flow.answers.empty()) whole.push_back(flow);
    return whole;
}

}  // namespace

TEST_CASE("a conversation that breaks at any question, in any way, lets nobody in") {
    const int descriptors = open_descriptors();
    std::size_t tried = 0;
    for (const Flow& flow : whole_flows()) {
        Person whole = person_of(flow);
        const std::size_t steps = sign_in_as(whole, flow).messages;
        for (std::size_t step = 0; step < steps; ++step) {
            for (const Breaks how : kAllBreaks) {
                Person person = person_of(flow);
                person.break_at(step, how);
                const Heard heard = sign_in_as(person, flow);
                INFO(flow.name << ", step " << step << ", way " << static_cast<int>(how));
                ++tried;
                // A line that needs no answer may be lost; a question may not.
                if (heard.at_a_question) {
                    CHECK(heard.result != PAM_SUCCESS);
                    CHECK_FALSE(heard.yes);
                } else {
                    CHECK((heard.result == PAM_SUCCESS) == flow.right);
                }
                // Nobody is asked again and again by a conversation that is gone.
                CHECK(heard.messages <= steps + 1);
            }
        }
    }
    CHECK(open_descriptors() == descriptors);
    int status = 0;
    CHECK(::waitpid(-1, &status, WNOHANG | __WALL) == -1);
    CHECK(errno == ECHILD);
    evidence("T8 broken conversations",
             std::to_string(tried) +
                 " conversations, each broken at a step "
                 "of its own in six ways",
             "0 let in, 0 descriptors or children left");
}

TEST_CASE("the monitor is told that the person left, whatever way the conversation broke") {
    const Flow flow{.name = "",
                    .answers = {"", "1", "12345678"},
                    .script = "ask Code: \n" + finish(Outcome::Recovered, "old")};
    for (const Breaks how : kAllBreaks) {
        Person person = person_of(flow);
        person.break_at(3, how);
        CHECK(sign_in_as(person, flow).result == PAM_AUTH_ERR);
        CHECK(seen().find("left") != std::string::npos);
    }
}

TEST_CASE(
    "a name that changes during a recovery ends it: what was done for one is no login of another") {
    const std::vector<Flow> acts{
        {.name = "recovered",
         .answers = {"", "1", "12345678"},
         .script = "ask Code: \n" + finish(Outcome::Recovered, "old")},
        {.name = "recovered without a hand-over",
         .answers = {"", "1", "12345678", "old"},
         .script = "ask Code: \n" + finish(Outcome::Recovered)},
        {.name = "unlocked", .answers = {"", "2", "old"}, .script = finish(Outcome::Unlocked)},
        {.name = "nothing was locked",
         .answers = {"", "2", "old"},
         .script = finish(Outcome::NothingWasLocked)}};
    constexpr std::size_t kStepsOfOurs = 5;
    for (const Flow& flow : acts) {
        for (std::size_t step = 0; step < kStepsOfOurs; ++step) {
            write_stack(shipped(flow), flow);
            Person person = person_of(flow);
            Transaction transaction{person, flow.user};
            const Surroundings surroundings{flow};
            person.before_each([&](std::size_t now) {
                if (now == step) pam_set_item(transaction.get(), PAM_USER, "bob");
            });
            INFO(flow.name << ", at step " << step);
            CHECK(pam_authenticate(transaction.get(), 0) == PAM_AUTH_ERR);
            CHECK_FALSE(transaction.password_module_said_yes());
            CHECK(seen().find("hello user=ada ") == 0);
        }
    }
}

TEST_CASE("a name that a module in front has set is the one that recovers") {
    const Flow flow{.name = "",
                    .answers = {"", "1", "12345678"},
                    .script = "ask Code: \n" + finish(Outcome::Recovered, "old")};
    StackFiles files = shipped(flow);
    files.service = with_paths("auth optional WITNESS renames=bob\n") + files.service;
    write_stack(files, flow);
    Person person = person_of(flow);
    Transaction transaction{person, "ada"};
    const Surroundings surroundings{flow};
    CHECK(pam_authenticate(transaction.get(), 0) == PAM_SUCCESS);
    CHECK(seen().find("hello user=bob ") == 0);
}

TEST_CASE("each call of one transaction begins anew: another name, no password of the one before") {
    const Flow flow{
        .name = "", .answers = {"", "1", "12345678", "", "1"}, .script = finish(Outcome::Refused)};
    write_stack(shipped(flow), flow);
    Person person{{"", "1", "12345678", "", "1"}};
    Transaction transaction{person, "ada"};
    write_text(std::string{kPlace} + "script", "ask Code: \n" + finish(Outcome::Recovered, "old"));
    CHECK(pam_authenticate(transaction.get(), 0) == PAM_SUCCESS);
    CHECK(seen().find("hello user=ada ") == 0);
    pam_set_item(transaction.get(), PAM_USER, "bob");
    write_text(std::string{kPlace} + "script", finish(Outcome::Refused));
    CHECK(pam_authenticate(transaction.get(), 0) == PAM_AUTH_ERR);
    CHECK(seen().find("hello user=bob ") == 0);
    CHECK(person.answered_everything());
}

TEST_CASE("where empty passwords are refused, an account without one looks like any other") {
    const auto messages_until_refused = [](const char* user, int flags) {
        const Flow flow{.name = "", .answers = {"", "", "wrong"}, .user = user};
        write_stack(shipped(flow), flow);
        Person person = person_of(flow);
        Transaction transaction{person, flow.user};
        CHECK(pam_authenticate(transaction.get(), flags) == PAM_AUTH_ERR);
        return person.messages_heard();
    };
    const std::size_t of_everybody = messages_until_refused("nobody-of-that-name", 0);
    for (const char* user : {"nopass", "root", "nobody-of-that-name"})
        CHECK(messages_until_refused(user, PAM_DISALLOW_NULL_AUTHTOK) == of_everybody);
    // Where they are not, Enter is its password, and nothing more is asked.
    CHECK(messages_until_refused("nopass", 0) < of_everybody);
}
