// SPDX-License-Identifier: MIT
//
// Strangers who know a name and nothing else, and the owner whom they would like
// to keep out: seven days of both (threats H1, T5, T6).
#pragma once

#include <functional>
#include <string>

#include "tests/support/evidence.hpp"
#include "tests/support/recovery_world.hpp"

namespace latchkey {

// Everything a stranger can do over ssh at one name: begin and leave, junk addresses, junk
// codes, letters that ask for another message, junk saved codes, wrong resume codes.
inline void stranger_tries_everything(RecoveryWorld& world) {
    (void)world.connect("eve@example.org", "00000000", "r", "11111111", "22222222", "33333333",
                        "44444444", "ada@elsewhere.example", "55555555", "");
    (void)world.connect("AAAA-AAAA-AAAA-AAAA", "00000000", "", "BBBB-BBBB-BBBB-BBBB", "x", "");
    (void)world.connect("");
    (void)world.reconnect("BBBB-BBBB");
}

// From one source, at ada's name and at a name that nobody has.
inline void stranger_calls(RecoveryWorld& world, const std::string& source) {
    const RecoveryRequest& request = world.request;
    const SubjectKey owner = request.subject;
    world.over_ssh(source);
    for (const SubjectKey& name : {owner, SubjectKey{"#0042"}}) {
        world.request.subject = name;
        world.request.deliverable = name == owner;
        stranger_tries_everything(world);
    }
    world.request.subject = owner;
    world.request.deliverable = true;
}

// How many messages the owner got since the last call, of codes and notices.
using Postman = std::function<std::size_t()>;

// `sent_code` answers with the code that came last; `post` empties the outbox.
inline void live_through_a_week(RecoveryWorld& world, int sources,
                                const ScriptedConversation::Line& sent_code, const Postman& post,
                                const std::string& where) {
    std::size_t recovered = 0;
    std::size_t most_messages = 0;
    for (int day = 0; day < 7; ++day) {
        std::size_t messages = 0;
        for (int i = 0; i < sources; ++i) {
            stranger_calls(world,
                           "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250));
            world.clock.advance(std::chrono::seconds{60 * 60 * 20 / sources});
        }
        messages += post();
        CHECK(messages == 0);  // strangers send nothing to anybody
        world.over_ssh();
        const auto is_back = [&](Outcome outcome) {
            CHECK(outcome == Outcome::Recovered);
            recovered += outcome == Outcome::Recovered ? 1 : 0;
        };
        is_back(world.connect(kAdasAddress, sent_code, "1", world.otp()));
        world.give_saved_codes();
        world.clock.advance(std::chrono::seconds{90});
        is_back(world.connect(kSavedCode, "2", world.otp()));
        messages += post();
        most_messages = std::max(most_messages, messages);
        world.clock.advance(std::chrono::hours{3});
        REQUIRE(world.remembers->prune(world.clock.now()));
    }
    CHECK(most_messages <= 10);
    evidence("H1, T5, T6 denial, " + where,
             std::to_string(sources) + " sources that know only names, 7 simulated days",
             "owner recovered " + std::to_string(recovered) +
                 " of 14 times, by e-mail + TOTP and by saved code + TOTP on every day; at most " +
                 std::to_string(most_messages) + " messages a day");
}

}  // namespace latchkey
