// SPDX-License-Identifier: MIT
//
// What every Vault promises, on the real one and the fake.
#include <array>
#include <set>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

using namespace latchkey;

namespace {

Secret key_of(char byte) {
    return Secret{std::string(Vault::kKeyBytes, byte)};
}

}  // namespace

TEMPLATE_TEST_CASE("a derived key is repeatable and of its own", "", SodiumVault, FakeVault) {
    const TestType vault;
    const Secret key = key_of('a');
    const Secret codes = vault.derive(key, "codes");
    CHECK(codes.size() == Vault::kKeyBytes);
    CHECK(codes.reveal() == vault.derive(key, "codes").reveal());
    CHECK(codes.reveal() != vault.derive(key, "outbox").reveal());
    CHECK(codes.reveal() != vault.derive(key_of('b'), "codes").reveal());
    CHECK(codes.reveal() != key.reveal());
    const Digest digest = vault.digest(key, "codes", "");
    CHECK(codes.reveal() != std::string(digest.begin(), digest.end()));
}

TEMPLATE_TEST_CASE("a digest depends on key, context and text, and on their border", "",
                   SodiumVault, FakeVault) {
    const TestType vault;
    const Secret key = key_of('a');
    const Digest digest = vault.digest(key, "code|1|email", "12345678");
    CHECK(digest == vault.digest(key, "code|1|email", "12345678"));
    CHECK(digest != vault.digest(key, "code|1|email", "12345679"));
    CHECK(digest != vault.digest(key, "code|2|email", "12345678"));
    CHECK(digest != vault.digest(key_of('b'), "code|1|email", "12345678"));
    CHECK(vault.digest(key, "ab", "c") != vault.digest(key, "a", "bc"));
    const std::string with_nul{"ab\0c", 4};
    CHECK(vault.digest(key, "x", with_nul) != vault.digest(key, "x", "ab"));
}

TEMPLATE_TEST_CASE("what was sealed opens with the same key in the same place", "", SodiumVault,
                   FakeVault) {
    const TestType vault;
    for (const std::string& plain :
         {std::string{}, std::string{"ada@example.org"}, std::string(5000, '\0')}) {
        const std::string sealed = vault.seal(key_of('a'), "contact|1001:ada|email", plain);
        const auto opened = vault.unseal(key_of('a'), "contact|1001:ada|email", sealed);
        REQUIRE(opened);
        CHECK(opened->reveal() == plain);
        if (!plain.empty()) CHECK(sealed.find(plain) == std::string::npos);
    }
}

TEMPLATE_TEST_CASE("a wrong key, a wrong place or any altered byte does not open", "", SodiumVault,
                   FakeVault) {
    const TestType vault;
    const std::string sealed = vault.seal(key_of('a'), "contact|1001:ada|email", "secret");
    const auto refused = [&vault](const Secret& key, std::string_view place,
                                  std::string_view text) {
        const auto opened = vault.unseal(key, place, text);
        return !opened && opened.error().kind == ErrorKind::Corrupt;
    };
    CHECK(refused(key_of('b'), "contact|1001:ada|email", sealed));
    CHECK(refused(key_of('a'), "contact|1002:bob|email", sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string altered = sealed;
        altered[i] = static_cast<char>(altered[i] ^ 1);
        CHECK(refused(key_of('a'), "contact|1001:ada|email", altered));
        CHECK(refused(key_of('a'), "contact|1001:ada|email", sealed.substr(0, i)));
    }
    CHECK(refused(key_of('a'), "contact|1001:ada|email", sealed + "x"));
}

TEMPLATE_TEST_CASE("uniform numbers stay below the bound and reach all of it", "", SodiumVault,
                   FakeVault) {
    TestType vault;
    for (const std::uint32_t bound : {1U, 2U, 7U, 20U}) {
        std::set<std::uint32_t> seen;
        for (int i = 0; i < 2000; ++i) seen.insert(vault.uniform(bound));
        CHECK(seen.size() == bound);
        CHECK(*seen.rbegin() == bound - 1);
    }
}

TEMPLATE_TEST_CASE("equal means the same bytes and the same length", "", SodiumVault, FakeVault) {
    const TestType vault;
    CHECK(vault.equal("", ""));
    CHECK(vault.equal("12345678", "12345678"));
    CHECK_FALSE(vault.equal("12345678", "12345679"));
    CHECK_FALSE(vault.equal("1234567", "12345678"));
    CHECK_FALSE(vault.equal("", "1"));
    CHECK_FALSE(vault.equal(std::string_view{"a\0b", 3}, std::string_view{"a\0c", 3}));
}

TEST_CASE("sealing the same text twice gives different bytes") {
    const SodiumVault vault;
    std::set<std::string> sealed;
    for (int i = 0; i < 100; ++i) sealed.insert(vault.seal(key_of('a'), "place", "text"));
    CHECK(sealed.size() == 100);
}

TEST_CASE("the real vault's numbers are even enough that a bias would show") {
    SodiumVault vault;
    std::array<int, 10> counts{};
    for (int i = 0; i < 100000; ++i) ++counts.at(vault.uniform(10));
    // Chi-square with 9 degrees of freedom: above 50 about once in ten million runs.
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - 10000.0) * (count - 10000.0) / 10000.0;
    CHECK(chi_square < 50.0);
}

TEST_CASE("the fake vault's codes can be foretold") {
    FakeVault vault;
    std::string code;
    for (int i = 0; i < 12; ++i) code += static_cast<char>('0' + vault.uniform(10));
    CHECK(code == "012345678901");
    vault.foretell(7);
    CHECK(vault.uniform(10) == 7);
}
