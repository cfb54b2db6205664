// SPDX-License-Identifier: MIT
//
// latchkey-verifier: the unprivileged side that checks. Started by the monitor,
// which it serves on descriptor 3; reads its settings and opens its store, then
// gives up everything else before it reads the monitor's first message.
//
//   latchkey-verifier [--login | --change | --deliver | --probe | --admin] [--settings FILE]
//   [--store FILE]
//
// The two files are for tests. They give nobody anything: the program has no
// privilege of its own, and the monitor never passes them.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/confinement/confinement.hpp"
#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"
#include "adapters/system/orderly_end.hpp"
#include "adapters/system/syslog_event_log.hpp"
#include "adapters/system/system_clock.hpp"
#include "config/settings_reader.hpp"
#include "core/printable.hpp"
#include "verifier/monitor_link.hpp"
#include "verifier/serve_admin.hpp"
#include "verifier/serve_change.hpp"
#include "verifier/serve_delivery.hpp"
#include "verifier/serve_login.hpp"
#include "verifier/serve_probes.hpp"

namespace {

using latchkey::MonitorLink;
using latchkey::Severity;

constexpr int kNotServed = 1;
constexpr int kUsage = 2;
constexpr int kLink = 3;
constexpr const char* kName = "latchkey-verifier";

// A run of OutboxDelivery or ChannelProbes ends before; this is for a run that stands still.
constexpr unsigned kDeliverySeconds = 115;
constexpr std::chrono::seconds kDeliveryLink{110};

enum class Mode { Login, Change, Deliver, Probe, Admin };

struct Arguments {
    Mode mode = Mode::Login;
    std::string settings_file = latchkey::kSettingsFile;
    std::string drop_ins = latchkey::kSettingsDropIns;
    std::string store_file = "/var/lib/latchkey/store.db";
};

std::optional<Arguments> parse(int argc, char* argv[]) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--login") {
            arguments.mode = Mode::Login;
        } else if (word == "--change") {
            arguments.mode = Mode::Change;
        } else if (word == "--deliver") {
            arguments.mode = Mode::Deliver;
        } else if (word == "--probe") {
            arguments.mode = Mode::Probe;
        } else if (word == "--admin") {
            arguments.mode = Mode::Admin;
        } else if (word == "--settings" && has_value) {
            arguments.settings_file = argv[++i];
            arguments.drop_ins = arguments.settings_file + ".d";
        } else if (word == "--store" && has_value) {
            arguments.store_file = argv[++i];
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

// Before anything that may hold a secret. False: the kernel refused.
bool harden_this_process() {
    const rlimit no_core{0, 0};
    if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &no_core) != 0) return false;
    if (::getsid(0) != ::getpid()) (void)::setsid();  // refused to a group leader: it has its group
    ::umask(077);
    return ::signal(SIGPIPE, SIG_IGN) != SIG_ERR && ::signal(SIGXFSZ, SIG_IGN) != SIG_ERR;
}

// What confinement takes away and the log still needs: its socket, the time zone.
void open_log_for_good() {
    ::openlog(kName, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
    ::tzset();
}

// Tells the monitor, in the words it waits for, that nothing can be served.
void refuse(Mode mode, MonitorLink& monitor, const latchkey::Error& why, bool is_confined) {
    const std::string sentence =
        "the verifier cannot serve: " + why.detail + "; run latchkey check";
    switch (mode) {
        case Mode::Login:
            (void)monitor.say(latchkey::wire::RecoveryFinish{latchkey::Outcome::Refused});
            break;
        case Mode::Change: {
            latchkey::wire::ChangeFinish finish;
            finish.why = sentence;
            (void)monitor.say(finish);
            break;
        }
        case Mode::Deliver:
        case Mode::Probe:
            (void)monitor.say(latchkey::wire::DeliverFinish{});
            break;
        case Mode::Admin:
            if (is_confined) return latchkey::refuse_admin(monitor, sentence);
            (void)monitor.say(latchkey::wire::AdminReply{true, 1, {}, sentence});
            break;
    }
    monitor.linger();
}

bool serve(Mode mode, MonitorLink& monitor, latchkey::VerifierPorts ports) {
    switch (mode) {
        case Mode::Login:
            return serve_login(monitor, ports);
        case Mode::Change:
            return serve_change(monitor, ports);
        case Mode::Deliver:
            return serve_delivery(monitor, ports, [&monitor](std::chrono::seconds longest) {
                return monitor.stays_quiet(longest);
            });
        case Mode::Probe:
            return serve_probes(monitor, ports);
        case Mode::Admin:
            serve_admin(monitor, ports);
            return true;
    }
    return false;
}

int run(const Arguments& arguments, MonitorLink& monitor, latchkey::EventLog& log) {
    auto settings = latchkey::read_settings(arguments.settings_file, arguments.drop_ins);
    auto store = latchkey::SqliteStore::open(arguments.store_file);
    latchkey::SodiumVault vault;
    const std::filesystem::path store_file{arguments.store_file};
    const auto confined = latchkey::confine_verifier(store_file.parent_path().string());

    const auto fail = [&](const char* what, const latchkey::Error& why) {
        log.record(Severity::Alarm, std::string{what} + " why=" + latchkey::in_quotes(why.detail));
        refuse(arguments.mode, monitor, why, confined.has_value());
        return kNotServed;
    };
    if (!settings) return fail("recovery is off", settings.error());
    if (!store) return fail("cannot use the store", store.error());
    if (!confined) return fail("cannot confine the verifier", confined.error());
    const latchkey::SystemClock clock;
    const bool served = serve(arguments.mode, monitor, {*settings, **store, vault, clock, log});
    return served ? 0 : kNotServed;
}

}  // namespace

int main(int argc, char* argv[]) {
    latchkey::end_orderly_instead_of_aborting();
    if (!harden_this_process()) return kNotServed;
    const auto arguments = parse(argc, argv);
    if (!arguments) return kUsage;
    latchkey::SyslogEventLog log{kName};
    open_log_for_good();
    latchkey::Deadline deadline;
    if (arguments->mode == Mode::Deliver || arguments->mode == Mode::Probe) {
        ::alarm(kDeliverySeconds);
        deadline = std::chrono::steady_clock::now() + kDeliveryLink;
    }
    MonitorLink monitor{latchkey::Seqpacket{latchkey::UniqueFd{kLink}}, deadline};
    try {
        return run(*arguments, monitor, log);
    } catch (const std::exception& e) {
        log.record(Severity::Alarm, std::string{"unexpected: "} + e.what());
    } catch (...) {
        log.record(Severity::Alarm, "unexpected: not a std::exception");
    }
    return kNotServed;
}
