// SPDX-License-Identifier: MIT
//
// The process that loads the module is the same after every login as before
// (G14, T33): a threaded PAM application looks at itself around each call.
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <sstream>
#include <thread>

#include "tests/integration/module/stack_login.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/process_snapshot.hpp"

using namespace latchkey;

namespace {

constexpr int kThreads = 8;

// Put into passwd by run_as_root.
constexpr const char* kUser = "told";
constexpr const char* kAnnouncements = "/var/lib/latchkey-acts/announcements";

std::atomic<int> children_ended{0};

// Ways to sign in that one script of the monitor serves, since many go on at once.
const std::string kScript = "ask Code: \n" + finish(Outcome::Recovered, "old");
const std::vector<Flow>& kinds() {
    static const std::vector<Flow> flows{
        {.name = "typed", .answers = {"old"}, .right = true},
        {.name = "mistyped", .answers = {"wrong"}},
        {.name = "recovered", .answers = {"", "1", "12345678"}, .right = true},
        {.name = "back", .answers = {"", "", "old"}, .right = true},
        {.name = "left at the code", .answers = {"", "1"}},
        {.name = "left at the reason", .answers = {""}},
        {.name = "answered too long",
         .answers = {"", "1", std::string(2000, 'x'), "12345678"},
         .right = true}};
    return flows;
}

void lay_out() {
    const Flow flow{.name = "", .script = kScript};
    // errno is looked at right behind our line: libpam's audit record changes it
    // before pam_authenticate returns. So a refusal ends the stack there.
    const std::string ours = our_line("[success=ignore ignore=ignore default=bad]", flow);
    std::string service;
    for (const std::string& line : {with_paths("optional WITNESS errno=set"), ours,
                                    with_paths("[ignore=ignore default=die] WITNESS errno=look"),
                                    with_paths("required WITNESS password=old")})
        service += "auth " + line + '\n';
    service += with_paths("session optional WITNESS errno=set\n") + "session optional " + kModules +
               "pam_latchkey.so\n" + with_paths("session required WITNESS errno=look returns=0\n");
    write_stack({service, {}}, flow);
    std::filesystem::create_directories(kAnnouncements);
    const std::string file = std::string{kAnnouncements} + "/48211";
    write_text(file, "48211:told\n99999999999 a new password was set\n");
    if (::chmod(file.c_str(), 0600) != 0) throw std::runtime_error("chmod");
    write_text(std::string{kPlace} + "script", kScript);
}

using Call = int (*)(pam_handle_t*, int);

// What one call of libpam changed, and whether it succeeded when it should.
std::string changes_around(Call call, pam_handle_t* pamh, bool succeeds) {
    const std::string process = process_snapshot();
    errno = 0;
    const std::string thread = thread_snapshot();
    const int result = call(pamh, 0);
    errno = 0;
    std::string changed = difference(thread, thread_snapshot());
    changed += difference(process, process_snapshot());
    const char* const number = pam_getenv(pamh, "ERRNO");
    if (number == nullptr || std::string_view{number} != "4095") changed += "errno\n";
    if ((result == PAM_SUCCESS) != succeeds) changed += "wrong result\n";
    pam_putenv(pamh, "ERRNO");
    return changed;
}

// One login and its session; what they changed in the process, empty if nothing.
std::string changes_of(const Flow& flow) {
    Person person = person_of(flow);
    std::string changed;
    {
        Transaction transaction{person, kUser};
        // The calls alone: pam_start and pam_end are libpam's.
        changed = changes_around(pam_authenticate, transaction.get(), flow.right);
        changed += changes_around(pam_open_session, transaction.get(), true);
        if (!person.was_told("shown|a new password was set\n")) changed += "nothing was told\n";
        changed += changes_around(pam_close_session, transaction.get(), true);
    }
    return changed.empty() ? changed : std::string{flow.name} + ":\n" + changed;
}

bool is_mapped(const std::string& object) {
    std::ifstream file{"/proc/self/maps"};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str().find(object) != std::string::npos;
}

long resident_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmRSS:", 0) == 0) return std::stol(line.substr(6));
    return -1;
}

class CountsSigchld {
public:
    CountsSigchld() {
        struct sigaction counting {};
        counting.sa_handler = [](int) { children_ended.fetch_add(1); };
        ::sigaction(SIGCHLD, &counting, &before_);
        children_ended = 0;
    }
    CountsSigchld(const CountsSigchld&) = delete;
    CountsSigchld& operator=(const CountsSigchld&) = delete;
    ~CountsSigchld() { ::sigaction(SIGCHLD, &before_, nullptr); }

private:
    struct sigaction before_ {};
};

bool has_no_child() {
    int status = 0;
    return ::waitpid(-1, &status, WNOHANG | __WALL) == -1 && errno == ECHILD;
}

}  // namespace

TEST_CASE("threads that sign in at once find their process and themselves as they were") {
    lay_out();
    const CountsSigchld counts_sigchld;
    static_cast<void>(changes_of(kinds()[2]));  // what libc sets up once
    const int each = rounds(50, 250);
    const std::string before = shared_snapshot();
    std::mutex lock;
    std::string changed;
    std::atomic<int> flows{0};
    std::vector<std::thread> threads;
    for (int number = 0; number < kThreads; ++number) {
        threads.emplace_back([&, number] {
            for (int i = 0; i < each; ++i) {
                const auto kind = static_cast<std::size_t>(number + i) % kinds().size();
                const std::string mine = changes_of(kinds()[kind]);
                ++flows;
                const std::lock_guard guard{lock};
                if (changed.size() < 4000) changed += mine;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(changed == "");
    CHECK(difference(before, shared_snapshot()) == "");
    CHECK(children_ended == 0);
    CHECK(has_no_child());
    CHECK_FALSE(is_mapped("pam_latchkey"));
    CHECK(flows >= 200);
    evidence("G14 the host process",
             "threaded PAM application, " + std::to_string(kThreads) + " threads, " +
                 std::to_string(flows) + " logins, compared around each",
             (changed.empty() ? "0 differences, " : "differences, ") +
                 std::to_string(children_ended) + " SIGCHLD, 0 children, 0 mappings left");
}

TEST_CASE("the module gives back the memory of every login") {
    lay_out();
    const auto run = [](int logins) {
        for (int i = 0; i < logins; ++i) {
            const Flow& flow = kinds()[static_cast<std::size_t>(i) % kinds().size()];
            Person person = person_of(flow);
            Transaction transaction{person, kUser};
            static_cast<void>(pam_authenticate(transaction.get(), 0));
            static_cast<void>(pam_open_session(transaction.get(), 0));
        }
    };
    run(300);
    const int logins = rounds(1000, 10000);
    const long before = resident_kib();
    run(logins);
    const long growth = resident_kib() - before;
    CHECK(growth < 64);
    CHECK(has_no_child());
    evidence("G14 the host process", std::to_string(logins) + " logins in one process",
             "resident memory grew by " + std::to_string(growth) + " KiB");
}
