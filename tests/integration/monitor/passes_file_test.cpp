// SPDX-License-Identifier: MIT
//
// The file of an account's passes: whose it is, what is in it, and what a damaged one does.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "monitor/saved_codes.hpp"
#include "tests/integration/monitor/passes_host.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/hostile_values.hpp"

using namespace latchkey;
using namespace std::chrono_literals;

TEST_CASE("the passes' file is root's alone and holds neither a pass nor an unkeyed hash of one") {
    const PassesHost host;
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
    const PassesHost host;
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
    const PassesHost host;
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
    const PassesHost host;
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
    const PassesHost host;
    CHECK_FALSE(host.accepts("ABCD-EFGH-JKLM-NPQR"));
    CHECK(host.alive() == 0);
    CHECK_FALSE(std::filesystem::exists(host.file()));
}

TEST_CASE("a damaged file of passes opens nothing, and is an error at every call") {
    const PassesHost host;
    const std::string pass = host.issue(1h, false);
    const std::string good = content_of(host.file());
    const std::string line = good.substr(good.find("\n1\t") + 1);
    for (const std::string& text :
         {std::string{"junk"}, std::string{}, good + "junk\n", good + good,
          good.substr(0, good.size() - 1), good.substr(0, 40), std::string(100000, 'a'),
          "1001:ada\nx\n" + line, std::string{"1001:ada\n1\n\n"}, "1001:ada\n" + line,
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
    const PassesHost host;
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
    const PassesHost host;
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
