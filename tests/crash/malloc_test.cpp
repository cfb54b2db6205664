// SPDX-License-Identifier: MIT
//
// One allocation of each process of a flow fails, the n-th, or in the long form one of each
// place in the program (told apart by its eight innermost callers). Nothing crashes, and all
// that holds after a crash (crash_test.cpp) holds as well.
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <new>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"
#include "tests/crash/administrators_flows.hpp"
#include "tests/crash/failing_malloc.hpp"
#include "tests/crash/sweep.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

namespace latchkey::crash {
namespace {

// The library preloaded into every process of the sandbox, and what it shares with us.
class PreloadedMalloc {
public:
    PreloadedMalloc() {
        const UniqueFd file{::open(FailingMalloc::kFile, O_RDWR | O_CREAT | O_TRUNC, 0600)};
        if (!file || ::fchmod(file.get(), 0666) != 0 ||  // whatever the umask says
            ::ftruncate(file.get(), sizeof(FailingMalloc)) != 0)
            throw std::runtime_error("no file to share");
        void* const memory = ::mmap(nullptr, sizeof(FailingMalloc), PROT_READ | PROT_WRITE,
                                    MAP_SHARED, file.get(), 0);
        if (memory == MAP_FAILED) throw std::runtime_error("no memory to share");
        shared_ = new (memory) FailingMalloc;
        must_run({"install", "-D", "-m", "0644", LATCHKEY_FAILING_MALLOC,
                  "/usr/lib/latchkey-test/failing_malloc.so"});
        write_file("/etc/ld.so.preload", "/usr/lib/latchkey-test/failing_malloc.so\n");
    }
    PreloadedMalloc(const PreloadedMalloc&) = delete;
    PreloadedMalloc& operator=(const PreloadedMalloc&) = delete;
    ~PreloadedMalloc() {
        write_file("/etc/ld.so.preload", "");
        ::munmap(shared_, sizeof(FailingMalloc));
    }

    // The n-th of `program` is to fail, or with n = 0 the first from a place not tried yet.
    void arm(const std::string& program, unsigned nth) {
        ::strncpy(shared_->program, program.c_str(), sizeof shared_->program - 1);
        shared_->only_our_module = program == "login";
        shared_->calls = 0;
        shared_->hit = 0;
        ::memset(shared_->asked_by, 0, sizeof shared_->asked_by);
        ::memset(shared_->callers, 0, sizeof shared_->callers);
        shared_->nth = nth;
        shared_->each_site = nth == 0;
    }
    void disarm() {
        shared_->nth = 0;
        shared_->each_site = false;
    }
    [[nodiscard]] std::string asked_by() const { return shared_->asked_by; }
    [[nodiscard]] std::string callers() const { return shared_->callers; }
    [[nodiscard]] unsigned calls() const { return shared_->calls; }
    [[nodiscard]] unsigned hit() const { return shared_->hit; }  // 0: none has failed

private:
    FailingMalloc* shared_;
};

// libseccomp 2.5 does not look at every piece of memory while it makes the filter: then the
// program ends, or makes no end of it, before it has read a word, and what waits for it
// refuses at its deadline. Never in the login program, which has no filter.
bool is_the_filters(const std::string& asked_by) {
    return asked_by.starts_with("libseccomp.so");
}

// What glibc 2.36 makes of memory refused to itself: getgrgid() and getgrouplist() use what
// NSS could not allocate, or abort; dlopen() under libpam likewise. It ends the monitor, so
// the recovery is refused, and nobody but it. What our own code does not bear is not let
// off: there the allocation is asked for by one of our files or by libstdc++.
bool is_the_c_librarys(const std::string& asked_by, const std::string& died) {
    const auto is_c_library = [](const std::string& file) {
        return file.starts_with("libc.so") || file.starts_with("ld-linux");
    };
    const auto in = died.find(" in ");
    return died.find("latchkey-monitor SIG") != std::string::npos && is_c_library(asked_by) &&
           in != std::string::npos && is_c_library(died.substr(in + 4));
}

// As in sweep.cpp: it takes a row that it has no memory for as the end of shadow.
bool is_pam_unix_losing_shadow(const std::string& callers, const std::vector<std::string>& wrongs) {
    return callers.starts_with("pam_unix.so") &&
           std::find(wrongs.begin(), wrongs.end(), Flow::kFilesAreCut) != wrongs.end();
}

// False if there was none to fail.
bool fail_once(Flow& flow, const Plan& plan, PreloadedMalloc& allocations, Tally& tally) {
    allocations.arm(plan.program, plan.nth);
    const Stop stop{{plan.program, "changes"}};  // counted only; whoever crashes is seen
    Seen seen = flow.run(stop);
    Report report = stop.report();
    allocations.disarm();
    if (allocations.hit() == 0) return false;
    ++tally.points;
    if (is_the_filters(allocations.asked_by())) {
        report.died.clear();
        seen.hung.clear();
    }
    // CLI11 makes its validators before main(), where nothing can catch.
    if (plan.program == "latchkey") report.died.clear();
    const std::string where = plan.program + ", allocation " + std::to_string(allocations.hit()) +
                              " by " + allocations.callers() + ": ";
    const auto wrongs = flow.violations(seen);
    if (!is_pam_unix_losing_shadow(allocations.callers(), wrongs))
        for (const std::string& wrong : wrongs) note(tally, where + wrong);
    for (const std::string& died : report.died) {
        if (is_the_c_librarys(allocations.asked_by(), died)) {
            std::cout << "let off: " << where << died << std::endl;
            ++tally.let_off;
        } else {
            note(tally, where + died);
        }
    }
    return true;
}

// What was tried, in words.
std::string fail_allocations(Flow& flow, Plan plan, unsigned step, Tally& tally) {
    PreloadedMalloc allocations;
    if (rounds(false, true)) {
        while (fail_once(flow, plan, allocations, tally)) {
        }
        return std::to_string(tally.points) + " sites, all there are in " +
               std::to_string(allocations.calls()) + " allocations";
    }
    for (plan.nth = 1; fail_once(flow, plan, allocations, tally);) plan.nth += step;
    return std::to_string(tally.points) + " allocations, every " + std::to_string(step) + "th";
}

void check_allocations(Flow& flow, const std::string& name, unsigned step) {
    for (const Plan& plan : flow.programs()) {
        Tally tally;
        // The module's allocations are few, and it is the login program that would crash.
        const std::string tried =
            fail_allocations(flow, plan, plan.program == "login" ? 7 : step, tally);
        evidence("G2 one allocation fails, " + name, plan.program + " at " + tried,
                 std::to_string(tally.violations.size()) + " violations" +
                     (tally.let_off == 0
                          ? ""
                          : ", " + std::to_string(tally.let_off) +
                                " ended the monitor within the C library's own NSS or dlopen"));
        CHECK(tally.points > 0);
        CHECK(tally.violations.empty());
    }
}

}  // namespace

TEST_CASE("G2 a reset in which any allocation fails is refused or goes on, and nothing crashes") {
    Reset flow;
    check_allocations(flow, "reset", 1499);
}

TEST_CASE("G2 an unlock in which any allocation fails is refused or goes on, and nothing crashes") {
    Unlock flow;
    check_allocations(flow, "unlock", 1499);
}

TEST_CASE("G2 a code that is sent again while any allocation fails is good once or never") {
    Resend flow;
    check_allocations(flow, "resend", 1499);
}

TEST_CASE("G2 an enrolment in which any allocation fails can be made again") {
    Enrol flow;
    check_allocations(flow, "enrol", 997);
}

}  // namespace latchkey::crash
