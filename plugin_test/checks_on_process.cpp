// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel_host/plugin_call.hpp"
#include "core/printable.hpp"
#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

using std::chrono::seconds;

constexpr int kCalls = 1000;
// Calls until libraries have made what they keep: soon, because the sandbox has few
// descriptors, and for memory later.
constexpr int kWarm = 10;
constexpr int kHot = 100;
constexpr int kMostDescriptors = 64;
constexpr std::uint64_t kHeapSlack = 64U << 10;
constexpr std::uint64_t kResidentSlack = 4U << 20;
constexpr seconds kTimeForAll{50};

std::uint64_t open_descriptors() {
    std::uint64_t open = 0;
    for (int fd = 0; fd < kMostDescriptors; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0) ++open;
    return open;
}

std::uint64_t entries_of(DIR* directory) {
    std::uint64_t entries = 0;
    ::rewinddir(directory);
    while (const dirent* entry = ::readdir(directory))
        if (entry->d_name[0] != '.') ++entries;
    return entries;
}

Holdings holdings(const Inside& inside) {
    rusage usage{};
    (void)::getrusage(RUSAGE_SELF, &usage);
    const auto heap = ::mallinfo2();
    return {open_descriptors(), entries_of(inside.threads), heap.uordblks + heap.hblkhd,
            static_cast<std::uint64_t>(usage.ru_maxrss) << 10};
}

void remember_memory(Holdings& early, const Holdings& now) {
    early.heap_bytes = now.heap_bytes;
    early.resident_bytes = now.resident_bytes;
}

std::string growth_between(const Holdings& early, const Holdings& late) {
    const auto grown = [](std::uint64_t before, std::uint64_t after, const std::string& what) {
        return what + " from " + std::to_string(before) + " to " + std::to_string(after);
    };
    if (late.descriptors > early.descriptors)
        return grown(early.descriptors, late.descriptors, "descriptors");
    if (late.threads > early.threads) return grown(early.threads, late.threads, "threads");
    if (late.heap_bytes > early.heap_bytes + kHeapSlack)
        return grown(early.heap_bytes, late.heap_bytes, "bytes of heap in use");
    if (late.resident_bytes > early.resident_bytes + kResidentSlack)
        return grown(early.resident_bytes, late.resident_bytes, "bytes of resident memory");
    return {};
}

Verdict does_not_grow(const Subject& subject) {
    const wire::ChannelCall call = ordinary_call(subject);
    Guest guest = subject.guest();
    guest.deadline = kTimeForAll;
    const Account account = watch(guest, [&](const Inside& inside) {
        (void)holdings(inside);  // reading the directory takes memory itself
        for (int i = 0; i < kCalls; ++i) {
            if (i == kWarm) inside.seen.early = holdings(inside);
            if (i == kHot) remember_memory(inside.seen.early, holdings(inside));
            (void)run_plugin(inside.table, guest.setup, call, inside.deadline);
        }
        inside.seen.late = holdings(inside);
        inside.seen.stage = Stage::Returned;
    });
    const std::string mend = "give back in a call what it takes: descriptors, memory, threads";
    if (account.seen.stage != Stage::Returned)
        return failed("1,000 calls were too many: " + end_of(account, guest), mend);
    const std::string growth = growth_between(account.seen.early, account.seen.late);
    if (growth.empty()) return passed();
    return failed("1,000 calls raised " + growth, mend);
}

Verdict prints_nothing(const Subject& subject) {
    if (subject.plain.printed.empty()) return passed();
    return failed(
        std::to_string(subject.plain.printed.size()) + " bytes came on standard output or error",
        "use host.log(); standard streams lead nowhere");
}

using Dispositions = std::vector<std::pair<int, void*>>;

Dispositions dispositions() {
    Dispositions all;
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) == 0)
            all.emplace_back(number, reinterpret_cast<void*>(action.sa_handler));
    }
    sigset_t blocked;
    (void)::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    for (int number = 1; number < NSIG; ++number)
        if (sigismember(&blocked, number) == 1) all.emplace_back(-number, nullptr);
    return all;
}

std::vector<std::string> environment_and_locale() {
    std::vector<std::string> all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        all.emplace_back(*entry);
    all.emplace_back(::setlocale(LC_ALL, nullptr));
    all.emplace_back(::uselocale(nullptr) == LC_GLOBAL_LOCALE ? "global" : "of the thread");
    return all;
}

// Whether `state` is another after an ordinary call.
template <typename State>
Verdict leaves(const Subject& subject, State (*state)(), const char* changed, const char* mend) {
    const wire::ChannelCall call = ordinary_call(subject);
    const Guest guest = subject.guest();
    const Account account = watch(guest, [&](const Inside& inside) {
        const State before = state();
        one_call(guest.setup, call)(inside);
        if (state() != before) write_text(inside.seen.trouble, sizeof inside.seen.trouble, changed);
    });
    const std::string disorder = disorder_in(account, guest, call);
    return disorder != changed ? passed() : failed(changed, mend);
}

Verdict makes_no_call_of(const Subject& subject, Forbidden forbidden, const char* seen,
                         const char* mend) {
    Guest guest = subject.guest();
    guest.forbidden = forbidden;
    const wire::ChannelCall call = ordinary_call(subject);
    const Account account = plugin_test::call(guest, call);
    if (WIFSIGNALED(account.wait_status) && WTERMSIG(account.wait_status) == SIGSYS)
        return failed(seen, mend);
    const std::string disorder = disorder_in(account, guest, call);
    return disorder.empty() ? passed() : failed(disorder, "see the checks above");
}

}  // namespace

Checks checks_on_process(const Subject& subject) {
    return {
        {"prints nothing", [&subject] { return prints_nothing(subject); }},
        {"leaves signals as they were",
         [&subject] {
             return leaves(subject, &dispositions, "a signal is handled or blocked afterwards",
                           "install no handler; SIGPIPE is ignored already");
         }},
        {"leaves environment and locale as they were",
         [&subject] {
             return leaves(subject, &environment_and_locale,
                           "environment or locale are others afterwards",
                           "call neither setenv nor setlocale; use newlocale and the _l functions");
         }},
        {"leaves umask, directory and session alone",
         [&subject] {
             return makes_no_call_of(subject, Forbidden::ProcessState,
                                     "it called umask, chdir, setsid or the like",
                                     "use the functions that take a mode or a directory");
         }},
        {"starts no process",
         [&subject] {
             if (subject.channel.setup.profile == Profile::Program)
                 return skipped("its profile is \"program\"");
             return makes_no_call_of(subject, Forbidden::NewProcesses,
                                     "it called fork or exec, which the sandbox refuses",
                                     "use a library instead of a program");
         }},
        {"does not grow over 1,000 calls", [&subject] { return does_not_grow(subject); }},
    };
}

}  // namespace latchkey::plugin_test
