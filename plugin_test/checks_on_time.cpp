// SPDX-License-Identifier: MIT
#include "channel_host/plugin_call.hpp"
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kShort{3};
constexpr seconds kSpare{1};  // of the three: what a busy machine may take
constexpr const char* kMend =
    "give every wait a time-out of host.time_left(); 0 means at once, where a library takes it for "
    "\"never\"";

// With a peer that takes connections and never says a word, or none to its end.
Verdict comes_back(const Subject& subject, const wire::ChannelCall& call, bool without_time,
                   Peer::Manner manner = Peer::Manner::Silent) {
    Guest guest = subject.guest();
    guest.deadline = kShort;
    guest.peer = manner;
    const Account account = watch(guest, [&](const Inside& inside) {
        Inside told = inside;
        told.deadline = without_time ? steady_clock::now() : inside.deadline - kSpare;
        one_call(guest.setup, call)(told);
    });
    const std::string seen = disorder_in(account, guest, call);
    return seen.empty() ? passed() : failed(seen, kMend);
}

}  // namespace

Checks checks_on_time(const Subject& subject) {
    Checks checks{
        {"returns in time from a peer that never answers",
         [&subject] { return comes_back(subject, ordinary_call(subject), false); }},
        {"returns in time from a peer that answers a byte at a time",
         [&subject] {
             return comes_back(subject, ordinary_call(subject), false, Peer::Manner::Drips);
         }},
        {"returns at once if there is no time left",
         [&subject] { return comes_back(subject, ordinary_call(subject), true); }},
    };
    if (subject.approves()) {
        checks.push_back(
            {"returns in time when it looks for an answer and nobody answers",
             [&subject] { return comes_back(subject, look_at(subject.channel.address), false); }});
        checks.push_back({"returns at once when it looks for an answer without time", [&subject] {
                              return comes_back(subject, look_at(subject.channel.address), true);
                          }});
    }
    if (!subject.table.probes) return checks;
    checks.push_back({"returns in time when it is probed and nobody answers",
                      [&subject] { return comes_back(subject, probe(), false); }});
    checks.push_back({"returns at once when it is probed without time",
                      [&subject] { return comes_back(subject, probe(), true); }});
    return checks;
}

}  // namespace latchkey::plugin_test
