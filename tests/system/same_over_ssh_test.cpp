// SPDX-License-Identifier: MIT
//
// Names through the real sshd, forty in the long form, in every state at once, before and
// after a lock, with a gateway and without: the same screens, in the same time.
#include <map>

#include "monitor/keys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/two_classes.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/town.hpp"

namespace latchkey {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* not_right = "00000000";
constexpr const char* sshd_settings = "KbdInteractiveAuthentication yes\nMaxStartups 100\n";
const std::vector<std::string> prompts{
    "Password: ", "type your resume code (Enter to go back): ", "recovery\ncodes: ",
    "recovery codes: ", "Enter goes back): "};

// What ssh and the script make of the name is the name's, and breaks lines elsewhere.
std::string without_name(std::string text, const std::string& name) {
    const std::string mark = name + '@';
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
        text.replace(at, mark.size(), "NAME@");
    return text;
}

// The whole conversation, up to the question after the last answer.
std::string screens_of(const SshServer& server, const std::string& name) {
    Terminal client = server.connect(name);
    for (const std::string& answer :
         {std::string{}, std::string{forgot}, Town::address_of(name), std::string{"r"},
          std::string{not_right}, std::string{not_right}, std::string{},
          std::string{"ABCD-EFGH-JKLM-NPQR"}, std::string{not_right}}) {
        client.expect_any(prompts);
        client.send_line(answer);
    }
    client.expect_any(prompts);
    return without_name(client.transcript(), name);
}

// Half of the people of `town`, and as many invented names of the same lengths.
std::vector<std::string> people_and_nobodies(const Town& town) {
    std::vector<std::string> names = town.names();
    for (std::string name : town.names()) {
        name.front() = 'z';
        names.push_back(name);
    }
    return names;
}

// The client itself sends no name with a tabulator.
std::vector<std::string> spellings_for_ssh(const Town& town) {
    std::vector<std::string> spellings = town.spellings(rounds<std::size_t>(1, 7));
    std::erase_if(spellings,
                  [](const std::string& name) { return name.find('\t') != std::string::npos; });
    return spellings;
}

std::string first_that_differs(const SshServer& server, const std::vector<std::string>& names,
                               const std::string& wanted) {
    for (const std::string& name : names)
        if (const std::string seen = screens_of(server, name); seen != wanted)
            return name + ":\n" + seen + "\ninstead of\n" + wanted;
    return {};
}

}  // namespace

TEST_CASE("every name sees the same screens over ssh, locked or not, with a gateway or without") {
    Town town(rounds<std::size_t>(3, 20));
    town.move_in();
    SshServer server(sshd_settings);
    const std::vector<std::string> names = people_and_nobodies(town);
    const std::string wanted = screens_of(server, "nobody");
    REQUIRE(wanted.find("That was not right") != std::string::npos);
    std::string states;
    std::size_t conversations = 0;
    const auto check = [&](const char* state, const std::vector<std::string>& who) {
        INFO(state);
        CHECK(first_that_differs(server, who, wanted).empty());
        states += (states.empty() ? "" : ", ") + std::string{state};
        conversations += who.size();
    };
    const auto messages = [&] {
        REQUIRE(latchkey_comes_to_rest(std::chrono::minutes{1}));
        return town.machine.take_messages().size();
    };
    check("not enrolled", town.names());
    CHECK(messages() == 0);
    town.enrol();
    check("enrolled and unknown", names);
    CHECK(messages() >= town.names().size());
    check("spelled otherwise", spellings_for_ssh(town));
    town.lock();
    check("locked", names);
    CHECK(messages() == 0);
    town.lose_the_gateway();
    check("locked with the gateway dead", names);
    town.unlock();
    check("gateway dead", names);
    town.throttle();
    check("throttled with the gateway dead", names);
    evidence("T4 H2 H3 H14 same for everyone, through sshd",
             std::to_string(names.size()) + " names (" + states + "), " +
                 std::to_string(conversations) + " conversations",
             "screens byte-equal");
}

TEST_CASE("no stop-watch at an ssh client tells names that can recover from invented ones") {
    constexpr milliseconds grid{200};
    Town town(rounds<std::size_t>(4, 20));
    town.move_in();
    town.enrol();
    town.machine.configure("reply_grid = " + std::to_string(grid.count()) + '\n', "90-grid");
    SshServer server(sshd_settings);
    const Secret key = read_master_key("/etc/latchkey/key").value();
    const std::vector<std::string> names = people_and_nobodies(town);
    const std::size_t half = names.size() / 2;
    const auto measure = [&] {
        std::map<std::string, TwoClasses> replies;
        for (std::size_t i = 0; i < 2 * rounds<std::size_t>(8, 200); ++i) {
            const bool is_known = i % 2 == 0;
            const std::string& name = names[i / 2 % half + (is_known ? 0 : half)];
            Terminal client = server.connect(name);
            ask_for_recovery(client);
            client.expect_any({"recovery\ncodes: ", "recovery codes: "});
            for (const std::string& answer : {Town::address_of(name), std::string{not_right}}) {
                const auto sent = steady_clock::now();
                client.send_line(answer);
                client.expect("Enter goes back): ");
                const auto time = std::chrono::duration_cast<std::chrono::microseconds>(
                    steady_clock::now() - sent - reply_jitter(key, name));
                TwoClasses& classes = replies[answer == not_right ? "code" : "address"];
                (is_known ? classes.one : classes.other).push_back(time);
            }
        }
        return replies;
    };
    // So few samples that a busy machine alone moves a median: measured again, twice.
    const milliseconds most = rounds(milliseconds{25}, milliseconds{5});
    auto replies = measure();
    const auto is_within = [&] {
        return replies["code"].difference_of_medians() <= most &&
               replies["address"].difference_of_medians() <= most;
    };
    for (int i = 1; i < rounds(3, 1) && !is_within(); ++i) replies = measure();
    for (const auto& [answer, times] : replies) {
        INFO(answer);
        CHECK(times.difference_of_medians() <= most);
        evidence("G12 T4 no stop-watch tells, through sshd",
                 "2 x " + std::to_string(times.one.size()) + " replies to the " + answer,
                 "medians differ by " + std::to_string(times.difference_of_medians().count()) +
                     " us, area under the curve " + std::to_string(times.area()));
    }
}

}  // namespace latchkey
