// SPDX-License-Identifier: MIT
//
// Resume codes under attack (C12): whoever holds one, or guesses at one, gets to
// no act without a fresh proof, and costs the owner none of the owner's limits.
#include <functional>
#include <set>
#include <tuple>

#include "core/alphabets.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/recovery_world.hpp"

using namespace latchkey;
using std::chrono::seconds;

namespace {

using Line = ScriptedConversation::Line;

// Ada's ways to prove two gates over ssh, up to the act.
struct Way {
    const char* name;
    std::vector<Line> lines;
    std::size_t first_proof;  // lines until it
};

Line say(std::string text) {
    return [text = std::move(text)](const Screen&) { return text; };
}

std::vector<Way> ways(RecoveryWorld& world) {
    return {
        {"e-mail, app", {say(kAdasAddress), world.sent_code(), say("1"), world.otp()}, 2},
        {"e-mail, saved code",
         {say(kAdasAddress), world.sent_code(), say("2"), say(kSavedCode)},
         2},
        {"saved code, app", {say(kSavedCode), say("2"), world.otp()}, 1},
        {"saved code, e-mail", {say(kSavedCode), say("1"), world.sent_code()}, 1},
        {"e-mail, junk at the app, app",
         {say(kAdasAddress), world.sent_code(), say("1"), say("000000"), say("m"), say("1"),
          world.otp()},
         2},
    };
}

// Everything that is no proof, at whatever is asked.
const std::vector<std::vector<std::string>> kNoProofs{{},
                                                      {"", "", ""},
                                                      {"1", "000000", "", "1", "000000"},
                                                      {"2", "AAAA-AAAA-AAAA-AAAA", "m", "x"},
                                                      {"1", "r", "r", "", "9", "no"}};

class Cut : public RecoveryWorld {
public:
    Cut() {
        over_ssh();
        enrol_everything();
        settings.limits.starts_per_source_hour = 1000;
        settings.limits.sends_per_minute = 100;
        settings.limits.wrong_per_hour = 100;
    }
    Outcome say_all(const std::vector<Line>& lines, const std::string& resumed_with = {}) {
        ScriptedConversation conversation{acts};
        for (const Line& line : lines) conversation.answers(line);
        request.resume_code = resumed_with;
        const Outcome outcome =
            run_recovery(request, settings,
                         {*remembers, vault, channels, conversation, acts, clock, log})
                .outcome;
        request.resume_code.clear();
        request.lease += '+';
        seen = conversation.seen;
        return outcome;
    }
};

}  // namespace

TEST_CASE("cut at any prompt after the first proof, nothing is done without a fresh proof",
          "[runner][resume]") {
    std::size_t cuts = 0;
    std::size_t acts_without_proof = 0;
    for (std::size_t way = 0; way < 5; ++way) {
        for (const auto& no_proof : kNoProofs) {
            Cut size_of;
            const std::size_t lines = ways(size_of)[way].lines.size();
            for (std::size_t said = ways(size_of)[way].first_proof; said < lines; ++said, ++cuts) {
                Cut world;
                const Way taken = ways(world)[way];
                CAPTURE(taken.name, said, no_proof);
                REQUIRE(world.say_all({taken.lines.begin(),
                                       taken.lines.begin() + static_cast<std::ptrdiff_t>(said)}) ==
                        Outcome::Refused);
                const std::string first_code = world.shown_resume_code();
                REQUIRE_FALSE(first_code.empty());
                const std::size_t proofs = world.acts.proofs.size();
                world.clock.advance(seconds{30});

                std::vector<Line> junk;
                for (const std::string& text : no_proof) junk.push_back(say(text));
                CHECK(world.say_all(junk, first_code) != Outcome::Recovered);
                CHECK(world.acts.proofs.size() == proofs);
                CHECK(world.acts.performed.empty());
                acts_without_proof += world.acts.performed.size();

                // With a fresh proof, and the code that was shown last, it goes on.
                const std::string next_code = world.shown_resume_code();
                CHECK(world.say_all({}, first_code) == Outcome::ResumeUnknown);
                world.clock.advance(seconds{2});  // one saved code in so long
                world.acts.saved_codes.insert("ZYXWVUTSRQPNMLKJ");
                const auto app_or_saved = [&](const Screen& menu) {
                    return std::to_string(menu.items.size());
                };
                const auto proof = [&](const Screen& screen) {
                    return screen.kind == ScreenKind::SavedCode
                               ? kOtherSavedCode
                               : FakeChannels::otp_at(FakeChannels::step_at(world.clock.now()));
                };
                CHECK(world.say_all({app_or_saved, proof}, next_code) == Outcome::Recovered);
                CHECK(world.acts.performed.size() == 1);
            }
        }
    }
    evidence("C12 resume, cut at every prompt",
             "5 ways x every prompt after the first proof x 5 kinds of junk: " +
                 std::to_string(cuts) + " cuts",
             std::to_string(acts_without_proof) + " acts without a fresh proof");
}

TEST_CASE("a thousand wrong resume codes cost the owner nothing", "[runner][resume]") {
    Cut world;
    REQUIRE(world.connect(kAdasAddress, world.sent_code()) == Outcome::Refused);
    const std::string resume_code = world.shown_resume_code();
    const auto charged_to_ada = [&] {
        std::size_t count = 0;
        for (const AttemptKind kind : {AttemptKind::Start, AttemptKind::Address, AttemptKind::Code,
                                       AttemptKind::Otp, AttemptKind::SavedCode, AttemptKind::Send})
            count += world.attempts_of("1001:ada", kind);
        return count;
    };
    const std::size_t before = charged_to_ada();
    std::set<std::string> tried;
    for (int i = 0; i < 1000; ++i) {
        std::string wrong = "BCDF-GHJK";
        for (std::size_t place = 0, rest = static_cast<std::size_t>(i); place < 3;
             ++place, rest /= 20)
            wrong[place] = kResumeAlphabet[rest % 20];
        tried.insert(wrong);
        world.over_ssh("198.51.100." + std::to_string(i % 200));
        REQUIRE(world.reconnect(wrong, "1", world.otp()) == Outcome::ResumeUnknown);
    }
    CHECK(tried.size() == 1000);
    CHECK(charged_to_ada() == before);

    world.over_ssh();
    CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::Recovered);
    evidence("C12 resume, wrong codes", "1,000 wrong resume codes from 200 sources",
             "0 resumed, 0 charged to the owner, who then resumed");
}

TEST_CASE("where a resume code does not work it is not used up", "[runner][resume]") {
    const std::vector<std::pair<const char*, std::function<void(RecoveryRequest&)>>> elsewhere{
        {"another source", [](RecoveryRequest& r) { r.source = "192.0.2.8"; }},
        {"a console", [](RecoveryRequest& r) { r.source = "console:tty1"; }},
        {"the same /64 written otherwise", [](RecoveryRequest& r) { r.source = "192.0.2.7/64"; }},
        {"another service", [](RecoveryRequest& r) { r.service = "cockpit"; }},
        {"another account", [](RecoveryRequest& r) { r.subject = "1002:bob"; }},
        {"a new account of that uid", [](RecoveryRequest& r) { r.subject = "1001:eve"; }},
        {"a name that nobody has", [](RecoveryRequest& r) { r.subject = "#0042"; }},
        {"another key",
         [](RecoveryRequest& r) { r.subkey = Secret{std::string(Vault::kKeyBytes, 'l')}; }},
    };
    Cut world;
    REQUIRE(world.connect(kAdasAddress, world.sent_code()) == Outcome::Refused);
    const std::string resume_code = world.shown_resume_code();
    for (const auto& [place, change] : elsewhere) {
        CAPTURE(place);
        const RecoveryRequest& now = world.request;
        const auto [subject, source, service] = std::tuple{now.subject, now.source, now.service};
        const Secret subkey = now.subkey.duplicate();
        change(world.request);
        CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::ResumeUnknown);
        CHECK(world.seen.empty());
        std::tie(world.request.subject, world.request.source, world.request.service) =
            std::tie(subject, source, service);
        world.request.subkey = subkey.duplicate();
    }
    CHECK(world.acts.performed.empty());
    CHECK(world.reconnect(resume_code, "1", world.otp()) == Outcome::Recovered);
    evidence("C12 resume, elsewhere",
             std::to_string(elsewhere.size()) + " places: another source, service, account, key",
             "0 resumed; not used up by it");
}
