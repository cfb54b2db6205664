// SPDX-License-Identifier: MIT
#include "monitor/recent_changes.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/system/unique_fd.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kAda = 58'211;
using What = std::vector<std::string>;

TimePoint now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// A home below a directory that everybody may pass, as /home is.
struct Host {
    Host() {
        REQUIRE(::chmod(place.path().c_str(), 0755) == 0);
        account.name = "ada";
        account.uid = account.gid = kAda;
        account.home = place.file("home");
        make(account.home);
        make(account.home + "/.ssh");
        places.crontabs = place.file("crontabs");
        fs::create_directory(places.crontabs);
        places.patience = std::chrono::seconds{20};
    }
    static void give(const std::string& path) { REQUIRE(::lchown(path.c_str(), kAda, kAda) == 0); }
    static void make(const std::string& directory) {
        fs::create_directory(directory);
        REQUIRE(::chmod(directory.c_str(), 0700) == 0);
        give(directory);
    }
    void write(const std::string& name) const {
        place.write(name, "not to be read", 0);
        give(place.file(name));
    }
    [[nodiscard]] RecentChanges seen(TimePoint at = now()) const {
        return recent_changes(account, audit, at, places);
    }
    void record(const std::string& who, const std::string& event, const std::string& outcome,
                TimePoint at = now()) {
        AuditEntry entry;
        entry.at = at;
        entry.event = event;
        entry.who = who;
        entry.outcome = outcome;
        REQUIRE(audit.append(entry, AuditCause::Proven));
    }

    TemporaryDirectory place;
    Account account;
    PlacesOfChange places;
    AuditLog audit{place.file("acts"), Secret{std::string(32, 'k')}};
};

}  // namespace

TEST_CASE("an account in which nothing changed has nothing to tell") {
    const Host host;
    const RecentChanges changes = host.seen();
    CHECK(changes.what.empty());
    CHECK(changes.kinds.is_empty());
    CHECK(changes.saw_home);
}

TEST_CASE("what a verifier is told is which of three kinds changed, and nothing else") {
    Host host;
    SECTION("keys, by whatever name") {
        host.write(std::string{"home/.ssh/"} + GENERATE("authorized_keys", "authorized_keys2"));
        CHECK(host.seen().kinds.keys);
        CHECK_FALSE(host.seen().kinds.crontab);
        CHECK_FALSE(host.seen().kinds.ways);
    }
    SECTION("the crontab") {
        host.write("crontabs/ada");
        CHECK_FALSE(host.seen().kinds.keys);
        CHECK(host.seen().kinds.crontab);
    }
    SECTION("security info") {
        host.record("ada", "enrolled", "totp");
        CHECK_FALSE(host.seen().kinds.crontab);
        CHECK(host.seen().kinds.ways);
    }
}

TEST_CASE("keys, a crontab and enrolments of the last day are told, and none of another's") {
    Host host;
    host.write("home/.ssh/authorized_keys");
    host.write("home/.ssh/authorized_keys2");
    host.write("crontabs/ada");
    host.record("ada", "enrolled", "totp");
    host.record("ada", "enrolled", "email");
    host.record("ada", "codes", "issued");
    host.record("ada", "enrolled", "email");
    host.record("ben", "enrolled", "sms");
    host.record("ada", "unlocked", "done");
    CHECK(host.seen().what == What{"authorized_keys", "authorized_keys2", "crontab",
                                   "security info (email, recovery codes, totp)"});
}

TEST_CASE("what changed more than a day ago is not told, and a date set back hides nothing") {
    Host host;
    host.write("home/.ssh/authorized_keys");
    host.write("crontabs/ada");
    host.record("ada", "enrolled", "email");
    // A day and an hour later, when nothing else has changed.
    CHECK(host.seen(now() + kRecently + std::chrono::hours{1}).what.empty());
    fs::last_write_time(host.account.home + "/.ssh/authorized_keys",
                        fs::file_time_type::clock::now() - std::chrono::hours{72});
    CHECK(host.seen().what == What{"authorized_keys", "crontab", "security info (email)"});
}

TEST_CASE("an old file that was moved to its place has changed") {
    const Host host;
    host.write("home/old");
    fs::rename(host.account.home + "/old", host.account.home + "/.ssh/authorized_keys");
    CHECK(host.seen().what == What{"authorized_keys"});
}

TEST_CASE(
    "no link is followed: a link in a file's place is a change itself, a home's is not seen") {
    Host host;
    host.write("elsewhere");
    const TimePoint a_day_later = now() + kRecently + std::chrono::hours{1};
    SECTION("authorized_keys") {
        fs::create_symlink(host.place.file("elsewhere"),
                           host.account.home + "/.ssh/authorized_keys");
        CHECK(host.seen().what == What{"authorized_keys"});
    }
    SECTION("a crontab") {
        fs::create_symlink(host.place.file("elsewhere"), host.places.crontabs + "/ada");
        CHECK(host.seen().what == What{"crontab"});
    }
    SECTION(".ssh") {
        fs::rename(host.account.home + "/.ssh", host.place.file("keys"));
        host.write("keys/authorized_keys");
        fs::create_symlink(host.place.file("keys"), host.account.home + "/.ssh");
        CHECK(host.seen().what == What{".ssh"});
    }
    SECTION("the home, and the directory above it") {
        host.write("home/.ssh/authorized_keys");
        fs::create_symlink(host.account.home, host.place.file("link"));
        fs::create_symlink(host.place.path(), host.place.file("above"));
        for (const char* home : {"link", "above/home"}) {
            host.account.home = host.place.file(home);
            CHECK(host.seen().what.empty());
            CHECK_FALSE(host.seen().saw_home);
        }
    }
    CHECK(host.seen(a_day_later).what.empty());
}

TEST_CASE("a home that is none is not seen, and the crontab is told all the same") {
    Host host;
    host.write("crontabs/ada");
    for (const std::string& home : {std::string{}, std::string{"relative"},
                                    host.place.file("absent"), host.place.file("crontabs/ada")}) {
        host.account.home = home;
        const RecentChanges changes = host.seen();
        CHECK(changes.what == What{"crontab"});
        CHECK_FALSE(changes.saw_home);
    }
}

TEST_CASE("the home is looked at with the account's rights alone") {
    Host host;
    host.write("home/.ssh/authorized_keys");
    // Not the account's to enter, and root could.
    REQUIRE(::chown(host.account.home.c_str(), 0, 0) == 0);
    CHECK(host.seen().what.empty());
    CHECK_FALSE(host.seen().saw_home);
    host.account.uid = host.account.gid = 0;
    CHECK_FALSE(host.seen().saw_home);
}

TEST_CASE("a home on a disk that does not answer is not waited for, and the rest is told") {
    Host host;
    host.write("crontabs/ada");
    host.places.patience = std::chrono::milliseconds{100};
    constexpr int kNoMounts = 77;
    Forked look{[&] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            return kNoMounts;
        // Nobody serves it: whoever looks up a name there waits.
        const UniqueFd device{::open("/dev/fuse", O_RDWR | O_CLOEXEC)};
        const std::string options = "fd=" + std::to_string(device.get()) +
                                    ",rootmode=40000,user_id=0,group_id=0,allow_other";
        if (::mount("gone", host.account.home.c_str(), "fuse", MS_NOSUID | MS_NODEV,
                    options.c_str()) != 0)
            return kNoMounts;
        const RecentChanges changes = host.seen();
        if (changes.what != What{"crontab"}) return 1;
        if (changes.saw_home) return 2;
        // Nor by a second look, where the first one has had all the patience.
        std::chrono::milliseconds left{100};
        if (!look_within(left, host.account, host.audit, now(), host.places).kinds.crontab)
            return 3;
        return left.count() == 0 ? 0 : 4;
    }};
    const int status = look.wait();
    if (status == kNoMounts) {
        WARN("this kernel or container mounts no FUSE");
        return;
    }
    CHECK(status == 0);
}
