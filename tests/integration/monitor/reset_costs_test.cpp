// SPDX-License-Identifier: MIT
#include "monitor/reset_costs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>
#include <utility>

#include "core/screens.hpp"
#include "monitor/home_look.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kAda = 58'211;

// A home below a directory that everybody may pass, as /home is.
struct Home {
    Home() {
        REQUIRE(::chmod(place.path().c_str(), 0755) == 0);
        account.name = "ada";
        account.uid = account.gid = kAda;
        account.home = place.file("home");
        make("");
    }
    void make(const std::string& directory) const {
        fs::create_directories(account.home + "/" + directory);
        for (fs::path each = account.home + "/" + directory; each != place.path();
             each = each.parent_path())
            REQUIRE(::lchown(each.c_str(), kAda, kAda) == 0);
    }
    void write(const std::string& directory, const std::string& name) const {
        make(directory);
        place.write("home/" + directory + "/" + name, "not to be read", 0);
    }
    [[nodiscard]] ResetCosts costs() const {
        std::chrono::milliseconds patience = std::chrono::seconds{20};
        return reset_costs(account, patience);
    }

    TemporaryDirectory place;
    Account account;
};

struct Asked {
    bool accepted = false;
    std::string question;
};

Asked asked(const ResetCosts& costs, const std::string& answer) {
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    Asked asked;
    const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    std::thread monitor{[&] {
        Claimant claimant{std::move(ends->first), soon};
        asked.accepted = accept_costs(costs, claimant);
    }};
    Seqpacket person = std::move(ends->second);
    if (auto question = person.receive_message<wire::Ask>(soon)) {
        asked.question = question->text;
        (void)person.send_message(wire::Answer{Secret{answer}});
    }
    monitor.join();
    return asked;
}

}  // namespace

TEST_CASE("a home without a keyring and without encryption costs nothing") {
    const Home home;
    CHECK_FALSE(home.costs().any());
    home.write(".local/share/keyrings", "user.keystore");
    home.write(".local/share/kwalletd", "other.kwl");
    CHECK_FALSE(home.costs().any());
}

TEST_CASE("a login keyring, a wallet and an eCryptfs home are seen where they lie") {
    const Home home;
    home.write(".local/share/keyrings", "login.keyring");
    CHECK(home.costs().gnome_keyring);
    CHECK_FALSE(home.costs().kwallet);
    home.write(".local/share/kwalletd", "kdewallet.kwl");
    CHECK(home.costs().kwallet);
    CHECK_FALSE(home.costs().ecryptfs);
    SECTION("open") {
        home.make(".ecryptfs");
    }
    SECTION("closed, a link to where nobody looks") {
        REQUIRE(::symlink("/home/.ecryptfs/ada/.ecryptfs",
                          (home.account.home + "/.ecryptfs").c_str()) == 0);
    }
    CHECK(home.costs().ecryptfs);
}

TEST_CASE("no link in a home is followed, and nothing is seen that the account cannot see") {
    const Home home;
    const Home other;
    other.write(".local/share/keyrings", "login.keyring");
    SECTION("a link in the way") {
        home.make(".local");
        REQUIRE(::symlink((other.account.home + "/.local/share").c_str(),
                          (home.account.home + "/.local/share").c_str()) == 0);
    }
    SECTION("a link in place of the home") {
        REQUIRE(fs::remove(home.account.home));
        REQUIRE(::symlink(other.account.home.c_str(), home.account.home.c_str()) == 0);
    }
    SECTION("a directory of root's") {
        home.write(".local/share/keyrings", "login.keyring");
        const std::string keyrings = home.account.home + "/.local/share/keyrings";
        REQUIRE(::chown(keyrings.c_str(), 0, 0) == 0);
        REQUIRE(::chmod(keyrings.c_str(), 0700) == 0);
    }
    CHECK_FALSE(home.costs().any());
}

TEST_CASE("what a reset costs fits on a screen and is plain") {
    const std::string all = text_of({true, true, true, true});
    const Asked told = asked({true, true, true, true}, "");
    CHECK(told.question.starts_with(all));
    CHECK(told.question.size() <= kMaxScreenBytes);
    for (const char* part : {"GNOME", "KWallet", "eCryptfs", "fscrypt"})
        CHECK(all.find(part) != all.npos);
    CHECK(text_of({true, false, false, false}).find("KWallet") == std::string::npos);
}

TEST_CASE("a plain yes goes on with the reset, and nothing else does") {
    const ResetCosts keyring{true, false, false, false};
    CHECK(asked(keyring, "yes").accepted);
    for (const char* other : {"", "y", "no", "YES", "yes "}) {
        CAPTURE(other);
        CHECK_FALSE(asked(keyring, other).accepted);
    }
}
