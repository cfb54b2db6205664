// SPDX-License-Identifier: MIT
#include "core/codes.hpp"

#include <set>
#include <string>
#include <vector>

#include "core/alphabets.hpp"
#include "core/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_vault.hpp"

namespace latchkey {

namespace {

// Records every bound it is asked for.
class AskedVault final : public Vault {
public:
    [[nodiscard]] Secret derive(const Secret& key, std::string_view purpose) const override {
        return inner_.derive(key, purpose);
    }
    [[nodiscard]] Digest digest(const Secret& key, std::string_view context,
                                std::string_view text) const override {
        return inner_.digest(key, context, text);
    }
    [[nodiscard]] std::string seal(const Secret& key, std::string_view bound_to,
                                   std::string_view plain) const override {
        return inner_.seal(key, bound_to, plain);
    }
    [[nodiscard]] Result<Secret> unseal(const Secret& key, std::string_view bound_to,
                                        std::string_view sealed) const override {
        return inner_.unseal(key, bound_to, sealed);
    }
    [[nodiscard]] std::uint32_t uniform(std::uint32_t bound) override {
        bounds.push_back(bound);
        return inner_.uniform(bound);
    }
    [[nodiscard]] bool equal(std::string_view a, std::string_view b) const override {
        return inner_.equal(a, b);
    }

    std::vector<std::uint32_t> bounds;

private:
    FakeVault inner_;
};

}  // namespace

TEST_CASE("each digit of a code is drawn on its own") {
    for (std::uint32_t digits = 6; digits <= 10; ++digits) {
        AskedVault vault;
        const Secret code = fresh_code(vault, digits);
        CHECK(code.size() == digits);
        CHECK(vault.bounds == std::vector<std::uint32_t>(digits, 10));
        CHECK(digits_of(code.reveal()) == code.reveal());
    }
}

TEST_CASE("a code is made of the numbers that were drawn") {
    FakeVault vault;
    CHECK(fresh_code(vault, 8).reveal() == "01234567");
    CHECK(fresh_code(vault, 8).reveal() == "89012345");
}

TEST_CASE("a code is shown in groups and read back") {
    for (const auto& [code, shown] :
         std::vector<std::pair<std::string, std::string>>{{"123456", "123 456"},
                                                          {"1234567", "1234 567"},
                                                          {"12345678", "1234 5678"},
                                                          {"123456789", "12345 6789"},
                                                          {"1234567890", "12345 67890"}}) {
        CHECK(shown_code(Secret{code}).reveal() == shown);
        CHECK(digits_of(shown) == code);
    }
    CHECK(shown_code(Secret{}).empty());
}

TEST_CASE("a resume code has 8 letters of 20") {
    AskedVault vault;
    const Secret code = fresh_resume_code(vault);
    CHECK(vault.bounds == std::vector<std::uint32_t>(8, 20));
    CHECK(code.reveal() == "BCDFGHJK");
    CHECK(shown_resume_code(code).reveal() == "BCDF-GHJK");
    CHECK(normalised_resume_code(shown_resume_code(code).reveal()) == "BCDFGHJK");
}

TEST_CASE("a saved code has 16 signs of 32") {
    AskedVault vault;
    const Secret code = fresh_saved_code(vault);
    CHECK(vault.bounds == std::vector<std::uint32_t>(16, 32));
    CHECK(code.reveal() == "ABCDEFGHJKLMNPQR");
    CHECK(shown_saved_code(code).reveal() == "ABCD-EFGH-JKLM-NPQR");
    CHECK(normalised_saved_code(shown_saved_code(code).reveal()) == std::string{code.reveal()});
}

TEST_CASE("the alphabets have as many different signs as they say, and none that looks alike") {
    CHECK(std::set<char>(kSavedAlphabet.begin(), kSavedAlphabet.end()).size() == 32);
    CHECK(std::set<char>(kResumeAlphabet.begin(), kResumeAlphabet.end()).size() == 20);
    CHECK(kSavedAlphabet.find_first_of("IO01") == std::string_view::npos);
    CHECK(kResumeAlphabet.find_first_of("AEIOUY") == std::string_view::npos);
}

}  // namespace latchkey
