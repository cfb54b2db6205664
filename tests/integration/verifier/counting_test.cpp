// SPDX-License-Identifier: MIT
//
// Counting by the real verifier: many conversations at once on one account. What
// is compared is counted where it is compared, in the channel that checks.
#include <algorithm>
#include <memory>
#include <vector>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

using namespace latchkey;

namespace {

constexpr std::string_view kWrongOtp = "000000";

// A conversation of its own process that stands at the question for the app's number.
struct Conversation {
    explicit Conversation(const VerifierHouse& house, const std::string& tty = "console:tty1")
        : verifier{house.files, "--login"} {
        auto hello = house.hello(Surface::Console, 2);
        hello.source = tty;
        talk.say(hello);
    }
    void go_to_the_app() {
        talk.choose(talk.expect_screen(ScreenKind::Menu), "totp");
        (void)talk.expect_screen(ScreenKind::OtpCode);
    }
    // What becomes of the answer just given: true after a proof. Counts comparisons.
    bool judged(unsigned& compared) {
        while (true) {
            auto packet = verifier.link().receive(std::chrono::steady_clock::now() +
                                                  std::chrono::seconds{30});
            if (!packet) return false;  // refused, as who waits too long for the store
            if (wire::decode<wire::Proof>(packet->bytes)) return true;
            if (wire::decode<wire::AskScreen>(packet->bytes)) return false;
            if (wire::decode<wire::RecoveryFinish>(packet->bytes)) return false;
            // The root side's word alone would be enough; here the store has to do.
            if (wire::decode<wire::SpendStep>(packet->bytes))
                talk.say(wire::StepSpent{StepResult::Fresh});
            if (!wire::decode<wire::StartChannel>(packet->bytes)) continue;
            ++compared;
            (void)talk.serve_channel(VerifierHouse::check_otp);
        }
    }

    VerifierProcess verifier;
    Talk talk{verifier};
};

using Conversations = std::vector<std::unique_ptr<Conversation>>;

// One after the other: a thousand that begin at once would wait for the store, not guess.
Conversations at_the_app(const VerifierHouse& house, int count) {
    Conversations all;
    for (int i = 0; i < count; ++i) {
        all.push_back(std::make_unique<Conversation>(house, "console:pts/" + std::to_string(i)));
        all.back()->go_to_the_app();
    }
    return all;
}

std::uint32_t on_disk(const VerifierHouse& house, AttemptKind kind) {
    const auto store = SqliteStore::open(house.files.store);
    REQUIRE(store);
    const Limit all{LimitScope::Subject, {kind}, std::chrono::hours{24}, 1, true, false};
    const Attempt like{house.subject, "", kind, "", 0};
    const TimePoint now{std::chrono::seconds{::time(nullptr)}};
    return (*store)->count_attempts(like, all, now).value();
}

}  // namespace

namespace {

// How many of them are compared.
unsigned guess_at_once(int verifiers) {
    VerifierHouse house;
    house.enrol_totp();
    unsigned compared = 0;
    Conversations all = at_the_app(house, verifiers);
    for (auto& one : all) one->talk.answer(kWrongOtp);
    for (auto& one : all) CHECK_FALSE(one->judged(compared));
    CHECK(on_disk(house, AttemptKind::Otp) >= compared);
    return compared;
}

}  // namespace

TEST_CASE("of many verifiers that guess at one account at once five guesses are compared") {
    struct Crowd {
        int verifiers;
        int rounds;
    };
    const auto crowds = rounds<std::vector<Crowd>>({{24, 2}}, {{50, 200}, {1000, 200}});
    for (const Crowd& crowd : crowds) {
        unsigned most = 0;
        for (int round = 0; round < crowd.rounds; ++round) {
            const unsigned compared = guess_at_once(crowd.verifiers);
            CHECK(compared >= 1);
            CHECK(compared <= 5);
            most = std::max(most, compared);
        }
        evidence("G7, T3 counting, verifiers",
                 std::to_string(crowd.verifiers) +
                     " verifier programs guess at one account at once, " +
                     std::to_string(crowd.rounds) + " rounds",
                 "at most " + std::to_string(most) + " guesses compared");
    }
}

TEST_CASE("a right number given to eight verifiers at once is a proof in one of them") {
    const int kRounds = rounds(5, 50);
    for (int round = 0; round < kRounds; ++round) {
        VerifierHouse house;
        house.enrol_totp();
        Conversations all = at_the_app(house, 8);
        const std::string otp = house.otp();
        unsigned compared = 0;
        unsigned proofs = 0;
        for (auto& one : all) one->talk.answer(otp);
        for (auto& one : all) proofs += one->judged(compared) ? 1 : 0;
        CHECK(proofs == 1);
        CHECK(compared <= 8);
    }
    evidence(
        "G7 a right code at once, verifiers",
        "8 verifier programs are given one right number, " + std::to_string(kRounds) + " rounds",
        "1 proof in each");
}

TEST_CASE("asking a verifier for a new code refills no guesses") {
    VerifierHouse house;
    house.files.write_settings(
        "[limits]\nsends_per_minute = 60\nsends_per_ten_minutes = 100\nsends_per_hour = 100\n"
        "sends_per_day = 100\n");
    house.enrol_email();
    int guessed = 0;
    for (int connection = 0; connection < 3; ++connection) {
        Conversation one{house};
        one.talk.choose(one.talk.expect_screen(ScreenKind::Menu), "email");
        (void)one.talk.expect_screen(ScreenKind::Code);
        for (int i = 0; i < 4; ++i, ++guessed) {
            one.talk.answer("r");
            (void)one.talk.expect_screen(ScreenKind::Code);
            one.talk.answer("00000000");
            (void)one.talk.expect_screen(ScreenKind::Code);
        }
        one.verifier.hang_up();
        CHECK(one.verifier.ended() == 0);
    }
    CHECK(on_disk(house, AttemptKind::Code) == 5);

    // Not even the right one, of a code asked for just now, is looked at in this hour.
    static_cast<void>(house.deliver());
    Conversation owner{house};
    owner.talk.choose(owner.talk.expect_screen(ScreenKind::Menu), "email");
    (void)owner.talk.expect_screen(ScreenKind::Code);
    owner.talk.answer(house.delivered_code());
    CHECK(owner.talk.expect<wire::AskScreen>().remark != Remark::OneMoreProof);
    evidence("T2 asking for a new code",
             std::to_string(guessed) + " guesses, a new code before each",
             "5 compared, the right one after them is not");
}
