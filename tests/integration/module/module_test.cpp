// SPDX-License-Identifier: MIT
//
// The built pam_latchkey.so in real libpam, without root: pam_wrapper brings the
// service files, uid_wrapper makes us look like root, a scripted monitor answers.
// tests/integration/module/run makes the place (a sandbox) and starts this.
#include <dirent.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/login_texts.hpp"
#include "core/recovery.hpp"
#include "tests/integration/module/person.hpp"
#include "tests/support/catch.hpp"

namespace {

using latchkey::Outcome;
using latchkey::Person;

const std::string kPlace = "/run/latchkey-test/";

void write_file(const std::string& path, const std::string& text) {
    std::ofstream{path} << text;
}

std::string read_file(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Login {
    std::string service = "login";
    std::string rhost;
    std::string script;
    std::string user = "ada";
};

// Instead of libpam's own waiting after a refusal.
void do_not_wait(int, unsigned, void*) {}

int authenticate(Person& person, const Login& login) {
    write_file(kPlace + "script", login.script);
    unlink((kPlace + "seen").c_str());
    const pam_conv conversation{&Person::converse, &person};
    pam_handle_t* pamh = nullptr;
    REQUIRE(pam_start(login.service.c_str(), login.user.c_str(), &conversation, &pamh) ==
            PAM_SUCCESS);
    if (!login.rhost.empty())
        REQUIRE(pam_set_item(pamh, PAM_RHOST, login.rhost.c_str()) == PAM_SUCCESS);
    REQUIRE(pam_set_item(pamh, PAM_FAIL_DELAY, reinterpret_cast<const void*>(&do_not_wait)) ==
            PAM_SUCCESS);
    const int result = pam_authenticate(pamh, 0);
    pam_end(pamh, result);
    return result;
}

std::string finish(Outcome outcome, const std::string& password = "") {
    return "finish " + std::to_string(static_cast<int>(outcome)) + ' ' + password + '\n';
}

std::string seen() {
    return read_file(kPlace + "seen");
}

}  // namespace

TEST_CASE("who knows the password sees a hint and one prompt, and no process starts") {
    Person person{{"old"}};
    CHECK(authenticate(person, {}) == PAM_SUCCESS);
    CHECK(person.was_told("hidden|Password: \n"));
    CHECK(person.was_told(latchkey::login_texts::kHint));
    CHECK(seen().empty());
}

TEST_CASE(
    "over ssh the hint is inside the prompt, so that sshd does not keep it for after the login") {
    Person person{{"old"}};
    CHECK(authenticate(person, {.service = "sshd", .rhost = "192.0.2.7"}) == PAM_SUCCESS);
    CHECK(
        person.was_told("hidden|" + std::string{latchkey::login_texts::kHint} + "\nPassword: \n"));
    CHECK_FALSE(person.was_told("shown|"));
}

TEST_CASE("a wrong password is the host's to refuse") {
    Person person{{"wrong"}};
    CHECK(authenticate(person, {}) == PAM_AUTH_ERR);
    CHECK(seen().empty());
}

TEST_CASE("after a recovery the host's module gets the new password in the same login") {
    Person person{{"", "1", "12345678"}};
    CHECK(authenticate(person, {.script = "ask Code: \n" + finish(Outcome::Recovered, "old")}) ==
          PAM_SUCCESS);
    CHECK(person.was_told(latchkey::login_texts::kPasswordChanged));
    CHECK(seen().find("hello user=ada service=login rhost= reason=0 resume=\n") == 0);
    CHECK(seen().find("answer 12345678") != std::string::npos);
    CHECK(seen().find("session_leader=1 environment=0") != std::string::npos);
}

TEST_CASE("a recovery without a hand-over lets the host ask once more") {
    Person person{{"", "1", "old"}};
    CHECK(authenticate(person, {.script = finish(Outcome::Recovered)}) == PAM_SUCCESS);
    CHECK(person.was_told("hidden|Again: "));
}

TEST_CASE("a monitor that says recovered opens nothing if the host refuses the password") {
    Person person{{"", "1"}};
    CHECK(authenticate(person, {.script = finish(Outcome::Recovered, "forged")}) == PAM_AUTH_ERR);
}

TEST_CASE("who was locked out is asked for the password they know") {
    for (const Outcome outcome : {Outcome::Unlocked, Outcome::NothingWasLocked}) {
        Person person{{"", "2", "old"}};
        CHECK(authenticate(person, {.script = finish(outcome)}) == PAM_SUCCESS);
        CHECK(seen().find("reason=1") != std::string::npos);
        CHECK(person.was_told(outcome == Outcome::Unlocked
                                  ? latchkey::login_texts::kUnlocked
                                  : latchkey::login_texts::kNothingWasLocked));
        CHECK(person.answered_everything());
    }
}

TEST_CASE("what the monitor has to say of a recovery is told with its end") {
    const std::string more = "You have 9 recovery codes left.";
    for (const Outcome outcome :
         {Outcome::Recovered, Outcome::Unlocked, Outcome::NothingWasLocked}) {
        Person person{{"", "1", "old"}};
        const std::string password = outcome == Outcome::Recovered ? "old" : "";
        (void)authenticate(person, {.script = "text " + more + '\n' + finish(outcome, password)});
        CHECK(person.was_told('\n' + more));
    }
}

TEST_CASE("going back from the first question leads to the password prompt again") {
    Person person{{"", "", "old"}};
    CHECK(authenticate(person, {}) == PAM_SUCCESS);
    CHECK(seen().empty());
}

TEST_CASE("going back from the recovery leads to the password prompt again") {
    Person person{{"", "1", "old"}};
    CHECK(authenticate(person, {.script = finish(Outcome::Back)}) == PAM_SUCCESS);
}

TEST_CASE("an unknown resume code asks the reason again, three times at most") {
    Person person{{"", "BCDF-GHJK", "BCDF-GHJL", "BCDF-GHJM"}};
    CHECK(authenticate(person, {.script = finish(Outcome::ResumeUnknown)}) == PAM_AUTH_ERR);
    CHECK(seen().find("resume=BCDF-GHJM") != std::string::npos);
    CHECK(person.was_told(latchkey::login_texts::kResumeUnknown));
    CHECK(person.answered_everything());
}

TEST_CASE("empty passwords without an answer to the reason start nothing") {
    for (int i = 0; i < 20; ++i) {
        Person scanner{{""}};
        CHECK(authenticate(scanner, {}) == PAM_AUTH_ERR);
        CHECK(seen().empty());
    }
}

TEST_CASE("every other end of a monitor is a refusal") {
    const std::string refused = finish(Outcome::Refused);
    for (const std::string& script :
         {std::string{}, refused, refused + refused, std::string{"garbage\n"},
          std::string{"long\n"}, std::string{"ask Code: \n"}, "ask Code: \ngarbage\n" + refused,
          finish(static_cast<Outcome>(99))}) {
        Person person{{"", "1", "12345678", ""}};
        CHECK(authenticate(person, {.script = script}) == PAM_AUTH_ERR);
    }
}

TEST_CASE("a claimant who leaves at any question is refused and the monitor is told") {
    Person person{{"", "1"}};
    CHECK(authenticate(person, {.script = "ask Code: \n" + finish(Outcome::Recovered, "old")}) ==
          PAM_AUTH_ERR);
    CHECK(seen().find("left") != std::string::npos);
}

TEST_CASE("an answer that is too long is asked for again and never travels") {
    Person person{{"", "1", std::string(100000, 'x'), "12345678"}};
    CHECK(authenticate(person, {.script = "ask Code: \n" + finish(Outcome::Recovered, "old")}) ==
          PAM_SUCCESS);
    CHECK(person.was_told("too long"));
    CHECK(seen().find("xxx") == std::string::npos);
}

TEST_CASE("the keyword opens recovery on greeters and is a password elsewhere") {
    Person greeter{{"?forgot", "1"}};
    CHECK(authenticate(greeter, {.service = "lightdm",
                                 .script = finish(Outcome::Recovered, "old")}) == PAM_SUCCESS);
    Person console{{"?forgot"}};
    CHECK(authenticate(console, {}) == PAM_AUTH_ERR);
    CHECK(seen().empty());
}

TEST_CASE("a service that is not served never hears of latchkey") {
    Person person{{"old"}};
    CHECK(authenticate(person, {.service = "unserved"}) == PAM_SUCCESS);
    CHECK(person.was_told("hidden|Again: "));
    CHECK_FALSE(person.was_told(latchkey::login_texts::kHint));
}

TEST_CASE("a monitor that others may write is not started") {
    Person person{{"", "1", ""}};
    CHECK(authenticate(person, {.service = "loosemonitor",
                                .script = finish(Outcome::Recovered, "old")}) == PAM_AUTH_ERR);
    CHECK(seen().empty());
}

TEST_CASE("hostile names reach the monitor as they are and break nothing here") {
    for (const std::string name :
         {"%n%s%n", "../../etc/passwd", "a:b", "\x1b[31m", "\xff\xfe", "root\n"}) {
        Person person{{"", "1"}};
        CHECK(authenticate(person, {.script = finish(Outcome::WhomToAsk), .user = name}) ==
              PAM_AUTH_ERR);
        CHECK(seen().find("hello user=") == 0);
    }
}

namespace {

std::set<std::string> open_descriptors() {
    std::set<std::string> open;
    for (int fd = 0; fd < 256; ++fd)
        if (::fcntl(fd, F_GETFD) != -1) open.insert(std::to_string(fd));
    return open;
}

bool is_mapped(const std::string& object) {
    return read_file("/proc/self/maps").find(object) != std::string::npos;
}

}  // namespace

TEST_CASE("a login leaves the host process as it was: descriptors, children, mappings, signals") {
    std::set<std::string> before = open_descriptors();
    sigset_t mask_before;
    sigprocmask(SIG_BLOCK, nullptr, &mask_before);
    for (int i = 0; i < 20; ++i) {
        Person person{{"", "1", "12345678"}};
        CHECK(authenticate(person, {.script = "ask Code: \n" +
                                              finish(Outcome::Recovered, "old")}) == PAM_SUCCESS);
    }
    CHECK(open_descriptors() == before);
    CHECK_FALSE(is_mapped("pam_latchkey.so"));
    int status = 0;
    CHECK(::waitpid(-1, &status, WNOHANG | __WALL) == -1);
    CHECK(errno == ECHILD);
    sigset_t mask_after;
    sigprocmask(SIG_BLOCK, nullptr, &mask_after);
    CHECK(memcmp(&mask_before, &mask_after, sizeof mask_before) == 0);
}

namespace {
volatile sig_atomic_t children_ended = 0;
void count_child(int) {
    children_ended = children_ended + 1;
}
}  // namespace

TEST_CASE("the host process is sent no SIGCHLD") {
    struct sigaction counting {};
    counting.sa_handler = count_child;
    struct sigaction before {};
    sigaction(SIGCHLD, &counting, &before);
    Person person{{"", "1", "12345678"}};
    CHECK(authenticate(person, {.script = "ask Code: \n" + finish(Outcome::Recovered, "old")}) ==
          PAM_SUCCESS);
    CHECK(children_ended == 0);
    sigaction(SIGCHLD, &before, nullptr);
}

TEST_CASE("switched off, the module is silent") {
    REQUIRE(::rename("/etc/latchkey/enabled", "/etc/latchkey/disabled") == 0);
    Person person{{"old"}};
    CHECK(authenticate(person, {}) == PAM_SUCCESS);
    CHECK(person.was_told("hidden|Again: "));
    CHECK_FALSE(person.was_told(latchkey::login_texts::kHint));
    REQUIRE(::rename("/etc/latchkey/disabled", "/etc/latchkey/enabled") == 0);
}
