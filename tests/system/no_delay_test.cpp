// SPDX-License-Identifier: MIT
//
// Two people recover at once, and one of them meets a plugin that means harm, as the
// gateway of a message or as what checks a number: the other is at most 100 ms later than
// without it, at every question and with the message. A declared measurement: rounds with
// and without take turns, so that whatever else the machine does befalls both, and medians
// and 90th percentiles are compared.
#include <signal.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
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
// A busy machine alone moves a percentile of 20; a measurement out of the bound is made again.
constexpr int measurements = 2;

// What ada waits for at a console, in order.
constexpr std::array<const char*, 5> waits{"first question", "menu", "code question", "verdict",
                                           "message"};
using Waits = std::array<microseconds, waits.size()>;

// The time that so many in a hundred of the rounds stay below.
microseconds percentile(const std::vector<Waits>& all, std::size_t wait, std::size_t percent) {
    std::vector<microseconds> times;
    for (const Waits& one : all) times.push_back(one.at(wait));
    const auto place = times.begin() + static_cast<std::ptrdiff_t>(times.size() * percent / 100);
    std::nth_element(times.begin(), place, times.end());
    return *place;
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

enum class Plugin { Delivers, Checks };

// ada's messages come; what is to go to ben, or ben's number, meets the evil plugin.
class TwoPeople {
public:
    TwoPeople(Plugin plugin, const std::string& deed) : plugin_(plugin) {
        for (const char* name : {"ada", "ben"}) machine_.add_account(name, old_password);
        machine_.set_up();
        machine_.enroll_email("ada", "ada@example.org");
        const bool checks = plugin == Plugin::Checks;
        if (checks)
            static_cast<void>(machine_.enroll_app("ben"));
        else
            machine_.enroll_email("ben", "ben@example.org");
        install(checks ? LATCHKEY_TEST_EVIL_APP : LATCHKEY_TEST_EVIL);
        machine_.configure("[channel.evil]\nplugin = \"evil\"\ndeadline = 30\ndeed = \"" + deed +
                           "\"\n" +
                           (checks ? "profile = \"none\"\n[method.totp]\nchannels = [\"evil\"]\n"
                                   : "profile = \"network\"\nonly_to = \"ben@example.org\"\n"
                                     "[method.email]\nchannels = [\"evil\", \"file\"]\n"));
    }

    Waits ada_alone() { return ada_recovers(); }
    [[nodiscard]] std::ptrdiff_t most_threads() const { return most_threads_; }

    // Nothing if ben's plugin did not last until she was through: a run of deliveries that
    // has done with him takes what is queued next, and ends it.
    std::optional<Waits> ada_beside_ben() {
        return plugin_ == Plugin::Checks ? beside_bens_number() : beside_bens_message();
    }

private:
    static void install(const char* evil) {
        namespace fs = std::filesystem;
        fs::copy_file(evil, LATCHKEY_CHANNELDIR "/evil.so");
        fs::permissions(LATCHKEY_CHANNELDIR "/evil.so", fs::perms{0644});
    }

    static std::ptrdiff_t threads_of(pid_t pid) {
        std::error_code gone;
        const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(pid) + "/task",
                                                        gone);
        return std::distance(begin(tasks), end(tasks));
    }

    std::optional<Waits> beside_bens_message() {
        PamLogin ben("login", "ben");
        std::optional<Waits> measured;
        run_with(ben, {"", forgot, "1"}, [&] { measured = beside(only_process(channel_host)); });
        end_monitors(delivering_monitor);
        forget_messages();
        return measured;
    }

    // He waits for what becomes of his number, so he is another process.
    std::optional<Waits> beside_bens_number() {
        Forked ben([] {
            PamLogin login("login", "ben");
            login.run({"", forgot, "1", "123456"});
            return 0;
        });
        const auto measured = beside(only_process(channel_host));
        end_monitors(login_monitor);
        return measured;
    }

    std::optional<Waits> beside(pid_t evil) {
        const Waits measured = ada_recovers();
        most_threads_ = std::max(most_threads_, threads_of(evil));
        const auto left = processes_with_command(channel_host);
        if (std::find(left.begin(), left.end(), evil) == left.end()) return std::nullopt;
        return measured;
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

    // The verifier and the channel hosts end with the monitor that started them.
    static void end_monitors(const char* command) {
        for (const pid_t pid : processes_with_command(command)) ::kill(pid, SIGKILL);
        if (!latchkey_comes_to_rest()) throw std::runtime_error("latchkey does not come to rest");
    }

    static void forget_messages() {
        must_run({"python3", "-c",
                  "import sqlite3\n"
                  "store = sqlite3.connect('/var/lib/latchkey/store.db', timeout=20)\n"
                  "store.execute('DELETE FROM outbox')\n"
                  "store.commit()"});
    }

    Plugin plugin_;
    Machine machine_;
    std::ptrdiff_t most_threads_ = 0;
};

using Delays = std::array<microseconds, waits.size()>;

struct Measured {
    Delays medians{};
    Delays ninetieths{};
    [[nodiscard]] microseconds longest() const {
        return std::max(*std::max_element(medians.begin(), medians.end()),
                        *std::max_element(ninetieths.begin(), ninetieths.end()));
    }
};

Measured measure(TwoPeople& people) {
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
    Measured delays;
    for (std::size_t wait = 0; wait < waits.size(); ++wait) {
        delays.medians.at(wait) = percentile(beside, wait, 50) - percentile(alone, wait, 50);
        delays.ninetieths.at(wait) = percentile(beside, wait, 90) - percentile(alone, wait, 90);
    }
    return delays;
}

std::string checked(const Delays& delays) {
    std::string found;
    for (std::size_t wait = 0; wait < waits.size(); ++wait) {
        INFO(waits.at(wait));
        CHECK(delays.at(wait) <= most);
        found += std::string(wait == 0 ? " " : ", ") + waits.at(wait) + ' ' +
                 std::to_string(delays.at(wait).count() / 1000) + " ms";
    }
    return found;
}

void check_nobody_else_waits(Plugin plugin, const std::string& deed) {
    TwoPeople people(plugin, deed);
    Measured delays = measure(people);
    for (int i = 1; i < measurements && delays.longest() > most; ++i) delays = measure(people);
    const std::string found = "median delay of" + checked(delays.medians) +
                              "; at the 90th percentile" + checked(delays.ninetieths);
    evidence("T20 no other person is delayed by an evil plugin that " +
                 std::string(plugin == Plugin::Checks ? "checks" : "delivers") + ", deed " + deed,
             std::to_string(rounds_of_each) + " recoveries beside its " +
                 std::to_string(people.most_threads()) + " threads and as many without, in turns",
             found);
}

}  // namespace

TEST_CASE("a plugin that hangs over one person's message delays nobody else by 100 ms") {
    check_nobody_else_waits(Plugin::Delivers, "hang");
}
TEST_CASE("a plugin that floods its caller delays nobody else by 100 ms") {
    check_nobody_else_waits(Plugin::Delivers, "flood");
}
TEST_CASE("a plugin that computes in every thread it can have delays nobody else by 100 ms") {
    check_nobody_else_waits(Plugin::Delivers, "spin_in_every_thread");
}
TEST_CASE("a plugin that forks in every thread it can have delays nobody else by 100 ms") {
    check_nobody_else_waits(Plugin::Delivers, "fork_in_every_thread");
}
TEST_CASE("a plugin that computes over one person's number delays nobody else by 100 ms") {
    check_nobody_else_waits(Plugin::Checks, "spin_in_every_thread");
}

}  // namespace latchkey
