// SPDX-License-Identifier: MIT
//
// Two people recover at once, and one of them has a gateway whose plugin means harm:
// the other is at most 100 ms later than without it, at every question and with the
// message. A declared measurement: rounds with and without take turns, so that
// whatever else the machine does befalls both, and medians are compared.
#include <signal.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/pam_login.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* channel_host = "/usr/libexec/latchkey/latchkey-channel-host";
constexpr const char* delivering_monitor = "/usr/libexec/latchkey/latchkey-monitor --deliver";
constexpr milliseconds most{100};
constexpr std::size_t rounds_of_each = 20;
// A busy machine alone moves a median of 20; a measurement out of the bound is made again.
constexpr int measurements = 2;

// What ada waits for at a console, in order.
constexpr std::array<const char*, 5> waits{"first question", "menu", "code question", "verdict",
                                           "message"};
using Waits = std::array<microseconds, waits.size()>;

microseconds median(const std::vector<Waits>& all, std::size_t wait) {
    std::vector<microseconds> times;
    for (const Waits& one : all) times.push_back(one.at(wait));
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

// `work` while the person hesitates at the last question. What it throws is thrown
// when libpam, which knows no exceptions, has returned.
void run_with(PamLogin& login, const Script& script, const std::function<void()>& work) {
    std::exception_ptr thrown;
    login.before_leaving([&] {
        try {
            work();
        } catch (...) {
            thrown = std::current_exception();
        }
    });
    login.run(script);
    if (thrown) std::rethrow_exception(thrown);
}

// ada's messages come; what is to go to ben meets the evil plugin.
class TwoPeople {
public:
    explicit TwoPeople(const std::string& deed) {
        namespace fs = std::filesystem;
        for (const char* name : {"ada", "ben"}) machine_.add_account(name, old_password);
        machine_.set_up();
        for (const char* name : {"ada", "ben"})
            machine_.enroll_email(name, std::string(name) + "@example.org");
        fs::copy_file(LATCHKEY_TEST_EVIL, LATCHKEY_CHANNELDIR "/evil.so");
        fs::permissions(LATCHKEY_CHANNELDIR "/evil.so", fs::perms{0644});
        machine_.configure(
            "[channel.evil]\nplugin = \"evil\"\nprofile = \"network\"\ndeadline = 30\n"
            "only_to = \"ben@example.org\"\ndeed = \"" +
            deed + "\"\n[method.email]\nchannels = [\"evil\", \"file\"]\n");
    }

    Waits ada_alone() { return ada_recovers(); }
    [[nodiscard]] std::ptrdiff_t most_threads() const { return most_threads_; }

    // Nothing if ben's plugin did not last until she was through: a run of deliveries that
    // has done with him takes what is queued next, and ends it.
    std::optional<Waits> ada_beside_ben() {
        PamLogin ben("login", "ben");
        std::optional<Waits> measured;
        run_with(ben, {"", forgot, "1"}, [&] {
            const pid_t evil = only_process(channel_host);
            measured = ada_recovers();
            most_threads_ = std::max(most_threads_, threads_of(evil));
            const auto left = processes_with_command(channel_host);
            if (std::find(left.begin(), left.end(), evil) == left.end()) measured.reset();
        });
        forget_bens_message();
        return measured;
    }

private:
    static std::ptrdiff_t threads_of(pid_t pid) {
        std::error_code gone;
        const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(pid) + "/task",
                                                        gone);
        return std::distance(begin(tasks), end(tasks));
    }

    // As far as a wrong code; another one is asked for then.
    Waits ada_recovers() {
        steady_clock::time_point come;
        PamLogin ada("login", "ada");
        const auto began = steady_clock::now();
        run_with(ada, {"", forgot, "1", "00000000"}, [&] {
            static_cast<void>(machine_.next_message());
            come = steady_clock::now();
        });
        const auto& replies = ada.replies();
        if (replies.size() != 4) throw std::runtime_error(ada.transcript());
        // The message was queued when the third answer was given.
        const microseconds before_it = replies[0] + replies[1];
        const auto message = std::chrono::duration_cast<microseconds>(come - began) - before_it;
        return {replies[0], replies[1], replies[2], replies[3], message};
    }

    void forget_bens_message() {
        // The verifier and the channel hosts end with the monitor that started them.
        for (const pid_t pid : processes_with_command(delivering_monitor)) ::kill(pid, SIGKILL);
        if (!latchkey_comes_to_rest()) throw std::runtime_error("latchkey does not come to rest");
        must_run({"python3", "-c",
                  "import sqlite3\n"
                  "store = sqlite3.connect('/var/lib/latchkey/store.db', timeout=20)\n"
                  "store.execute('DELETE FROM outbox')\n"
                  "store.commit()"});
    }

    Machine machine_;
    std::ptrdiff_t most_threads_ = 0;
};

struct Delays {
    std::array<microseconds, waits.size()> of_each{};
    [[nodiscard]] microseconds longest() const {
        return *std::max_element(of_each.begin(), of_each.end());
    }
};

Delays measure(TwoPeople& people) {
    std::vector<Waits> alone;
    std::vector<Waits> beside;
    for (std::size_t tries = 0; beside.size() < rounds_of_each; ++tries) {
        if (tries > 3 * rounds_of_each) throw std::runtime_error("the evil plugin does not last");
        const Waits without = people.ada_alone();
        const auto with = people.ada_beside_ben();
        if (!with) continue;
        alone.push_back(without);
        beside.push_back(*with);
    }
    Delays delays;
    for (std::size_t wait = 0; wait < waits.size(); ++wait)
        delays.of_each.at(wait) = median(beside, wait) - median(alone, wait);
    return delays;
}

void check_nobody_else_waits(const std::string& deed) {
    TwoPeople people(deed);
    Delays delays = measure(people);
    for (int i = 1; i < measurements && delays.longest() > most; ++i) delays = measure(people);
    std::string found = "median delay of";
    for (std::size_t wait = 0; wait < waits.size(); ++wait) {
        INFO(waits.at(wait));
        CHECK(delays.of_each.at(wait) <= most);
        found += std::string(wait == 0 ? " " : ", ") + waits.at(wait) + ' ' +
                 std::to_string(delays.of_each.at(wait).count() / 1000) + " ms";
    }
    evidence("T20 no other person is delayed by an evil plugin, deed " + deed,
             std::to_string(rounds_of_each) + " recoveries beside its " +
                 std::to_string(people.most_threads()) + " threads and as many without, in turns",
             found);
}

}  // namespace

TEST_CASE("a plugin that hangs over one person's message delays nobody else by 100 ms") {
    check_nobody_else_waits("hang");
}
TEST_CASE("a plugin that floods its caller delays nobody else by 100 ms") {
    check_nobody_else_waits("flood");
}
TEST_CASE("a plugin that computes in every thread it can have delays nobody else by 100 ms") {
    check_nobody_else_waits("spin_in_every_thread");
}
TEST_CASE("a plugin that forks in every thread it can have delays nobody else by 100 ms") {
    check_nobody_else_waits("fork_in_every_thread");
}

}  // namespace latchkey
