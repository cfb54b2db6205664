// SPDX-License-Identifier: MIT
//
// A plugin that means harm: what it must not do is denied, by the sandbox or by its
// user, and it lives on to tell. Without the sandbox the same user manages it.
#include <dlfcn.h>
#include <grp.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>

#include "adapters/confinement/confinement.hpp"
#include "plugins/include/latchkey/plugin.h"
#include "tests/contract/evil_guest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/refusal.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

// Tried with every profile that is a sandbox.
const std::vector<std::string> kDeeds{
    // files, and what it was started with
    "open_shadow", "write_tmp", "nameless_file", "write_file", "truncate_file", "chmod_file",
    "unlink_file", "link_file", "rename_file", "touch_file", "symlink", "make_directory",
    "descriptors", "environment", "constructor",
    // other processes, and making one
    "open_proc_mem", "ptrace", "read_memory", "write_memory", "pidfd_getfd", "pidfd_signal", "kill",
    "kill_everybody", "kill_group", "tgkill", "tkill", "queue_signal", "own_signals",
    "limit_victim", "starve_victim", "fork", "vfork", "clone_unseen", "clone_namespace", "exec",
    "exec_memory", "exec_by_descriptor",
    // the network
    "connect_by_sending", "listen", "raw_socket", "raw_socket_ipv6", "ping_socket", "packet_socket",
    "multipath_socket", "netlink_audit", "netlink_events", "crypto_socket", "host_socket",
    "unix_socket", "unix_letter", "abstract_letter", "letter_by_pair", "abstract_letter_by_pair",
    "turn_callers_socket",
    // the kernel
    "memfd", "memfd_secret", "raise_rlimit", "unlimited_time", "real_time", "go_first",
    "become_dumpable", "own_filter", "disarm_deadline", "delay_deadline", "more_timers",
    "set_clock", "unshare_user", "unshare_network", "unshare_files", "enter_namespace",
    "become_root", "become_roots_group", "real_user", "groups", "capabilities", "io_uring",
    "keyring", "keyctl", "request_key", "bpf", "perf", "userfaultfd", "compare_kernel",
    "personality", "mount", "chroot", "file_handle", "watch_files", "watch_mounts", "shared_memory",
    "message_queue", "semaphores", "posix_queue", "pin_to_processor", "leave_session", "move_group",
    "type_at_terminal", "kernel_log", "load_module", "reboot", "swap", "set_name"};

// A kernel without Landlock lets these through.
const std::vector<std::string> kDeedsForLandlock{
    "open_passwd",          "list_root",         "list_proc",      "read_file",
    "list_own_descriptors", "open_proc_environ", "open_proc_maps", "read_secret"};

// What the user alone cannot do, and the limits do not allow: with profile program nothing
// else stands in the way.
const std::vector<std::string> kDeedsOfNoUser{
    "open_shadow",   "read_secret", "descriptors", "become_root",   "become_roots_group",
    "groups",        "kernel_log",  "load_module", "reboot",        "swap",
    "raw_socket",    "go_first",    "real_time",   "packet_socket", "raise_rlimit",
    "unlimited_time"};

// Against the channel host of another call, which is not dumpable.
const std::vector<std::string> kDeedsOnAnotherHost{
    "ptrace",        "read_memory",       "write_memory",  "pidfd_getfd",
    "open_proc_mem", "open_proc_environ", "open_proc_maps"};

bool is_denied(EvilGuest& evil, const std::string& deed, Profile profile) {
    INFO(deed);
    const auto reply = evil.commit(deed, profile);
    REQUIRE(reply);
    INFO(reply->for_log);
    CHECK(is_refusal(reply->for_log));
    CHECK(reply->outcome == ChannelOutcome::Accepted);  // it lived on to tell
    return is_refusal(reply->for_log);
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

bool manages_unconfined(const EvilGuest& evil, const std::string& deed) {
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
    EvilGuest evil;
    const auto profile = GENERATE(Profile::None, Profile::Network, Profile::Spool);
    std::vector<std::string> deeds = kDeeds;
    if (landlock_version() > 0)
        deeds.insert(deeds.end(), kDeedsForLandlock.begin(), kDeedsForLandlock.end());
    const auto refused = std::count_if(deeds.begin(), deeds.end(), [&](const std::string& deed) {
        return is_denied(evil, deed, profile);
    });
    CHECK(evil.victim.running());
    std::string kept;
    std::ifstream{evil.file} >> kept;
    CHECK(kept == "kept");
    evidence("C1, T20 evil plugins",
             std::to_string(deeds.size()) + " deeds with profile " +
                 std::array{"none", "network", "spool"}.at(static_cast<std::size_t>(profile)),
             std::to_string(refused) + " refused; each lived on to tell");
}

TEST_CASE("without the sandbox the same user manages these deeds", "[evil]") {
    // Else the test above would prove nothing.
    EvilGuest evil;
    for (const char* deed : {"open_passwd",
                             "list_root",
                             "list_proc",
                             "list_own_descriptors",
                             "write_file",
                             "read_file",
                             "chmod_file",
                             "touch_file",
                             "connect_elsewhere",
                             "udp_elsewhere",
                             "listen",
                             "descriptors",
                             "unix_socket",
                             "unix_letter",
                             "abstract_letter",
                             "letter_by_pair",
                             "abstract_letter_by_pair",
                             "inet_socket",
                             "kill_everybody",
                             "own_signals",
                             "fork",
                             "vfork",
                             "clone_unseen",
                             "exec_memory",
                             "memfd",
                             "become_dumpable",
                             "more_timers",
                             "real_user",
                             "personality",
                             "watch_files",
                             "shared_memory",
                             "starve_victim",
                             "queue_signal",
                             "kill",
                             "truncate_file"}) {
        INFO(deed);
        CHECK(manages_unconfined(evil, deed));
        if (!evil.victim.running()) evil.start_victim();
    }
}

TEST_CASE("profile none has no socket at all", "[evil]") {
    EvilGuest evil;
    for (const auto profile : {Profile::None, Profile::Spool})
        for (const char* deed : {"inet_socket", "connect_elsewhere", "udp_elsewhere"})
            CHECK(is_denied(evil, deed, profile));
}

TEST_CASE("profile spool writes, renames and removes below its directory", "[evil]") {
    EvilGuest evil;
    for (const char* name : {"/out", "/in"}) {
        REQUIRE(::mkdir((evil.spool + name).c_str(), 0700) == 0);
        REQUIRE(::chown((evil.spool + name).c_str(), evil.workshop.channel_uid(),
                        static_cast<gid_t>(-1)) == 0);
    }
    const auto reply = evil.commit("use_spool", Profile::Spool);
    REQUIRE(reply);
    CHECK(reply->for_log == "done");
    CHECK(is_denied(evil, "use_spool", Profile::None));
    auto setup = evil.setup("use_spool", Profile::Spool);
    setup.options.pop_back();
    const auto nowhere = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(nowhere);
    CHECK(nowhere->outcome == ChannelOutcome::Misconfigured);
    CHECK(nowhere->for_log == "profile spool without a directory");
}

TEST_CASE("profile program gives no right that its user has not", "[evil]") {
    EvilGuest evil;
    for (const std::string& deed : kDeedsOfNoUser) CHECK(is_denied(evil, deed, Profile::Program));
    for (const char* deed : {"fork", "exec_memory", "inet_socket"}) {
        INFO(deed);
        const auto reply = evil.commit(deed, Profile::Program);
        REQUIRE(reply);
        CHECK(reply->for_log == "done");
    }
}

TEST_CASE("profile program does not reach into the channel host of another call", "[evil]") {
    EvilGuest other;
    auto socket = other.workshop.start_host(other.setup("hang", Profile::None),
                                            other.workshop.plugin_directory());
    REQUIRE(socket);
    EvilGuest evil;
    for (const std::string& deed : kDeedsOnAnotherHost) {
        INFO(deed);
        auto setup = evil.setup(deed, Profile::Program);
        for (auto& [key, value] : setup.options)
            if (key == "victim") value = std::to_string(other.workshop.host().pid());
        const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
        REQUIRE(reply);
        INFO(reply->for_log);
        CHECK(is_refusal(reply->for_log));
    }
    CHECK(other.workshop.host().running());
}

TEST_CASE("profile network connects to the channel's port and to no other", "[evil]") {
    constexpr int kKnowsPorts = 4;  // Landlock's version
    EvilGuest evil;
    if (landlock_version() >= kKnowsPorts)
        CHECK(is_denied(evil, "connect_elsewhere", Profile::Network));
    auto setup = evil.setup("connect_elsewhere", Profile::Network);
    setup.options.emplace_back("port", std::to_string(evil.listener.port()));
    const auto reply = evil.workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(reply);
    CHECK(reply->for_log == "done");
}

TEST_CASE("profile network sends datagrams to any port, as docs/plugin-authors.md says", "[evil]") {
    // Resolvers need them, and no Landlock up to version 7 knows their ports.
    EvilGuest evil;
    const auto reply = evil.commit("udp_elsewhere", Profile::Network);
    REQUIRE(reply);
    CHECK(reply->for_log == "done");
}
