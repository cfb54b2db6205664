// SPDX-License-Identifier: MIT
//
// What a stranger sees at the module, byte for byte, whoever the name belongs to:
// the module, monitor, verifier and store of the installed packages, without the
// program around them. See same_for_everyone_test.cpp for the same through sshd.
#include <security/pam_appl.h>

#include <atomic>
#include <map>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/pam_login.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/town.hpp"

namespace latchkey {
namespace {

constexpr const char* not_right = "00000000";

// What was shown and how it ended. Equal or not; nothing else counts.
struct Seen {
    std::string transcript;
    int code = -1;
    bool operator==(const Seen& other) const {
        return transcript == other.transcript && code == other.code;
    }
};

using SeenBy = std::map<std::string, Seen>;

// Everything that can be asked before the first proof: a resume code that is none,
// the own address, codes to the last and beyond, sending again, a recovery code
// that is none, going back.
Script every_question(const std::string& name) {
    return {"",
            "BCDF-GHJK",
            "1",
            Town::address_of(name),
            "r",
            not_right,
            not_right,
            not_right,
            "1234 5678",
            not_right,
            not_right,
            "",
            "ABCD-EFGH-JKLM-NPQR",
            not_right,
            "",
            "somebody@else.example",
            not_right,
            "",
            "",
            "",
            "2",
            Town::address_of(name),
            not_right};
}

Script menu_at_console() {
    return {"", "1", "1", not_right, not_right, "", ""};
}

// Of the addresses that are kept for tests (RFC 2544).
std::string source_of(std::size_t number) {
    constexpr std::size_t in_one_net = 200;
    return "198.18." + std::to_string(number / in_one_net) + '.' +
           std::to_string(number % in_one_net + 1);
}

// Everybody's conversation, four at a time, each from a source of its own: what one source
// may try in an hour is not what is looked at here.
template <typename ScriptFor>
SeenBy walk(const std::vector<std::string>& names, const std::string& service,
            ScriptFor script_for) {
    constexpr std::size_t strangers = 4;
    std::vector<Seen> seen(names.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < strangers; ++t)
        threads.emplace_back([&] {
            for (std::size_t i = next++; i < names.size(); i = next++) {
                const std::string source = service == "sshd" ? source_of(i) : std::string{};
                PamLogin login(service, names[i], source);
                login.run(script_for(names[i]));
                seen[i] = {login.transcript(), login.code()};
            }
        });
    for (std::thread& thread : threads) thread.join();
    SeenBy by_name;
    for (std::size_t i = 0; i < names.size(); ++i) by_name[names[i]] = seen[i];
    return by_name;
}

SeenBy over_ssh(const std::vector<std::string>& names) {
    return walk(names, "sshd", every_question);
}

SeenBy at_console(const std::vector<std::string>& names) {
    return walk(names, "login", [](const std::string&) { return menu_at_console(); });
}

// Compares without printing 500 screens: the first that differs is enough.
std::string first_that_differs(const SeenBy& seen, const Seen& wanted) {
    for (const auto& [name, one] : seen)
        if (!(one == wanted))
            return name + ":\n" + one.transcript + "instead of\n" + wanted.transcript;
    return {};
}

std::string first_that_differs(const SeenBy& seen, const SeenBy& wanted) {
    for (const auto& [name, one] : seen)
        if (!(one == wanted.at(name)))
            return name + ":\n" + one.transcript + "instead of\n" + wanted.at(name).transcript;
    return {};
}

std::string tally_of(const std::string& name) {
    return must_run({"faillock", "--user", name});
}

// Everybody's password is mistyped three times, which pam_faillock counts.
void lock_out(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (int i = 0; i < 3; ++i) PamLogin("login", name).run({"not my password"});
        REQUIRE(tally_of(name).find(" V\n") != std::string::npos);
    }
}

void let_in_again(const std::vector<std::string>& names) {
    for (const std::string& name : names) must_run({"faillock", "--user", name, "--reset"});
}

std::size_t messages_of(Town& town) {
    REQUIRE(latchkey_comes_to_rest(std::chrono::minutes{2}));
    return town.machine.take_messages().size();
}

}  // namespace

TEST_CASE("over ssh every name in every state sees the same bytes up to the first proof") {
    Town town(rounds<std::size_t>(24, 500));
    const auto& names = town.names();
    std::size_t walks = 0;
    std::string states = "unknown";
    Seen everyone;
    const auto check = [&](const char* state, const std::vector<std::string>& who) {
        INFO(state);
        CHECK(first_that_differs(over_ssh(who), everyone).empty());
        walks += who.size();
        states += std::string(", ") + state;
    };
    {
        const SeenBy unknown = over_ssh(names);
        everyone = unknown.begin()->second;
        // The walk went through to its end, and was refused.
        REQUIRE(everyone.transcript.find("one of your recovery codes: ") != std::string::npos);
        REQUIRE(everyone.transcript.find("Enter goes back): ") != std::string::npos);
        REQUIRE(everyone.transcript.rfind("Enter goes back): ") <
                everyone.transcript.find("does not work now"));  // told to who has left
        REQUIRE(everyone.code == PAM_AUTH_ERR);
        CHECK(first_that_differs(unknown, everyone).empty());
        walks += names.size();
    }
    town.move_in();
    check("not enrolled", names);
    CHECK(messages_of(town) == 0);
    town.lose_the_gateway();
    check("not enrolled with the gateway dead", names);
    town.get_the_gateway_back();
    town.enrol();
    check("enrolled", names);
    CHECK(messages_of(town) >= names.size());  // these were real
    town.lock();
    check("locked", names);
    CHECK(messages_of(town) == 0);
    town.unlock();
    check("unlocked again", names);
    CHECK(messages_of(town) >= names.size());
    check("spelled otherwise", town.spellings(rounds<std::size_t>(1, 7)));
    town.machine.use_faillock();
    lock_out(names);
    const std::string tally = tally_of(names.front());
    check("locked out by pam_faillock", names);
    CHECK(tally_of(names.front()) == tally);
    CHECK(messages_of(town) >= names.size());
    let_in_again(names);
    town.throttle();
    check("throttled", names);
    CHECK(messages_of(town) == 0);
    town.lock();
    check("throttled and locked", names);
    town.unlock();
    town.lose_the_gateway();
    check("throttled with the gateway dead", names);
    town.lift_the_throttle();
    check("gateway dead", names);
    check("spelled otherwise with the gateway dead", {names.front() + ' ', "nobody"});
    town.lock();
    check("locked with the gateway dead", names);
    town.move_out();
    check("gone with the gateway dead", names);
    evidence("T4 H2 H3 same for everyone, at the module",
             std::to_string(names.size()) + " names (" + states + "), " + std::to_string(walks) +
                 " conversations of " + std::to_string(every_question("x").size()) + " answers",
             "transcripts and PAM codes byte-equal");
}

TEST_CASE(
    "at a console an account keeps its own menu, locked, throttled or not, and a decoy its own") {
    Town town(rounds<std::size_t>(20, 500));
    const auto& names = town.names();
    const SeenBy decoys = at_console(names);
    CHECK(first_that_differs(at_console(names), decoys).empty());
    town.move_in();
    const SeenBy not_enrolled = at_console(names);
    town.lock();
    CHECK(first_that_differs(at_console(names), not_enrolled).empty());
    town.unlock();
    town.lose_the_gateway();
    CHECK(first_that_differs(at_console(names), not_enrolled).empty());
    town.get_the_gateway_back();
    town.enrol();
    const SeenBy own = at_console(names);
    // They are personal.
    CHECK(own.at(names.front()).transcript != own.at(names.back()).transcript);
    CHECK(decoys.at(names.front()).transcript != decoys.at(names.back()).transcript);
    town.lock();
    CHECK(first_that_differs(at_console(names), own).empty());
    town.throttle();
    CHECK(first_that_differs(at_console(names), own).empty());
    town.unlock();
    CHECK(first_that_differs(at_console(names), own).empty());
    town.lose_the_gateway();
    CHECK(first_that_differs(at_console(names), own).empty());
    town.lift_the_throttle();
    CHECK(first_that_differs(at_console(names), own).empty());
    town.get_the_gateway_back();
    town.move_out();
    CHECK(first_that_differs(at_console(names), decoys).empty());
    evidence("H2 own menu and stable decoys, at a console",
             std::to_string(names.size()) +
                 " names before, while and after a lock, throttled, "
                 "gateway dead, unknown",
             "every name keeps its screens byte for byte");
}

}  // namespace latchkey
