// SPDX-License-Identifier: MIT
//
// A program of a channel that ends or stops its keeper: the root side, which starts both,
// ends it. Needs root, as the monitor does.
#include <poll.h>

#include <chrono>

#include "adapters/system/seqpacket.hpp"
#include "monitor/orphans.hpp"
#include "monitor/process.hpp"
#include "tests/contract/evil_guest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/process_list.hpp"

using namespace latchkey;

namespace {

constexpr std::chrono::seconds kPatience{2};

enum End : std::uint8_t { AllGone, NotStarted, NothingLeft, KeeperAsBefore, SomethingLeft };

// Told by the kernel a moment after what died with it.
bool ends_soon(const ChildProcess& keeper) {
    pollfd waiting{keeper.pidfd(), POLLIN, 0};
    const auto soon = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
    return ::poll(&waiting, 1, static_cast<int>(soon.count())) == 1;
}

// The monitor's half of one call, in a process of its own: it adopts what is left.
End ended_by_monitor(EvilGuest& evil, const std::string& deed) {
    auto setup = evil.setup(deed, Profile::Program);
    setup.deadline_seconds = 60;  // what is gone before was not ended by the kernel's timer
    auto ends = Seqpacket::make_pair();
    if (!ends || !adopt_orphans() || !ends->first.send_message(setup)) return NotStarted;
    auto host = start({evil.workshop.root() + "/latchkey-channel-host",
                       {"--channel-dir", evil.workshop.plugin_directory()},
                       "nobody"},
                      std::move(ends->second).take_fd());
    if (!host || !ends->first.send_message(delivery_to("ada@example.org"))) return NotStarted;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    host->leave_until(until);
    // Where the plugin died with its keeper none comes, and what is left holds the socket.
    (void)ends->first.receive(until);
    // Of a chain that forks away each link may be gone before it is found.
    if (deed != "fork_away_unkept" && processes_with(evil.workshop.root()).empty())
        return NothingLeft;
    if (deed == "stop_keeper" ? !host->running() : !ends_soon(*host)) return KeeperAsBefore;
    host->kill();
    const bool has_children = ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
    return has_children || !processes_with(evil.workshop.root()).empty() ? SomethingLeft : AllGone;
}

}  // namespace

TEST_CASE("with profile program nothing outlives a keeper that it has killed or stopped",
          "[evil]") {
    const std::string deed = GENERATE("kill_keeper", "stop_keeper", "fork_away_unkept");
    CAPTURE(deed);
    EvilGuest evil;
    Forked monitor{[&] { return ended_by_monitor(evil, deed); }};
    CHECK(monitor.wait() == AllGone);
    CHECK(evil.victim.running());
}

TEST_CASE("whoever ends a program channel leaves its own other children alone", "[evil]") {
    EvilGuest evil;
    Forked monitor{[&] {
        if (!adopt_orphans()) return 1;
        auto verifier = start({"/bin/sleep", {"600"}, "daemon"}, UniqueFd{});
        auto channel = start({"/bin/sleep", {"600"}, "nobody"}, UniqueFd{});
        if (!verifier || !channel) return 2;
        channel->leave_until(std::chrono::steady_clock::now());
        channel->kill();
        return verifier->running() && !channel->running() ? 0 : 3;
    }};
    CHECK(monitor.wait() == 0);
    CHECK(evil.victim.running());
}
