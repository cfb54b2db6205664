// SPDX-License-Identifier: MIT
#include "monitor/saved_codes.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "core/alphabets.hpp"
#include "monitor/keys.hpp"
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
    Secret master{std::string(32, 'm')};

    [[nodiscard]] SavedCodes codes(const SubjectKey& subject = "1001:ada", uid_t uid = 1001) const {
        return {directory, subject, uid, saved_code_key(master, subject)};
    }
    [[nodiscard]] std::string file() const { return directory + "/codes/1001"; }
};

bool accepts(SavedCodes codes, std::string_view typed) {
    const auto right = codes.use(Secret{typed});
    return right && *right;
}

std::vector<Secret> issue(SavedCodes codes) {
    return std::move(codes.issue(10)).value();
}

}  // namespace

TEST_CASE("ten codes are issued, all different, in the form in which they are printed") {
    const Host host;
    std::set<std::string> seen;
    for (const Secret& code : issue(host.codes())) {
        const std::string text{code.reveal()};
        REQUIRE(text.size() == 19);
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool hyphen = i % 5 == 4;
            CHECK((hyphen ? text[i] == '-' : kSavedAlphabet.find(text[i]) != kSavedAlphabet.npos));
        }
        seen.insert(text);
    }
    CHECK(seen.size() == 10);
    CHECK(host.codes().left() == 10);
}

TEST_CASE("each code works once, in any case and spacing, and the others stay") {
    const Host host;
    const auto codes = issue(host.codes());
    std::uint32_t left = 10;
    for (const Secret& code : codes) {
        std::string typed;
        for (const char c : code.reveal())
            typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
        CHECK(accepts(host.codes(), typed));
        CHECK(host.codes().left() == --left);
        CHECK_FALSE(accepts(host.codes(), code.reveal()));
        CHECK_FALSE(accepts(host.codes(), typed));
    }
    CHECK(host.codes().left() == 0);
}

TEST_CASE("new codes replace the old ones") {
    const Host host;
    const auto old = issue(host.codes());
    const auto fresh = issue(host.codes());
    for (const Secret& code : old) CHECK_FALSE(accepts(host.codes(), code.reveal()));
    CHECK(host.codes().left() == 10);
    CHECK(accepts(host.codes(), fresh.back().reveal()));
    CHECK_FALSE(host.codes().issue(0));
    CHECK_FALSE(host.codes().issue(11));
    CHECK(host.codes().left() == 9);
    REQUIRE(host.codes().issue(3));
    CHECK(host.codes().left() == 3);
}

TEST_CASE("the file is root's alone and holds neither a code nor an unkeyed hash of one") {
    const Host host;
    const auto codes = issue(host.codes());
    struct stat state {};
    REQUIRE(::stat(host.file().c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0600);
    CHECK(state.st_uid == 0);
    REQUIRE(::stat(host.directory.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0700);
    const std::string content = content_of(host.file());
    for (const Secret& code : codes) CHECK(content.find(code.reveal()) == content.npos);

    // Under another master key nothing is right.
    SavedCodes other{host.directory, "1001:ada", 1001,
                     saved_code_key(Secret{std::string(32, 'n')}, "1001:ada")};
    CHECK_FALSE(accepts(std::move(other), codes.front().reveal()));
    CHECK(accepts(host.codes(), codes.front().reveal()));
}

TEST_CASE("a new account that got the uid has none of the old account's codes") {
    const Host host;
    const auto codes = issue(host.codes());
    CHECK(host.codes("1001:eve").left() == 0);
    CHECK_FALSE(accepts(host.codes("1001:eve"), codes.front().reveal()));
    CHECK(host.codes("1001:ad").left() == 0);
    CHECK(host.codes("1002:ada", 1002).left() == 0);
    CHECK_FALSE(accepts(host.codes("1002:ada", 1002), codes.front().reveal()));
    CHECK(host.codes().left() == 10);
    const auto fresh = issue(host.codes("1001:eve"));
    CHECK(accepts(host.codes("1001:eve"), fresh.front().reveal()));
    CHECK_FALSE(accepts(host.codes(), codes.front().reveal()));
}

TEST_CASE("hostile input, and nearly right codes, are just wrong") {
    const Host host;
    const auto codes = issue(host.codes());
    for (const HostileValue& value : hostile_values()) {
        CAPTURE(value.name);
        const auto right = host.codes().use(Secret{value.bytes});
        REQUIRE(right);
        CHECK_FALSE(*right);
    }
    const std::string code{codes.front().reveal()};
    for (const std::string& typed :
         {std::string{}, std::string{"-"}, code.substr(1), code.substr(0, 18), code + "A",
          code + code, code + '\0', '\0' + code, std::string(16, '0'), std::string(64, '0'),
          std::string{"used"}, std::string{"1001:ada"}, content_of(host.file())})
        CHECK_FALSE(accepts(host.codes(), typed));
    CHECK(host.codes().left() == 10);
    CHECK(accepts(host.codes(), code));
}

TEST_CASE("an account without codes is told wrong, and no file is made") {
    const Host host;
    const auto right = host.codes().use(Secret{"ABCD-EFGH-JKLM-NPQR"});
    REQUIRE(right);
    CHECK_FALSE(*right);
    CHECK(host.codes().left() == 0);
    CHECK_FALSE(std::filesystem::exists(host.file()));
}

TEST_CASE("a damaged file opens nothing and is an error") {
    const Host host;
    const auto codes = issue(host.codes());
    const std::string good = content_of(host.file());
    for (const std::string& text :
         {std::string{"junk"}, good + "junk\n", good + good, good.substr(0, good.size() - 1),
          good.substr(0, 40), std::string(100000, 'a'), good + std::string(64, '0') + "\n",
          std::string{"1001:ada\n\n"}, std::string{"1001:ada\nunused\n"}}) {
        CAPTURE(text.substr(0, 60));
        host.parent.write("acts/codes/1001", text);
        const auto right = host.codes().use(Secret{codes.back().reveal()});
        REQUIRE_FALSE(right);
        CHECK(right.error().kind == ErrorKind::Corrupt);
        CHECK(host.codes().left() == 0);
    }
    REQUIRE(::unlink(host.file().c_str()) == 0);
    host.parent.write("elsewhere", good);
    REQUIRE(::symlink(host.parent.file("elsewhere").c_str(), host.file().c_str()) == 0);
    CHECK_FALSE(host.codes().use(Secret{codes.front().reveal()}));
}

TEST_CASE("a code that cannot be struck out is not accepted") {
    const Host host;
    const auto codes = issue(host.codes());
    const std::string before = content_of(host.file());
    Forked full{[&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit nothing{0, 0};
        if (::setrlimit(RLIMIT_FSIZE, &nothing) != 0) return 1;
        return host.codes().use(codes.front().duplicate()) ? 2 : 0;
    }};
    CHECK(full.wait() == 0);
    CHECK(content_of(host.file()) == before);
    CHECK(accepts(host.codes(), codes.front().reveal()));
}

TEST_CASE("of eight processes with one code one is let through, in every round") {
    const Host host;
    std::vector<Secret> codes;
    const int kRounds = rounds(200, 1000);
    for (int round = 0; round < kRounds; ++round) {
        if (codes.empty()) codes = issue(host.codes());
        const Secret code = std::move(codes.back());
        codes.pop_back();
        const auto statuses = race(8, [&](Signal& start) {
            SavedCodes own = host.codes();
            (void)start.wait();
            const auto right = own.use(code);
            return !right ? 2 : *right ? 0 : 1;
        });
        REQUIRE(statuses == std::vector<int>{0, 1, 1, 1, 1, 1, 1, 1});
    }
    evidence("G7 a right code at once, saved codes",
             "8 processes give the monitor one right code, " + std::to_string(kRounds) + " rounds",
             "accepted once in each");
}

TEST_CASE("codes of an owner's making wait beside the present ones, and then take their place") {
    constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
    constexpr TimePoint kThen = kNow + std::chrono::days{7};
    const Host host;
    const auto present = issue(host.codes());
    auto made = host.codes().issue_for(10, kThen);
    REQUIRE(made);
    CHECK(host.codes().waiting_from() == kThen);
    REQUIRE(host.codes().settle(kThen - std::chrono::seconds{1}));
    CHECK_FALSE(accepts(host.codes(), made->at(0).reveal()));
    CHECK(accepts(host.codes(), present[0].reveal()));
    SECTION("when their time has come") {
        REQUIRE(host.codes().settle(kThen));
        CHECK(accepts(host.codes(), made->at(0).reveal()));
        CHECK_FALSE(accepts(host.codes(), present[1].reveal()));
        CHECK_FALSE(host.codes().waiting_from());
        REQUIRE(host.codes().settle(kThen + std::chrono::days{1}));
        CHECK_FALSE(accepts(host.codes(), made->at(0).reveal()));
    }
    SECTION("and not after a veto") {
        REQUIRE(host.codes().drop_waiting());
        REQUIRE(host.codes().drop_waiting());
        REQUIRE(host.codes().settle(kThen));
        CHECK(accepts(host.codes(), present[1].reveal()));
    }
    SECTION("and not behind root's new ones") {
        const auto roots = issue(host.codes());
        REQUIRE(host.codes().settle(kThen));
        CHECK(accepts(host.codes(), roots[0].reveal()));
        CHECK_FALSE(accepts(host.codes(), made->at(0).reveal()));
    }
    SECTION("and not of another account that gets the uid") {
        const SavedCodes eves = host.codes("1001:eve");
        const auto of_eve = issue(host.codes("1001:eve"));
        REQUIRE(host.codes().issue_for(10, kThen));
        CHECK_FALSE(eves.waiting_from());
        REQUIRE(host.codes("1001:eve").settle(kThen));
        CHECK(accepts(host.codes("1001:eve"), of_eve[0].reveal()));
    }
    SECTION("and a damaged file lets nothing in") {
        for (const char* text : {"", "from \n", "from x\n1001:ada\n", "until 1\n1001:ada\n",
                                 "from 1", "from 99999999999999999999\n1001:ada\n"}) {
            host.parent.write("acts/codes/1001.waiting", text);
            CHECK_FALSE(host.codes().settle(kThen));
            CHECK_FALSE(host.codes().waiting_from());
            CHECK(host.codes().left() == 9);
        }
    }
}

TEST_CASE("all codes end when their owner has them end, and not before") {
    constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
    constexpr TimePoint kThen = kNow + std::chrono::days{30};
    const Host host;
    const auto present = issue(host.codes());
    REQUIRE(host.codes().end_from(kThen));
    CHECK(host.codes().ending_from() == kThen);
    CHECK_FALSE(host.codes().waiting_from());
    REQUIRE(host.codes().settle(kThen - std::chrono::seconds{1}));
    CHECK(accepts(host.codes(), present[0].reveal()));
    SECTION("then none is left") {
        REQUIRE(host.codes().settle(kThen));
        CHECK(host.codes().left() == 0);
        CHECK_FALSE(accepts(host.codes(), present[1].reveal()));
        CHECK_FALSE(host.codes().ending_from());
        CHECK(accepts(host.codes(), issue(host.codes())[0].reveal()));
    }
    SECTION("not after a veto") {
        REQUIRE(host.codes().drop_waiting());
        REQUIRE(host.codes().settle(kThen));
        CHECK(accepts(host.codes(), present[1].reveal()));
    }
    SECTION("later, if all waits a day longer") {
        REQUIRE(host.codes().wait_until(kThen + std::chrono::days{1}));
        REQUIRE(host.codes().settle(kThen));
        CHECK(accepts(host.codes(), present[1].reveal()));
        REQUIRE(host.codes().settle(kThen + std::chrono::days{1}));
        CHECK(host.codes().left() == 0);
    }
    SECTION("and not those of another account that gets the uid") {
        const auto of_eve = issue(host.codes("1001:eve"));
        REQUIRE(host.codes("1001:eve").settle(kThen));
        CHECK(accepts(host.codes("1001:eve"), of_eve[0].reveal()));
    }
}
