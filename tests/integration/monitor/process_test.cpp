// SPDX-License-Identifier: MIT
#include "monitor/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

// The header of glibc 2.36 forgets that C++ includes it.
extern "C" {
#include <sys/pidfd.h>
}

using namespace latchkey;
using namespace std::chrono_literals;

namespace {

using Report = std::map<std::string, std::string>;

Deadline soon() {
    return std::chrono::steady_clock::now() + 20s;
}

Report parsed(const std::string& text) {
    Report report;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t sign = line.find('=');
        report[line.substr(0, sign)] = line.substr(sign + 1);
    }
    return report;
}

// A copy of the probe, installed as our programs are: 0711, so that its own
// process may not read it.
struct Installed {
    TemporaryDirectory directory;
    std::string path = directory.file("probe");

    Installed() {
        std::filesystem::copy_file(LATCHKEY_PROCESS_PROBE, path);
        REQUIRE(::chmod(path.c_str(), 0711) == 0);
        REQUIRE(::chmod(directory.path().c_str(), 0711) == 0);
    }
};

struct Ends {
    Seqpacket ours;
    Seqpacket childs;

    static Ends make() {
        auto pair = Seqpacket::make_pair();
        REQUIRE(pair);
        return {std::move(pair->first), std::move(pair->second)};
    }
    UniqueFd give() { return UniqueFd{::fcntl(childs.fd(), F_DUPFD_CLOEXEC, 0)}; }
    Report report() {
        childs.close();
        const auto packet = ours.receive(soon());
        REQUIRE(packet);
        return parsed({reinterpret_cast<const char*>(packet->bytes.data()), packet->bytes.size()});
    }
    // True once every copy of the other end is closed.
    bool ended() {
        const auto packet = ours.receive(soon());
        return !packet && packet.error().detail.find("gone") != std::string::npos;
    }
};

Report started_as(const Installed& probe, const std::string& user,
                  std::vector<std::string> arguments = {}) {
    Ends ends = Ends::make();
    auto child = start({probe.path, std::move(arguments), user}, ends.give());
    REQUIRE(child);
    return ends.report();
}

// What a hostile caller of su leaves us.
void poison() {
    ::umask(0);
    (void)!::chdir("/tmp");
    ::signal(SIGTERM, SIG_IGN);
    ::signal(SIGCHLD, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    const auto lower = [](__rlimit_resource_t resource, rlim_t soft) {
        rlimit limit{};
        ::getrlimit(resource, &limit);
        limit.rlim_cur = std::min(soft, limit.rlim_max);
        ::setrlimit(resource, &limit);
    };
    lower(RLIMIT_FSIZE, 0);
    lower(RLIMIT_CPU, 1);
    lower(RLIMIT_NOFILE, 20);
    lower(RLIMIT_CORE, RLIM_INFINITY);
    ::setpriority(PRIO_PROCESS, 0, 10);
}

}  // namespace

TEST_CASE("a started program has its own ids, and no groups of whoever started it") {
    const Installed probe;
    Ends ends = Ends::make();
    Forked su{[&] {
        const std::array<gid_t, 3> groups{0, 4, 42};
        if (::setgroups(groups.size(), groups.data()) != 0) return 1;
        auto child = start({probe.path, {}, "nobody"}, ends.give());
        return child && child->wait(soon()) ? 0 : 2;
    }};
    const Report report = ends.report();
    CHECK(su.wait() == 0);
    CHECK(report.at("uids") == "65534 65534 65534");
    CHECK(report.at("gids") == "65534 65534 65534");
    CHECK(report.at("groups") == "0");
}

TEST_CASE("a started program has the one group it is given, and no other") {
    const Installed probe;
    Ends ends = Ends::make();
    auto child = start({probe.path, {}, "nobody", gid_t{4711}}, ends.give());
    REQUIRE(child);
    const Report report = ends.report();
    CHECK(report.at("gids") == "65534 65534 65534");
    CHECK(report.at("groups") == "1");
    CHECK(report.at("group") == "4711");
}

TEST_CASE("a started program has descriptors 0 to 3 only, and no environment") {
    const Installed probe;
    const UniqueFd leaking{::open("/etc/shadow", O_RDONLY)};  // not close-on-exec
    const UniqueFd high{::fcntl(leaking.get(), F_DUPFD, 700)};
    REQUIRE(high);
    ::setenv("LD_PRELOAD", "/tmp/evil.so", 1);
    ::setenv("FOO", "bar", 1);
    const Report report = started_as(probe, "nobody", {"one", "", "two words"});
    ::unsetenv("LD_PRELOAD");
    ::unsetenv("FOO");
    CHECK(report.at("descriptors") == "0 1 2 3 ");
    CHECK(report.at("standard_is_null") == "1");
    CHECK(report.at("variables") == "0");
    CHECK(report.at("arguments") == probe.path + "|one||two words|");
}

TEST_CASE("a started program is not dumpable from its first instruction") {
    const Installed probe;
    CHECK(started_as(probe, "nobody").at("dumpable_at_start") == "0");
}

TEST_CASE("a started program stays root if no user is named, with all three ids") {
    const Installed probe;
    Ends ends = Ends::make();
    Forked su{[&] {
        if (::setresuid(65534, 0, 0) != 0) return 1;
        auto child = start({probe.path, {}, ""}, ends.give());
        return child && child->wait(soon()) ? 0 : 2;
    }};
    const Report report = ends.report();
    CHECK(su.wait() == 0);
    CHECK(report.at("uids") == "0 0 0");
    CHECK(report.at("gids") == "0 0 0");
}

TEST_CASE("without a descriptor the program has no descriptor 3") {
    const Installed probe;
    TemporaryDirectory directory;
    REQUIRE(::mkfifo(directory.file("report").c_str(), 0600) == 0);
    const UniqueFd reader{::open(directory.file("report").c_str(), O_RDONLY | O_NONBLOCK)};
    auto child = start({probe.path, {"report=" + directory.file("report")}, ""}, UniqueFd{});
    REQUIRE(child);
    REQUIRE(child->wait(soon()));
    std::string text(8192, '\0');
    text.resize(static_cast<std::size_t>(::read(reader.get(), text.data(), text.size())));
    CHECK(parsed(text).at("descriptors") == "0 1 2 ");
}

TEST_CASE("a started program dies with the process that started it") {
    const Installed probe;
    Ends ends = Ends::make();
    Signal never;
    Forked monitor{[&] {
        auto child = start({probe.path, {"wait"}, "nobody"}, ends.give());
        ends.childs.close();
        return child && never.wait() ? 0 : 1;
    }};
    const Report report = ends.report();
    CHECK(report.at("on_parents_death") == std::to_string(SIGKILL));
    CHECK(report.at("parent") == std::to_string(monitor.pid()));
    monitor.kill();
    CHECK(ends.ended());
}

TEST_CASE("a program that cannot be started is an error, and leaves no child") {
    const Installed probe;
    const auto refused = [](const Program& program) {
        auto child = start(program, UniqueFd{});
        const bool detached = start_detached(program).has_value();
        return !child && child.error().kind == ErrorKind::Misconfigured && !detached;
    };
    CHECK(refused({probe.path, {}, "no-such-user-here"}));
    CHECK(refused({probe.path, {}, "root"}));
    CHECK(refused({"probe", {}, "nobody"}));
    CHECK(refused({"", {}, "nobody"}));
    CHECK(refused({probe.directory.file("absent"), {}, "nobody"}));
    CHECK(refused({probe.directory.write("text", "no program", 0755), {}, "nobody"}));
    REQUIRE(::chmod(probe.path.c_str(), 0700) == 0);
    CHECK(refused({probe.path, {}, "nobody"}));  // the drop comes before exec
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("the end of a program is told, and waiting for it has a deadline") {
    const Installed probe;
    auto exits = start({probe.path, {"exit=7"}, "nobody"}, UniqueFd{});
    REQUIRE(exits);
    const auto status = exits->wait(soon());
    REQUIRE(status);
    CHECK(*status == 7);
    CHECK_FALSE(exits->running());
    CHECK_FALSE(exits->wait(soon()));

    Ends ends = Ends::make();
    auto stays = start({probe.path, {"wait"}, "nobody"}, ends.give());
    REQUIRE(stays);
    (void)ends.report();
    CHECK(stays->running());
    const auto early = stays->wait(std::chrono::steady_clock::now());
    REQUIRE_FALSE(early);
    CHECK(stays->running());
    REQUIRE(::pidfd_send_signal(stays->pidfd(), SIGTERM, nullptr, 0) == 0);
    CHECK(stays->wait(soon()).value() == 128 + SIGTERM);
}

TEST_CASE("a program ends when its ChildProcess is killed or goes out of scope") {
    const Installed probe;
    Ends first = Ends::make();
    auto child = start({probe.path, {"wait"}, "nobody"}, first.give());
    REQUIRE(child);
    (void)first.report();
    child->kill();
    CHECK(first.ended());
    CHECK_FALSE(child->running());
    child->kill();

    Ends second = Ends::make();
    {
        auto scoped = start({probe.path, {"wait"}, "nobody"}, second.give());
        REQUIRE(scoped);
        (void)second.report();
    }
    CHECK(second.ended());
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("a program that is left to end by itself is waited for, and killed after that") {
    const Installed probe;
    {
        Ends ends = Ends::make();
        auto child = start({probe.path, {"exit=0", "wait"}, "nobody"}, ends.give());
        REQUIRE(child);
        child->leave_until(std::chrono::steady_clock::now() + 1h);
        (void)ends.report();
        ends.ours.close();  // what it waits for
        const ChildProcess kept = std::move(*child);
    }
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);

    Ends ends = Ends::make();
    auto child = start({probe.path, {"wait"}, "nobody"}, ends.give());
    REQUIRE(child);
    (void)ends.report();
    child->leave_until(std::chrono::steady_clock::now());
    child->kill();
    CHECK(ends.ended());
}

TEST_CASE("a program that is left to end by itself runs on where it is handed to") {
    const Installed probe;
    Ends ends = Ends::make();
    ChildProcess kept;
    {
        auto child = start({probe.path, {"wait"}, "nobody"}, ends.give());
        REQUIRE(child);
        (void)ends.report();
        child->leave_until(std::chrono::steady_clock::now());
        ChildProcess between{std::move(*child)};
        kept = std::move(between);
    }
    CHECK(kept.running());
    kept.kill();
    CHECK(ends.ended());
}

TEST_CASE("a detached program is no child of ours, in another session, and outlives us") {
    const Installed probe;
    TemporaryDirectory directory;
    REQUIRE(::mkfifo(directory.file("report").c_str(), 0600) == 0);
    const UniqueFd reader{::open(directory.file("report").c_str(), O_RDONLY | O_NONBLOCK)};
    REQUIRE(reader);
    Forked conversation{[&] {
        return start_detached({probe.path, {"report=" + directory.file("report")}, ""}) ? 0 : 1;
    }};
    const pid_t starter = conversation.pid();
    REQUIRE(conversation.wait() == 0);
    pollfd waiting{reader.get(), POLLIN, 0};
    REQUIRE(::poll(&waiting, 1, 20000) == 1);
    std::string text(8192, '\0');
    text.resize(static_cast<std::size_t>(::read(reader.get(), text.data(), text.size())));
    const Report report = parsed(text);
    CHECK(report.at("parent") != std::to_string(starter));
    CHECK(report.at("parent") != std::to_string(::getpid()));
    CHECK(report.at("session") != std::to_string(::getsid(0)));
    CHECK(report.at("on_parents_death") == "0");
    CHECK(report.at("descriptors") == "0 1 2 ");
    CHECK(report.at("variables") == "0");
}

TEST_CASE("hardening undoes what a hostile caller left") {
    const Installed probe;
    Ends ends = Ends::make();
    Forked su{[&] {
        UniqueFd theirs = ends.give();
        poison();
        auto child = start({probe.path, {"harden"}, ""}, std::move(theirs));
        (void)child->wait(soon());
        return 0;
    }};
    const Report report = ends.report();
    CHECK(report.at("hardened") == "yes");
    CHECK(report.at("dumpable") == "0");
    CHECK(report.at("directory") == "/");
    CHECK(report.at("umask") == std::to_string(077));
    CHECK(report.at("session") == report.at("pid"));
    CHECK(report.at("blocked").empty());
    CHECK(report.at("ignored") == std::to_string(SIGPIPE) + ' ' + std::to_string(SIGXFSZ) + ' ');
    CHECK(report.at("core") == "0 0");
    CHECK(report.at("fsize") == "unlimited unlimited");
    CHECK(report.at("cpu") == "unlimited unlimited");
    CHECK(report.at("nofile") == "1024 1024");
    CHECK(report.at("nice") == "0");
}

TEST_CASE("a limit of the caller that cannot be raised is an error") {
    const Installed probe;
    const auto limited = [&](__rlimit_resource_t resource, rlim_t hard) {
        Ends ends = Ends::make();
        Forked su{[&] {
            UniqueFd theirs = ends.give();
            const rlimit limit{hard, hard};
            if (::setrlimit(resource, &limit) != 0) return 1;
            // Not root: only root may be able to raise a hard limit.
            auto child = start({probe.path, {"harden"}, "nobody"}, std::move(theirs));
            return child && child->wait(soon()) ? 0 : 2;
        }};
        return ends.report().at("hardened");
    };
    CHECK(limited(RLIMIT_FSIZE, 4096) == "resource limit fsize cannot be set");
    CHECK(limited(RLIMIT_CPU, 20) == "resource limit cpu cannot be set");
    CHECK(limited(RLIMIT_NOFILE, 64) == "resource limit nofile cannot be set");
    CHECK(limited(RLIMIT_NOFILE, 512) == "yes");  // less than wanted, and enough
}
