// SPDX-License-Identifier: MIT
#include "monitor/temporary_passes.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "core/alphabets.hpp"
#include "monitor/keys.hpp"
#include "monitor/saved_codes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};

struct Host {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");
    Secret master{std::string(32, 'm')};

    [[nodiscard]] TemporaryPasses passes(const SubjectKey& subject = "1001:ada",
                                         uid_t uid = 1001) const {
        return {directory, subject, uid, temporary_pass_key(master, subject)};
    }
    [[nodiscard]] std::string file() const { return directory + "/passes/1001"; }

    [[nodiscard]] std::string issue(std::chrono::seconds life = 1h, bool is_for_once = true,
                                    TimePoint now = kNow) const {
        auto issued = passes().issue(life, is_for_once, "ticket 4711", now);
        REQUIRE(issued);
        return std::string{issued->shown.reveal()};
    }
    [[nodiscard]] bool accepts(const std::string& typed, TimePoint now = kNow) const {
        const auto used = passes().use(Secret{typed}, now);
        REQUIRE(used);
        return used->has_value();
    }
    [[nodiscard]] std::size_t alive(TimePoint now = kNow) const {
        return passes().alive(now).value().size();
    }
};

}  // namespace

TEST_CASE("a pass has the form of a saved code, and none is like another") {
    const Host host;
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        const std::string text = host.issue();
        REQUIRE(text.size() == 19);
        for (std::size_t at = 0; at < text.size(); ++at) {
            const bool is_hyphen = at % 5 == 4;
            CHECK(
                (is_hyphen ? text[at] == '-' : kSavedAlphabet.find(text[at]) != std::string::npos));
        }
        CHECK(seen.insert(text).second);
        CHECK(host.passes().revoke(0, kNow).value() == 1);
    }
}

TEST_CASE("a pass for once works once, in any case and spacing") {
    const Host host;
    std::string typed = host.issue();
    for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
    CHECK(host.accepts(typed));
    CHECK_FALSE(host.accepts(typed));
    CHECK(host.alive() == 0);
}

TEST_CASE("a pass for many uses works until its end, and not to the second of it") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    for (const auto later : {0s, 1s, 1800s, 3599s}) CHECK(host.accepts(pass, kNow + later));
    CHECK_FALSE(host.accepts(pass, kNow + 1h));
    CHECK_FALSE(host.accepts(pass, kNow + 2h));
}

TEST_CASE("what is right is named, with root's reason") {
    const Host host;
    const std::string first = host.issue(1h, false);
    const std::string second = host.issue(24h);
    const auto used = host.passes().use(Secret{second}, kNow + 5s).value();
    REQUIRE(used.has_value());
    CHECK(used->id == 2);
    CHECK(used->issued_at == kNow);
    CHECK(used->ends_at == kNow + 24h);
    CHECK(used->is_for_once);
    CHECK(used->reason == "ticket 4711");
    CHECK(host.passes().use(Secret{first}, kNow + 5s).value()->id == 1);
}

TEST_CASE("a life of 10 minutes to 30 days is taken, and no other") {
    const Host host;
    for (const std::chrono::seconds life :
         {0s, -1s, 599s, std::chrono::seconds{30 * 86400 + 1}, std::chrono::seconds::max()}) {
        const auto refused = host.passes().issue(life, true, "x", kNow);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::Rejected);
    }
    CHECK(host.passes().issue(10min, true, "x", kNow));
    CHECK(host.passes().issue(std::chrono::days{30}, true, "x", kNow));
}

TEST_CASE("a reason is printable and bounded, and comes back as it was given") {
    const Host host;
    for (const std::string& reason :
         {std::string{}, std::string(121, 'r'), std::string{"tab\t"}, std::string{"line\n"},
          std::string{"nul\0", 4}, std::string{"\xff"}, std::string{"caf\xc3\xa9"}}) {
        const auto refused = host.passes().issue(1h, true, reason, kNow);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::Rejected);
    }
    CHECK_FALSE(std::filesystem::exists(host.file()));
    const std::string odd = R"(100% "sure" \t; see http://x/?a=b'c)";
    REQUIRE(host.passes().issue(1h, true, odd, kNow));
    REQUIRE(host.passes().issue(1h, true, std::string(120, '%'), kNow));
    const auto listed = host.passes().alive(kNow).value();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].reason == odd);
    CHECK(listed[1].reason == std::string(120, '%'));
}

TEST_CASE("three passes are alive at most, and one that has ended makes room") {
    const Host host;
    (void)host.issue(10min);
    const std::string used = host.issue(1h);
    (void)host.issue(1h);
    const auto refused = host.passes().issue(1h, true, "x", kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Rejected);
    CHECK(refused.error().detail.find("revoke one first") != std::string::npos);
    CHECK(host.alive() == 3);
    CHECK(host.passes().issue(1h, true, "x", kNow + 10min));
    CHECK_FALSE(host.passes().issue(1h, true, "x", kNow + 10min));
    CHECK(host.accepts(used, kNow + 10min));
    CHECK(host.passes().issue(1h, true, "x", kNow + 10min).value().pass.id == 5);
}

TEST_CASE("a revoked pass is wrong from then on, one alone or all of the account") {
    const Host host;
    const std::string first = host.issue(1h, false);
    const std::string second = host.issue(1h, false);
    const std::string third = host.issue(1h, false);
    CHECK(host.passes().revoke(2, kNow).value() == 1);
    CHECK(host.passes().revoke(2, kNow).value() == 0);
    CHECK(host.passes().revoke(4, kNow).value() == 0);
    CHECK(host.accepts(first));
    CHECK_FALSE(host.accepts(second));
    CHECK(host.passes().revoke(0, kNow).value() == 2);
    CHECK_FALSE(host.accepts(first));
    CHECK_FALSE(host.accepts(third));
    CHECK(host.passes().revoke(0, kNow).value() == 0);
}

TEST_CASE("under a clock that was set back before its issue a pass is wrong, and is good again") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    CHECK_FALSE(host.accepts(pass, kNow - 1s));
    CHECK_FALSE(host.accepts(pass, TimePoint{}));
    CHECK(host.accepts(pass));
}

TEST_CASE("a pass whose end was seen does not come back with a clock that is set back") {
    const Host looked;
    const std::string listed = looked.issue(1h, false);
    CHECK(looked.alive(kNow + 1h) == 0);
    CHECK_FALSE(looked.accepts(listed, kNow + 1min));

    const Host guessed;
    const std::string typed = guessed.issue(1h, false);
    CHECK_FALSE(guessed.accepts("ABCD-EFGH-JKLM-NPQR", kNow + 2h));
    CHECK_FALSE(guessed.accepts(typed, kNow + 1min));

    // Whose end nobody has seen lives longer by what the clock was set back.
    const Host unseen;
    const std::string kept = unseen.issue(1h, false);
    CHECK(unseen.accepts(kept, kNow + 59min));
    CHECK(unseen.accepts(kept, kNow + 1min));
}

TEST_CASE("the passes' file is root's alone and holds neither a pass nor an unkeyed hash of one") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    struct stat state {};
    REQUIRE(::stat(host.file().c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0600);
    CHECK(state.st_uid == 0);
    REQUIRE(::stat((host.directory + "/passes").c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0700);
    CHECK(content_of(host.file()).find(pass) == std::string::npos);

    TemporaryPasses other{host.directory, "1001:ada", 1001,
                          temporary_pass_key(Secret{std::string(32, 'n')}, "1001:ada")};
    CHECK_FALSE(other.use(Secret{pass}, kNow).value().has_value());
    CHECK(host.accepts(pass));
}

TEST_CASE("a pass is no saved code, and a saved code no pass, also in the other's file") {
    const Host host;
    SavedCodes codes{host.directory, "1001:ada", 1001, saved_code_key(host.master, "1001:ada")};
    const std::string pass = host.issue(1h, false);
    const auto issued = codes.issue(10);
    REQUIRE(issued);
    CHECK_FALSE(codes.use(Secret{pass}).value());
    CHECK_FALSE(host.accepts(std::string{issued->front().reveal()}));

    // The digest of the pass, put among the saved codes by hand: another key, another context.
    const std::string line = content_of(host.file());
    const std::string digest = line.substr(line.rfind('\t') + 1);
    host.parent.write("acts/codes/1001", "1001:ada\n" + digest);
    CHECK(codes.left() == 1);
    CHECK_FALSE(codes.use(Secret{pass}).value());
}

TEST_CASE("a new account that got the uid has none of the old account's passes") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    for (const char* name : {"1001:eve", "1001:ad"}) {
        CHECK(host.passes(name).alive(kNow).value().empty());
        CHECK_FALSE(host.passes(name).use(Secret{pass}, kNow).value().has_value());
    }
    CHECK_FALSE(host.passes("1002:ada", 1002).use(Secret{pass}, kNow).value().has_value());
    CHECK(host.accepts(pass));
    REQUIRE(host.passes("1001:eve").issue(1h, true, "x", kNow));
    CHECK(host.alive() == 0);
    CHECK_FALSE(host.accepts(pass));
}

TEST_CASE("hostile input, and nearly right passes, are just wrong") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    for (const HostileValue& value : hostile_values()) {
        CAPTURE(value.name);
        CHECK_FALSE(host.accepts(value.bytes));
    }
    for (const std::string& typed :
         {std::string{}, std::string{"-"}, pass.substr(1), pass.substr(0, 18), pass + "A",
          pass + pass, pass + '\0', '\0' + pass, std::string(16, '0'), std::string{"once"},
          std::string{"1001:ada"}, content_of(host.file())})
        CHECK_FALSE(host.accepts(typed));
    CHECK(host.accepts(pass));
}

TEST_CASE("an account without passes is told wrong, and no file is made") {
    const Host host;
    CHECK_FALSE(host.accepts("ABCD-EFGH-JKLM-NPQR"));
    CHECK(host.alive() == 0);
    CHECK_FALSE(std::filesystem::exists(host.file()));
}

TEST_CASE("a damaged file of passes opens nothing, and is an error at every call") {
    const Host host;
    const std::string pass = host.issue(1h, false);
    const std::string good = content_of(host.file());
    const std::string line = good.substr(good.find("\n1\t") + 1);
    for (const std::string& text :
         {std::string{"junk"}, std::string{}, good + "junk\n", good + good,
          good.substr(0, good.size() - 1), good.substr(0, 40), std::string(100000, 'a'),
          "1001:ada\nx\n" + line, "1001:ada\n1\n\n", "1001:ada\n" + line,
          "1001:ada\n9\n" + line + line + line + line,
          good.substr(0, good.find("many")) + "ever" + good.substr(good.find("many") + 4)}) {
        CAPTURE(text.substr(0, 60));
        host.parent.write("acts/passes/1001", text);
        const auto right = host.passes().use(Secret{pass}, kNow);
        REQUIRE_FALSE(right);
        CHECK(right.error().kind == ErrorKind::Corrupt);
        CHECK_FALSE(host.passes().alive(kNow));
        CHECK_FALSE(host.passes().issue(1h, true, "x", kNow));
        CHECK_FALSE(host.passes().revoke(0, kNow));
    }
    REQUIRE(::unlink(host.file().c_str()) == 0);
    host.parent.write("elsewhere", good);
    REQUIRE(::symlink(host.parent.file("elsewhere").c_str(), host.file().c_str()) == 0);
    CHECK_FALSE(host.passes().use(Secret{pass}, kNow));
}

TEST_CASE(
    "a pass for once that cannot be struck out is not accepted, and one that cannot be kept "
    "is not issued") {
    const Host host;
    const std::string pass = host.issue();
    const std::string before = content_of(host.file());
    Forked full{[&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit nothing{0, 0};
        if (::setrlimit(RLIMIT_FSIZE, &nothing) != 0) return 1;
        if (host.passes().use(Secret{pass}, kNow)) return 2;
        if (host.passes().issue(1h, true, "x", kNow)) return 3;
        return host.passes().revoke(1, kNow) ? 4 : 0;
    }};
    CHECK(full.wait() == 0);
    CHECK(content_of(host.file()) == before);
    CHECK(host.accepts(pass));
}

TEST_CASE("of eight processes with one pass for once one is let through, in every round") {
    const Host host;
    const int kRounds = rounds(100, 1000);
    for (int round = 0; round < kRounds; ++round) {
        const std::string pass = host.issue();
        const auto statuses = race(8, [&](Signal& start) {
            TemporaryPasses own = host.passes();
            (void)start.wait();
            const auto used = own.use(Secret{pass}, kNow);
            return !used ? 2 : *used ? 0 : 1;
        });
        REQUIRE(statuses == std::vector<int>{0, 1, 1, 1, 1, 1, 1, 1});
    }
    evidence("G7 a right code at once, temporary passes",
             "8 processes give the monitor one right pass, " + std::to_string(kRounds) + " rounds",
             "accepted once in each");
}
