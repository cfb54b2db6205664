// SPDX-License-Identifier: MIT
#include "monitor/used_steps.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

struct Host {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");

    [[nodiscard]] UsedSteps steps(const SubjectKey& subject = "1001:ada", uid_t uid = 1001) const {
        return {directory, subject, uid};
    }
};

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr std::uint64_t kStepNow = 60'000'000;

bool spends(UsedSteps steps, std::uint64_t step) {
    const auto spent = steps.spend(step, kNow);
    REQUIRE(spent);
    return *spent == StepResult::Fresh;
}

}  // namespace

TEST_CASE("a step is spent once, and with it every step before it") {
    const Host host;
    CHECK(spends(host.steps(), 58));
    CHECK_FALSE(spends(host.steps(), 58));
    CHECK_FALSE(spends(host.steps(), 57));
    CHECK(spends(host.steps(), 59));
    CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n59\n");
}

TEST_CASE("what one account spends is nobody else's, and a reused uid begins from nothing") {
    const Host host;
    CHECK(spends(host.steps(), 58));
    CHECK(spends(host.steps("1002:ben", 1002), 58));
    CHECK(spends(host.steps("1001:eve"), 1));
}

TEST_CASE("a new app begins from nothing") {
    const Host host;
    CHECK(spends(host.steps(), kStepNow));
    CHECK_FALSE(spends(host.steps(), kStepNow));
    REQUIRE(host.steps().begin(OtpKind::Time));
    CHECK(spends(host.steps(), 1));
}

TEST_CASE("a token's counter grows as far as its codes are searched, and no further at once") {
    const Host host;
    CHECK(spends(host.steps(), kStepNow));  // of the app before
    REQUIRE(host.steps().begin(OtpKind::Counter));
    CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n0\ncounter\n");
    CHECK(spends(host.steps(), 1));
    CHECK_FALSE(spends(host.steps(), 1));
    CHECK(spends(host.steps(), 1 + 1002));
    CHECK_FALSE(spends(host.steps(), 1002));
    CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n1003\ncounter\n");
    for (const std::uint64_t step : {std::uint64_t{1003 + 1003}, kStepNow, ~std::uint64_t{0}}) {
        const auto spent = host.steps().spend(step, kNow);
        REQUIRE(spent);
        CHECK(*spent == StepResult::OutOfReach);
    }
}

TEST_CASE("a step that no app can have reached is not spent, so nobody shuts an app out with it") {
    const Host host;
    for (const std::uint64_t step : {~std::uint64_t{0}, kStepNow + 12}) {
        const auto spent = host.steps().spend(step, kNow);
        REQUIRE(spent);
        CHECK(*spent == StepResult::OutOfReach);
    }
    CHECK(spends(host.steps(), kStepNow));
    CHECK(spends(host.steps(), kStepNow + 11));  // the widest window, and a clock that goes on
}

TEST_CASE("a damaged file of used steps spends nothing and is an error") {
    const Host host;
    REQUIRE(spends(host.steps(), 58));
    for (const std::string& text :
         {std::string{}, std::string{"junk"}, std::string{"1001:ada\n"},
          std::string{"1001:ada\n59"}, std::string{"1001:ada\n-1\n"}, std::string{"1001:ada\n5x\n"},
          std::string{"1001:ada\n18446744073709551616\n"}, std::string{"1001:ada\n1\n2\n"},
          std::string{"1001:ada\n1\ncounter"}, std::string{"1001:ada\n1\ncounter\n\n"},
          std::string(100000, 'a')}) {
        CAPTURE(text.substr(0, 60));
        host.parent.write("acts/steps/1001", text);
        const auto spent = host.steps().spend(60, kNow);
        REQUIRE_FALSE(spent);
        CHECK(spent.error().kind == ErrorKind::Corrupt);
    }
}

TEST_CASE("a step that cannot be kept is not spent") {
    const Host host;
    REQUIRE(spends(host.steps(), 58));
    Forked full{[&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit nothing{0, 0};
        if (::setrlimit(RLIMIT_FSIZE, &nothing) != 0) return 1;
        return host.steps().spend(59, kNow) ? 2 : 0;
    }};
    CHECK(full.wait() == 0);
    CHECK(spends(host.steps(), 59));
}

TEST_CASE("of eight processes with one OTP one spends its step, in every round") {
    const Host host;
    const int kRounds = rounds(100, 1000);
    for (int round = 1; round <= kRounds; ++round) {
        const auto statuses = race(8, [&](Signal& start) {
            UsedSteps own = host.steps();
            (void)start.wait();
            const auto spent = own.spend(static_cast<std::uint64_t>(round), kNow);
            return !spent ? 2 : *spent == StepResult::Fresh ? 0 : 1;
        });
        REQUIRE(statuses == std::vector<int>{0, 1, 1, 1, 1, 1, 1, 1});
    }
}

TEST_CASE("many apps and tokens begin at once, a token at its counter") {
    const Host host;
    CHECK(spends(host.steps(), kStepNow));
    CHECK(spends(host.steps("1002:ben", 1002), 400));
    const std::vector<NewSteps> all{{"1001:ada", 1001, OtpKind::Time, 0},
                                    {"1002:ben", 1002, OtpKind::Counter, 7},
                                    {"1003:cyd", 1003, OtpKind::Time, 0},
                                    {"1004:dan", 1004, OtpKind::Counter, 0}};
    REQUIRE(begin_used_steps(host.directory, all));
    CHECK(spends(host.steps(), kStepNow));
    CHECK_FALSE(spends(host.steps("1002:ben", 1002), 7));
    CHECK(spends(host.steps("1002:ben", 1002), 8));
    CHECK(host.steps("1002:ben", 1002).spend(2000, kNow).value() == StepResult::OutOfReach);
    CHECK(content_of(host.directory + "/steps/1004") == "1004:dan\n0\ncounter\n");
    // An app that has spent nothing needs no file.
    CHECK_FALSE(std::filesystem::exists(host.directory + "/steps/1003"));
    CHECK(spends(host.steps("1003:cyd", 1003), kStepNow));
    CHECK(begin_used_steps(host.directory, {}));
}

TEST_CASE("a known key goes on where it was, unless what lies there is of the key before it") {
    const Host host;
    const auto again = [&](OtpKind kind) {
        return begin_used_steps(host.directory,
                                std::vector<NewSteps>{{"1001:ada", 1001, kind, 7, true}});
    };
    SECTION("an app that has spent a step") {
        CHECK(spends(host.steps(), kStepNow));
        REQUIRE(again(OtpKind::Time));
        CHECK_FALSE(spends(host.steps(), kStepNow));
    }
    SECTION("a token that has counted") {
        REQUIRE(host.steps().begin(OtpKind::Counter));
        CHECK(spends(host.steps(), 9));
        REQUIRE(again(OtpKind::Counter));
        CHECK_FALSE(spends(host.steps(), 9));
        CHECK(spends(host.steps(), 10));
    }
    SECTION("a token that a host which died has enrolled in the place of an app") {
        CHECK(spends(host.steps(), kStepNow));
        REQUIRE(again(OtpKind::Counter));
        CHECK_FALSE(spends(host.steps(), 7));
        CHECK(spends(host.steps(), 8));
    }
    SECTION("the same, where the app had spent nothing") {
        REQUIRE(again(OtpKind::Counter));
        CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n7\ncounter\n");
    }
    SECTION("a file that nobody understands") {
        std::filesystem::create_directories(host.directory + "/steps");
        std::ofstream{host.directory + "/steps/1001"} << "?";
        REQUIRE(again(OtpKind::Counter));
        CHECK(content_of(host.directory + "/steps/1001") == "?");
    }
}

TEST_CASE("a key that is named in the file is known without a word of the verifier's") {
    const Host host;
    const auto import = [&](const char* tag, bool is_known, std::uint64_t from = 0) {
        return begin_used_steps(
            host.directory,
            std::vector<NewSteps>{{"1001:ada", 1001, OtpKind::Counter, from, is_known, tag}});
    };
    REQUIRE(import("11aa", false));
    CHECK(spends(host.steps(), 9));
    SECTION("the same key, of which the verifier says that it is new") {
        REQUIRE(import("11aa", false));
        CHECK_FALSE(spends(host.steps(), 9));
    }
    SECTION("another key, of which it says that it was there") {
        REQUIRE(import("22bb", true));
        CHECK(spends(host.steps(), 9));
        REQUIRE(import("22bb", false));
        CHECK_FALSE(spends(host.steps(), 9));
    }
    SECTION("the name stays when a step is spent") {
        CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n9\ncounter\nkey=11aa\n");
    }
    SECTION("a file without a name gets it, and keeps its steps") {
        REQUIRE(host.steps().begin(OtpKind::Counter));
        CHECK(spends(host.steps(), 9));
        REQUIRE(import("11aa", true));
        CHECK_FALSE(spends(host.steps(), 9));
        REQUIRE(import("11aa", false));
        CHECK_FALSE(spends(host.steps(), 9));
    }
}

TEST_CASE("the name of a key is of the key and of its account") {
    const Secret one{std::string(32, 'a')};
    const Secret other{std::string(32, 'b')};
    const Secret key{"12345678901234567890"};
    CHECK(key_tag(one, key).size() == 32);
    CHECK(key_tag(one, key) == key_tag(one, key));
    CHECK(key_tag(one, key) != key_tag(other, key));
    CHECK(key_tag(one, key) != key_tag(one, Secret{"12345678901234567891"}));
}

TEST_CASE("where one of many cannot be written, each file is whole and nothing is left beside it") {
    const Host host;
    CHECK(spends(host.steps(), kStepNow));
    // A directory stands where the second file would be.
    std::filesystem::create_directory(host.directory + "/steps/1002");
    CHECK_FALSE(begin_used_steps(host.directory,
                                 std::vector<NewSteps>{{"1001:ada", 1001, OtpKind::Counter, 3},
                                                       {"1002:ben", 1002, OtpKind::Counter, 4},
                                                       {"1003:cyd", 1003, OtpKind::Counter, 5}}));
    CHECK(content_of(host.directory + "/steps/1001") == "1001:ada\n3\ncounter\n");
    CHECK_FALSE(std::filesystem::exists(host.directory + "/steps/1003"));
    for (const auto& entry : std::filesystem::directory_iterator{host.directory + "/steps"})
        CHECK(entry.path().filename().string().find(".new") == std::string::npos);
}
