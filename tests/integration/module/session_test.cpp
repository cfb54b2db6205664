// SPDX-License-Identifier: MIT
//
// The session stage of the built module in real libpam, as root: what is told at a login,
// and that nothing about it can stand in the way of one.
#include <security/pam_appl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/integration/module/stack_login.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

// Put into passwd by run_as_root.
constexpr const char* kUser = "told";
const std::string kUid = "48211";
const std::string kHead = kUid + ":told\n";
constexpr const char* kActs = "/var/lib/latchkey-acts";
const std::string kDirectory = std::string{kActs} + "/announcements";
const std::string kFile = kDirectory + '/' + kUid;

std::string line(const std::string& text, long seconds_from_now = 3600) {
    return std::to_string(::time(nullptr) + seconds_from_now) + ' ' + text + '\n';
}

void announce(const std::string& content) {
    write_text(kFile, content);
    REQUIRE(::chmod(kFile.c_str(), 0600) == 0);
}

// The directory as the monitor makes it, with one line that is live.
class Announced {
public:
    Announced() {
        std::filesystem::create_directories(kDirectory);
        for (const std::string& path : {std::string{kActs}, kDirectory})
            REQUIRE(::chmod(path.c_str(), 0700) == 0);
        announce(kHead + line("a new password was set"));
    }
    Announced(const Announced&) = delete;
    Announced& operator=(const Announced&) = delete;
    ~Announced() { std::filesystem::remove_all(kActs); }
};

struct Opened {
    int result = PAM_SYSTEM_ERR;
    std::string heard;
};

// Opens and closes a session behind our line.
Opened open_session(int flags = 0, const std::string& user = kUser,
                    const std::string& arguments = {}) {
    write_text(std::string{kServices} + "/login", "session optional " + std::string{kModules} +
                                                      "pam_latchkey.so" + arguments +
                                                      "\nsession required pam_permit.so\n");
    Person person{{}};
    Transaction transaction{person, user};
    Opened opened;
    opened.result = pam_open_session(transaction.get(), flags);
    CHECK(pam_close_session(transaction.get(), flags) == PAM_SUCCESS);
    opened.heard = person.transcript();
    return opened;
}

bool opens_in_silence(int flags = 0, const std::string& user = kUser,
                      const std::string& arguments = {}) {
    const Opened opened = open_session(flags, user, arguments);
    CAPTURE(opened.heard);
    CHECK(opened.heard.empty());
    CHECK(opened.result == PAM_SUCCESS);
    return opened.result == PAM_SUCCESS && opened.heard.empty();
}

}  // namespace

TEST_CASE("a login is told what was announced and is not over, oldest first") {
    const Announced host;
    announce(kHead + line("long ago", -1) + line("a new password was set") + line("one more", 5));
    const Opened opened = open_session();
    CHECK(opened.result == PAM_SUCCESS);
    CHECK(opened.heard == "shown|a new password was set\nshown|one more\n");
}

TEST_CASE("a month later nothing is told") {
    const Announced host;
    announce(kHead + line("a new password was set", -86400));
    CHECK(opens_in_silence());
}

TEST_CASE("nothing is told to whom it is not for, nor where it is not wanted") {
    const Announced host;
    CHECK(opens_in_silence(PAM_SILENT));
    CHECK(opens_in_silence(0, "nobody"));
    CHECK(opens_in_silence(0, "no-such-name"));
    CHECK(opens_in_silence(0, kUser, " services=sshd"));
    const Flow off{.name = "", .switched_on = false};
    {
        const Surroundings surroundings{off};
        CHECK(opens_in_silence());
    }
    CHECK(open_session().heard == "shown|a new password was set\n");
}

TEST_CASE("a session that is not opened by root opens in silence") {
    const Announced host;
    // The file could be read; it is not looked at.
    for (const std::string& path : {std::string{kActs}, kDirectory})
        REQUIRE(::chmod(path.c_str(), 0755) == 0);
    REQUIRE(::seteuid(65534) == 0);
    Person person{{}};
    int result = PAM_SYSTEM_ERR;
    {
        Transaction transaction{person, kUser};
        result = pam_open_session(transaction.get(), 0);
    }
    REQUIRE(::seteuid(0) == 0);
    CHECK(result == PAM_SUCCESS);
    CHECK(person.transcript().empty());
}

TEST_CASE("a file that is none of root's, or breaks its format, is not told and holds nobody up") {
    const std::string elsewhere = std::string{kPlace} + "elsewhere";
    const std::string good = kHead + line("forged");
    const std::vector<std::function<void()>> deeds{
        [&] { announce(""); },
        [&] { announce(kUid + ":eve\n" + line("of another account")); },
        [&] { announce(good + "junk\n"); },
        [&] { announce(kHead + line("\x1b[2J")); },
        [&] { announce(kHead + line(std::string(201, 'x'))); },
        [&] { announce(good + std::string(100000, 'x')); },
        [&] { REQUIRE(::chmod(kFile.c_str(), 0644) == 0); },
        [&] { REQUIRE(::chown(kFile.c_str(), 65534, 0) == 0); },
        [&] { std::filesystem::remove(kFile); },
        [&] {
            std::filesystem::remove(kFile);
            std::filesystem::create_directory(kFile);
        },
        [&] {
            std::filesystem::remove(kFile);
            REQUIRE(::mkfifo(kFile.c_str(), 0600) == 0);
        },
        [&] {
            write_text(elsewhere, good);
            REQUIRE(::chmod(elsewhere.c_str(), 0600) == 0);
            std::filesystem::remove(kFile);
            std::filesystem::create_symlink(elsewhere, kFile);
        },
        [&] {
            const std::string other = std::string{kActs} + "/other";
            std::filesystem::rename(kDirectory, other);
            std::filesystem::create_symlink(other, kDirectory);
        },
        [&] { std::filesystem::remove_all(kDirectory); },
    };
    for (std::size_t i = 0; i < deeds.size(); ++i) {
        CAPTURE(i);
        const Announced host;
        deeds[i]();
        CHECK(opens_in_silence());
    }
}

TEST_CASE("a conversation that breaks while it is told opens the session all the same") {
    const Announced host;
    for (const Breaks how : {Breaks::WithError, Breaks::WithErrorAndText, Breaks::WithAgain,
                             Breaks::WithoutReplies, Breaks::WithUnknownCode}) {
        write_text(std::string{kServices} + "/login",
                   "session optional " + std::string{kModules} +
                       "pam_latchkey.so\nsession required pam_permit.so\n");
        Person person{{}};
        person.break_at(0, how);
        Transaction transaction{person, kUser};
        CHECK(pam_open_session(transaction.get(), 0) == PAM_SUCCESS);
        CHECK(person.messages_heard() == 1);
    }
}
