// SPDX-License-Identifier: MIT
//
// What the built module reminds of in the session stage, as root in real libpam: where it
// asks, where it only tells, and that a sign-in waits for nothing but a person's own answer.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <security/pam_appl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/module/stack_login.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

constexpr const char* kUser = "told";  // put into passwd by run_as_root
constexpr const char* kActs = "/var/lib/latchkey-acts";
const std::string kDirectory = std::string{kActs} + "/reminders";
const std::string kFile = kDirectory + "/48211";
const std::string kSeen = std::string{kPlace} + "seen";
const std::string kAsks = "shown|no way back\nSet one up now? (y, or Enter for later): \n";
const std::string kTells = "shown|no way back\n";

std::string seconds_from_now(long seconds) {
    return std::to_string(::time(nullptr) + seconds);
}
// Looked at lately, and not quiet.
std::string reminders(const std::string& lines, long look_again = 3600, long quiet_until = -3600) {
    return "48211:told\n" + seconds_from_now(look_again) + ' ' + seconds_from_now(quiet_until) +
           '\n' + lines;
}

// The file as the monitor leaves it, and a FIFO in which the monitor says whom it heard.
class Host {
public:
    explicit Host(const std::string& content) {
        std::filesystem::create_directories(kDirectory);
        for (const std::string& path : {std::string{kActs}, kDirectory})
            REQUIRE(::chmod(path.c_str(), 0700) == 0);
        if (!content.empty()) write_text(kFile, content);
        if (!content.empty()) REQUIRE(::chmod(kFile.c_str(), 0600) == 0);
        std::filesystem::remove(kSeen);
        REQUIRE(::mkfifo(kSeen.c_str(), 0600) == 0);
        seen_ = ::open(kSeen.c_str(), O_RDWR | O_CLOEXEC);
        write_text(std::string{kPlace} + "script", "");
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() {
        ::close(seen_);
        std::filesystem::remove(kSeen);
        std::filesystem::remove_all(kActs);
    }
    static void have_monitor_say(const std::string& script) {
        write_text(std::string{kPlace} + "script", script);
    }
    // The first line that a monitor wrote; nobody else writes there.
    [[nodiscard]] std::string seen() const {
        std::string line;
        for (char c = 0; c != '\n';) {
            pollfd ready{seen_, POLLIN, 0};
            REQUIRE(::poll(&ready, 1, 20'000) == 1);
            REQUIRE(::read(seen_, &c, 1) == 1);
            if (c != '\n') line += c;
        }
        return line;
    }
    // Whether the line is among those that come; the monitors that are started are no order.
    [[nodiscard]] bool has_seen(const std::string& line) const {
        while (lines_.find('\n' + line + '\n') == std::string::npos) lines_ += seen() + '\n';
        return true;
    }
    [[nodiscard]] bool nobody_was_started() const {
        pollfd ready{seen_, POLLIN, 0};
        return ::poll(&ready, 1, 0) == 0;
    }

private:
    int seen_ = -1;
    mutable std::string lines_ = "\n";
};

// A terminal in the place of standard input and output.
class AtTerminal {
public:
    AtTerminal() : in_(::dup(0)), out_(::dup(1)) {
        int near = -1;
        REQUIRE(::openpty(&far_, &near, nullptr, nullptr, nullptr) == 0);
        ::dup2(near, 0);
        ::dup2(near, 1);
        ::close(near);
    }
    AtTerminal(const AtTerminal&) = delete;
    AtTerminal& operator=(const AtTerminal&) = delete;
    ~AtTerminal() {
        ::dup2(in_, 0);
        ::dup2(out_, 1);
        ::close(in_);
        ::close(out_);
        ::close(far_);
    }

private:
    int in_;
    int out_;
    int far_ = -1;
};

struct Console {
    bool typed = true;  // a password, before the session opens
    const char* tty = "/dev/tty1";
    const char* rhost = nullptr;
    const char* service = nullptr;
    int flags = 0;
};

// Everything the person heard from the session stage.
std::string open_session(const std::vector<std::string>& answers, const Console& console = {}) {
    const std::string ours = std::string{kModules} +
                             "pam_latchkey.so services=login,sshd,gdm-"
                             "password,su monitor=/usr/libexec/latchkey-"
                             "test/monitor\n";
    const std::string stack = "auth [success=ignore ignore=ignore default=die] " + ours +
                              "auth required pam_permit.so\nsession optional " + ours +
                              "session required pam_permit.so\n";
    for (const char* service : {"/login", "/sshd", "/gdm-password"})
        write_text(std::string{kServices} + service, stack);
    std::vector<std::string> said;
    if (console.typed) said.emplace_back("old");
    for (const std::string& answer : answers) said.push_back(answer);
    Person person{std::move(said)};
    Transaction transaction{person, kUser};
    pam_handle_t* const pamh = transaction.get();
    pam_set_item(pamh, PAM_TTY, console.tty);
    if (console.rhost != nullptr) pam_set_item(pamh, PAM_RHOST, console.rhost);
    if (console.typed) CHECK(pam_authenticate(pamh, 0) == PAM_SUCCESS);
    if (console.service != nullptr) pam_set_item(pamh, PAM_SERVICE, console.service);
    const std::string before = person.transcript();
    CHECK(pam_open_session(pamh, console.flags) == PAM_SUCCESS);
    return person.transcript().substr(before.size());
}

}  // namespace

TEST_CASE("who has just typed a password at a console is asked, and later is for a while") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    CHECK(open_session({""}) == kAsks);
    CHECK(host.seen() == "signed in user=told service=login tty=/dev/tty1 wish=1");
}

TEST_CASE("who says yes talks to the root side, and is told how it ended") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    // Two are started: one puts the question off for the next sign-in, one serves.
    Host::have_monitor_say("ask Your e-mail address: \nhidden Password: \ntext done\nfinish 2\n");
    CHECK(open_session({"y", "me@example.org", "old"}) ==
          kAsks + "shown|Your e-mail address: \nhidden|Password: \nshown|done\n");
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=1"));
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=2"));
    CHECK(host.has_seen("answer me@example.org"));
}

TEST_CASE("one question is asked, and the rest is told") {
    const Host host{reminders("register no way back\nconfirm still yours?\ntold few codes\n")};
    const AtTerminal terminal;
    CHECK(open_session({""}) == kAsks + "shown|still yours?\nshown|few codes\n");
    CHECK(host.seen().ends_with("wish=1"));
}

TEST_CASE("addresses are confirmed by a yes") {
    const Host host{reminders("confirm still yours?\n")};
    const AtTerminal terminal;
    Host::have_monitor_say("text Confirmed.\nfinish 2\n");
    CHECK(open_session({"Y"}) ==
          "shown|still yours?\nDoes it still reach you? (y, or Enter for later): \n"
          "shown|Confirmed.\n");
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=1"));
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=3"));
}

TEST_CASE("where nobody typed a password at a console it is told and not asked") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    Console console;
    SECTION("a login without a password, such as login -f") {
        console.typed = false;
    }
    SECTION("over the network") {
        console.rhost = "192.0.2.7";
    }
    SECTION("sshd") {
        console.service = "sshd";
    }
    SECTION("no terminal is named") {
        console.tty = nullptr;
    }
    CHECK(open_session({}, console) == kTells);
    CHECK(host.nobody_was_started());
}

TEST_CASE("a program whose input is no terminal is told and not asked") {
    const Host host{reminders("register no way back\n")};
    CHECK(open_session({}) == kTells);
}

TEST_CASE("a login that an alarm would end meanwhile is not asked") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    const itimerval alarm{{0, 0}, {3600, 0}};
    REQUIRE(::setitimer(ITIMER_REAL, &alarm, nullptr) == 0);
    CHECK(open_session({}) == kTells);
    itimerval after{};
    const itimerval none{};
    REQUIRE(::setitimer(ITIMER_REAL, &none, &after) == 0);
    CHECK(after.it_value.tv_sec > 0);  // it still runs
}

TEST_CASE("who said later is told nothing until then") {
    const Host host{reminders("register no way back\ntold few codes\n", 3600, 60)};
    const AtTerminal terminal;
    CHECK(open_session({}).empty());
    CHECK(host.nobody_was_started());
}

TEST_CASE("a silent session and a greeter, which keeps each line for seconds, are told nothing") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    Console console;
    SECTION("silent") {
        console.flags = PAM_SILENT;
    }
    SECTION("a greeter") {
        console.service = "gdm-password";
    }
    CHECK(open_session({}, console).empty());
}

TEST_CASE("the root side looks where it never has, or not lately, and nobody waits for it") {
    const AtTerminal terminal;
    std::string content;
    std::string heard;
    SECTION("never") {}
    SECTION("of another account that had the uid") {
        content = "48211:eve\n1 1\ntold of eve\n";
    }
    SECTION("a damaged file") {
        content = "48211:told\njunk\n";
    }
    SECTION("long ago: what it said then is told once more") {
        content = reminders("told few codes\n", -1);
        heard = "shown|few codes\n";
    }
    const Host host{content};
    Host::have_monitor_say("hang\n");
    CHECK(open_session({}) == heard);
    CHECK(host.seen() == "signed in user=told service=login tty=/dev/tty1 wish=0");
}

TEST_CASE("a question that nobody answers is put off, and the session opens") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    CHECK(open_session({}) == kAsks);
    CHECK(host.seen() == "signed in user=told service=login tty=/dev/tty1 wish=1");
}

TEST_CASE("a monitor that cannot be talked to is told of, and the session opens") {
    const Host host{reminders("register no way back\n")};
    const AtTerminal terminal;
    CHECK(open_session({"y"}) ==
          kAsks + "shown|That does not work now. Signing in works as before.\n");
    // Both, so that none of them writes into the next case.
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=1"));
    CHECK(host.has_seen("signed in user=told service=login tty=/dev/tty1 wish=2"));
}

TEST_CASE("times far ahead, which a clock that was wrong has left, silence nothing") {
    const Host host{reminders("told few codes\n", 40L * 86'400, 40L * 86'400)};
    const AtTerminal terminal;
    CHECK(open_session({}) == "shown|few codes\n");
    CHECK(host.seen() == "signed in user=told service=login tty=/dev/tty1 wish=0");
}
