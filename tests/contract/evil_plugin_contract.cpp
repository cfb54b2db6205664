// SPDX-License-Identifier: MIT
//
// A plugin that means harm: what it must not do is denied, what cannot be denied
// costs its own call and nothing else.
#include <dlfcn.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "adapters/confinement/confinement.hpp"
#include "plugins/include/latchkey/plugin.h"
#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

// A listener on loopback that nobody is meant to reach.
class Listener {
public:
    Listener() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(fd_.get(), generic, size) != 0 || ::listen(fd_.get(), 1) != 0 ||
            ::getsockname(fd_.get(), generic, &size) != 0)
            throw std::runtime_error{"listen"};
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::string port() const { return std::to_string(port_); }

private:
    UniqueFd fd_;
    std::uint16_t port_ = 0;
};

// The evil plugin, a process of the same user, and a file of its own.
struct Evil {
    ChannelWorkshop workshop{{"evil"}};
    Listener listener;
    std::string file = workshop.messages_directory() + "/mine";
    RunningProgram victim;

    Evil() {
        std::ofstream{file} << "kept";
        if (::chown(file.c_str(), workshop.channel_uid(), static_cast<gid_t>(-1)) != 0)
            throw std::runtime_error{"chown"};
        start_victim();
    }
    void start_victim() {
        victim = RunningProgram{
            {"/bin/sleep", "600"}, workshop.channel_uid(), workshop.channel_gid(), UniqueFd{}};
    }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options(
        const std::string& deed) const {
        return {{"deed", deed},
                {"victim", std::to_string(victim.pid())},
                {"file", file},
                {"elsewhere", listener.port()}};
    }
    [[nodiscard]] wire::ChannelSetup setup(const std::string& deed, Profile profile) const {
        auto setup = workshop.setup("evil", profile);
        setup.options = options(deed);
        return setup;
    }
    Result<wire::ChannelReply> commit(const std::string& deed, Profile profile) {
        return workshop.call(setup(deed, profile), delivery_to("ada@example.org"));
    }
};

struct Attempt {
    std::string deed;
    bool needs_landlock;  // a kernel without it lets this through
};

const std::vector<Attempt> kAttempts{
    {"open_shadow", false},
    {"open_passwd", true},
    {"list_root", true},
    {"write_tmp", false},
    {"write_file", false},
    {"read_file", true},
    {"truncate_file", false},
    {"chmod_file", false},
    {"unlink_file", false},
    {"open_proc_mem", false},
    {"open_proc_environ", true},
    {"listen", false},
    {"unix_socket", false},
    {"packet_socket", false},
    {"ptrace", false},
    {"read_memory", false},
    {"pidfd_getfd", false},
    {"kill", false},
    {"kill_everybody", false},
    {"queue_signal", false},
    {"own_signals", false},
    {"fork", false},
    {"exec", false},
    {"memfd", false},
    {"raise_rlimit", false},
    {"become_dumpable", false},
    {"disarm_deadline", false},
    {"unshare", false},
    {"become_root", false},
    {"io_uring", false},
    {"keyring", false},
    {"bpf", false},
    {"constructor", false},
};

void check_denied(Evil& evil, const std::string& deed, Profile profile) {
    INFO(deed);
    const auto reply = evil.commit(deed, profile);
    REQUIRE(reply);
    CHECK(reply->for_log.substr(0, 7) == "denied:");
    CHECK(reply->outcome == ChannelOutcome::Accepted);  // it lived on to tell
}

// --- the same deeds without a sandbox, as the same user -------------------------------

using Pairs = std::vector<std::pair<std::string, std::string>>;

latchkey_bytes_v1 option_of(void* context, const char* name) {
    for (const auto& [key, value] : *static_cast<Pairs*>(context))
        if (key == name) return {value.c_str(), value.size()};
    return {nullptr, 0};
}
latchkey_bytes_v1 no_secret(void*) {
    return {"", 0};
}
void no_log(void*, const char*) {}
std::uint32_t plenty_of_time(void*) {
    return 1000;
}

// In a child: becomes the channel's user, loads the plugin, exits 0 if it managed.
[[noreturn]] void commit_unconfined(const std::string& plugin, uid_t uid, Pairs options) {
    if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 ||
                             ::setresuid(uid, uid, uid) != 0))
        ::_exit(3);
    void* object = ::dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (object == nullptr) ::_exit(4);
    const auto* table =
        *static_cast<const latchkey_plugin_table_v1* const*>(::dlsym(object, LATCHKEY_SYMBOL));
    const latchkey_host_v1 host{sizeof host, LATCHKEY_ABI, &options,       &option_of,
                                &no_secret,  &no_log,      &plenty_of_time};
    const latchkey_message_v1 message{sizeof message, LATCHKEY_ABI, {"", 0},
                                      {"", 0},        {"", 0},      {"", 0}};
    latchkey_result_v1 result{};
    table->deliver(&host, &message, &result);
    ::_exit(std::string_view{result.for_log} == "done" ? 0 : 1);
}

bool manages_unconfined(const Evil& evil, const std::string& deed) {
    const pid_t child = ::fork();
    if (child == 0)
        commit_unconfined(evil.workshop.plugin_file("evil"), evil.workshop.channel_uid(),
                          evil.options(deed));
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("no deed of an evil plugin is let through by either profile", "[evil]") {
    Evil evil;
    const auto profile = GENERATE(Profile::None, Profile::Network);
    for (const Attempt& attempt : kAttempts)
        if (!attempt.needs_landlock || landlock_version() > 0)
            check_denied(evil, attempt.deed, profile);
    CHECK(evil.victim.running());
    std::string kept;
    std::ifstream{evil.file} >> kept;
    CHECK(kept == "kept");
}

TEST_CASE("without the sandbox the same user manages these deeds", "[evil]") {
    // Else the test above would prove nothing.
    Evil evil;
    for (const char* deed :
         {"open_passwd", "list_root", "write_file", "read_file", "chmod_file", "connect_elsewhere",
          "listen", "unix_socket", "inet_socket", "kill_everybody", "own_signals", "fork", "memfd",
          "become_dumpable", "queue_signal", "kill", "truncate_file"}) {
        INFO(deed);
        CHECK(manages_unconfined(evil, deed));
        if (!evil.victim.running()) evil.start_victim();
    }
}

TEST_CASE("profile none has no socket at all", "[evil]") {
    Evil evil;
    check_denied(evil, "inet_socket", Profile::None);
    check_denied(evil, "connect_elsewhere", Profile::None);
}

TEST_CASE("profile network connects to the channel's port and to no other", "[evil]") {
    constexpr int kKnowsPorts = 4;  // Landlock's version
    Evil evil;
    if (landlock_version() >= kKnowsPorts)
        check_denied(evil, "connect_elsewhere", Profile::Network);
    auto setup = evil.setup("connect_elsewhere", Profile::Network);
    setup.options.emplace_back("port", evil.listener.port());
    const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(reply);
    CHECK(reply->for_log == "done");
}

TEST_CASE("a plugin that ends itself costs its own call", "[evil]") {
    Evil evil;
    for (const char* deed : {"crash", "abort", "exit", "throw", "close_caller", "threads"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::Network);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().kind == ErrorKind::Unavailable);
        CHECK(evil.workshop.host().ended_within(std::chrono::seconds{2}));
    }
}

TEST_CASE("a plugin that hangs or spins is killed at its deadline by the kernel", "[evil]") {
    Evil evil;
    const std::string deed = GENERATE("hang", "spin");
    auto setup = evil.setup(deed, Profile::Network);
    setup.deadline_seconds = 1;
    const auto before = std::chrono::steady_clock::now();
    const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::Unavailable);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    // Nobody but the kernel's timer ended it.
    const auto ended = evil.workshop.host().ended_within(std::chrono::seconds{1});
    REQUIRE(ended);
    CHECK(*ended == 128 + SIGKILL);
}

TEST_CASE("a plugin that eats memory meets its limit, not the host's", "[evil]") {
    Evil evil;
    CHECK_FALSE(evil.commit("eat_memory", Profile::None));
}

TEST_CASE("nonsense on the caller's socket is no reply", "[evil]") {
    Evil evil;
    for (const char* deed : {"garbage", "oversized"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::None);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().kind == ErrorKind::Corrupt);
    }
}

TEST_CASE("an outcome that is none, or that does not fit, is a misconfiguration", "[evil]") {
    Evil evil;
    for (const char* deed : {"unknown_outcome", "judge"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::None);
        REQUIRE(reply);
        CHECK(reply->outcome == ChannelOutcome::Misconfigured);
    }
}

TEST_CASE("what a plugin logs is short, printable and keeps confidences", "[evil]") {
    Evil evil;
    const auto huge = evil.commit("huge_log", Profile::None);
    REQUIRE(huge);
    CHECK(huge->for_log.size() <= 512);
    const auto control = evil.commit("control_characters", Profile::None);
    REQUIRE(control);
    CHECK(control->for_log == "\\x1b[2J\\x0d\\x0afake log line\\x07");

    auto setup = evil.setup("leak", Profile::None);
    setup.secret = Secret{"correct horse"};
    const auto leak = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(leak);
    CHECK(leak->for_log.find("Your recovery code is [...] [...]") == 0);
    for (const char* confidence : {"4711", "0815", "ada@example.org", "correct horse"})
        CHECK(leak->for_log.find(confidence) == std::string::npos);
}
