// SPDX-License-Identifier: MIT
//
// Against the host's own faillock program, on tallies made by hand.
#include "monitor/lockout.hpp"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr std::uint16_t kValid = 1;
constexpr std::uint16_t kRhost = 2;

// One record of a tally, byte by byte: source[52], u16 reserved, u16 status, u64 time.
std::string record(std::uint16_t status, TimePoint at) {
    std::string bytes(64, '\0');
    memcpy(bytes.data(), "tty1", 4);
    const auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
    memcpy(bytes.data() + 54, &status, sizeof status);
    memcpy(bytes.data() + 56, &time, sizeof time);
    return bytes;
}

struct Tallies {
    TemporaryDirectory directory;
    FaillockSettings settings;

    Tallies() { settings.directory = directory.path(); }

    void write(const std::vector<TimePoint>& failures, std::uint16_t status = kValid) const {
        std::string bytes;
        for (const TimePoint at : failures) bytes += record(status, at);
        directory.write("ada", bytes, 0660);
    }
    [[nodiscard]] LockState state() const { return lock_state(settings, "ada", kNow); }
    [[nodiscard]] LockState state_of(const std::vector<TimePoint>& failures) const {
        write(failures);
        return state();
    }
};

}  // namespace

TEST_CASE("as many counted failures as deny says are a lockout") {
    const Tallies tallies;
    CHECK(tallies.state() == LockState::NotLocked);
    CHECK(tallies.state_of({}) == LockState::NotLocked);
    CHECK(tallies.state_of({kNow - 1s, kNow - 2s}) == LockState::NotLocked);
    CHECK(tallies.state_of({kNow - 1s, kNow - 2s, kNow - 3s}) == LockState::Locked);
    tallies.write({kNow - 1s, kNow - 2s, kNow - 3s}, kValid | kRhost);
    CHECK(tallies.state() == LockState::Locked);
    tallies.write({kNow - 1s, kNow - 2s, kNow - 3s}, kRhost);  // cleared by a good login
    CHECK(tallies.state() == LockState::NotLocked);
}

TEST_CASE("only failures within the interval of the latest one count") {
    const Tallies tallies;
    CHECK(tallies.state_of({kNow, kNow - 1s, kNow - 899s}) == LockState::Locked);
    CHECK(tallies.state_of({kNow, kNow - 1s, kNow - 900s}) == LockState::NotLocked);
    CHECK(tallies.state_of({kNow - 900s, kNow - 1s, kNow, kNow - 2s}) == LockState::Locked);
}

TEST_CASE("a lockout ends unlock_time after the latest failure") {
    const Tallies tallies;
    const auto three_at = [](TimePoint at) { return std::vector<TimePoint>{at, at - 1s, at - 2s}; };
    CHECK(tallies.state_of(three_at(kNow - 600s)) == LockState::Locked);
    CHECK(tallies.state_of(three_at(kNow - 601s)) == LockState::NotLocked);
    CHECK(tallies.state_of(three_at(kNow + 3600s)) == LockState::Locked);
}

TEST_CASE("a lockout that only an administrator releases is held for ever") {
    Tallies tallies;
    tallies.settings.unlock_time = 0s;
    CHECK(tallies.state_of({kNow, kNow, kNow}) == LockState::HeldForEver);
    CHECK(tallies.state_of({kNow - 100h, kNow - 100h, kNow - 100h}) == LockState::HeldForEver);
    CHECK(tallies.state_of({kNow, kNow}) == LockState::NotLocked);
}

TEST_CASE("deny and its exceptions are followed") {
    Tallies tallies;
    tallies.settings.deny = 5;
    CHECK(tallies.state_of(std::vector<TimePoint>(4, kNow)) == LockState::NotLocked);
    CHECK(tallies.state_of(std::vector<TimePoint>(5, kNow)) == LockState::Locked);
    tallies.settings.deny = 0;
    CHECK(tallies.state() == LockState::NotLocked);
}

TEST_CASE("members of admin_group are locked only by even_deny_root, and for root's time") {
    Tallies tallies;
    const auto state_of_bin = [&] {
        tallies.directory.write("bin",
                                record(kValid, kNow) + record(kValid, kNow) + record(kValid, kNow));
        return lock_state(tallies.settings, "bin", kNow);
    };
    CHECK(state_of_bin() == LockState::Locked);
    tallies.settings.admin_group = "bin";  // its primary group on every host
    CHECK(state_of_bin() == LockState::NotLocked);
    tallies.settings.even_deny_root = true;
    CHECK(state_of_bin() == LockState::Locked);
    tallies.settings.root_unlock_time = 0s;
    CHECK(state_of_bin() == LockState::HeldForEver);
    tallies.settings.admin_group = "no-such-group-here";
    CHECK(state_of_bin() == LockState::Locked);
}

TEST_CASE("a tally cut short, endless, linked or named like a path is no lockout") {
    const Tallies tallies;
    tallies.directory.write(
        "ada", record(kValid, kNow) + record(kValid, kNow) + record(kValid, kNow).substr(1));
    CHECK(tallies.state() == LockState::NotLocked);
    tallies.directory.write("ada", std::string(1025 * 64, '\1'));
    CHECK(tallies.state() == LockState::NotLocked);
    tallies.write({kNow, kNow, kNow});
    REQUIRE(::symlink("ada", tallies.directory.file("eve").c_str()) == 0);
    CHECK(lock_state(tallies.settings, "eve", kNow) == LockState::NotLocked);
    for (const std::string& name :
         {std::string{}, std::string{"."}, std::string{".."}, std::string{"../ada"},
          std::string{"/etc/passwd"}, std::string{"-ada"}, std::string("ada\0x", 5)}) {
        CHECK(lock_state(tallies.settings, name, kNow) == LockState::NotLocked);
        CHECK_FALSE(clear_lockout(tallies.settings, name));
    }
}

TEST_CASE("the host's faillock reads a tally as we do, and clears it for us") {
    const Tallies tallies;
    tallies.write({kNow, kNow - 1s, kNow - 2s});
    const std::string shown =
        must_run({"/usr/sbin/faillock", "--user", "ada", "--dir", tallies.settings.directory});
    CHECK(shown.find("tty1") != shown.npos);
    REQUIRE(tallies.state() == LockState::Locked);
    tallies.directory.write("bob", record(kValid, kNow));
    const auto cleared = clear_lockout(tallies.settings, "ada");
    CAPTURE(cleared ? std::string{} : cleared.error().detail);
    REQUIRE(cleared);
    CHECK(*cleared);
    CHECK(tallies.state() == LockState::NotLocked);
    CHECK(content_of(tallies.directory.file("ada")).empty());
    CHECK(content_of(tallies.directory.file("bob")).size() == 64);
}

TEST_CASE("a lockout of which nobody can see whether it was cleared is told apart") {
    Tallies tallies;
    tallies.write({kNow, kNow, kNow});
    // Whatever faillock makes of a tally that is a directory.
    REQUIRE(::unlink(tallies.directory.file("ada").c_str()) == 0);
    REQUIRE(::mkdir(tallies.directory.file("ada").c_str(), 0700) == 0);
    const auto cleared = clear_lockout(tallies.settings, "ada");
    REQUIRE(cleared);
    CHECK_FALSE(*cleared);
}
