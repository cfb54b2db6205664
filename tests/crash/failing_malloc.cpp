// SPDX-License-Identifier: MIT
//
// Named in /etc/ld.so.preload of a sandbox, because the programs have an empty
// environment: lets the n-th allocation of one program fail, once. Which one stands in a
// file that the test shares with every process (FailingMalloc), or it is the first from a
// place in the program that was not tried yet. In the login program only
// what pam_latchkey.so itself allocates counts; the rest is the host's.
#include "tests/crash/failing_malloc.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

// glibc's own, under the names it exports them by.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

using latchkey::crash::FailingMalloc;

FailingMalloc* plan;  // null: not this program

bool is_from_our_module(const void* caller) {
    Dl_info info{};
    return ::dladdr(caller, &info) != 0 && info.dli_fname != nullptr &&
           ::strstr(info.dli_fname, "pam_latchkey.so") != nullptr;
}

// The innermost callers by file and offset, as one number (FNV-1a), the same in every run.
struct Site {
    static constexpr unsigned kCallers = 8;
    unsigned frames = 0;
    std::uint64_t hash = 0xcbf29ce484222325ULL;

    void add(const char* bytes, std::size_t length) {
        for (std::size_t i = 0; i < length; ++i)
            hash = (hash ^ static_cast<unsigned char>(bytes[i])) * 0x100000001b3ULL;
    }
};

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* argument) {
    auto& site = *static_cast<Site*>(argument);
    const std::uintptr_t address = _Unwind_GetIP(context);
    // Not dladdr(), which looks for a name: this is asked at every allocation.
    dl_find_object object{};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the unwinder has it as a number
    if (_dl_find_object(reinterpret_cast<void*>(address), &object) != 0) return _URC_END_OF_STACK;
    const char* const name = object.dlfo_link_map->l_name;
    site.add(name, ::strlen(name));
    const std::uintptr_t offset = address - object.dlfo_link_map->l_addr;
    site.add(reinterpret_cast<const char*>(&offset), sizeof offset);
    // Two of the frames are of this file.
    return ++site.frames == Site::kCallers + 2 ? _URC_END_OF_STACK : _URC_NO_REASON;
}

// The same callers to be read. Within a failing allocation nothing may be allocated.
_Unwind_Reason_Code write_frame(_Unwind_Context* context, void* argument) {
    auto& frames = *static_cast<unsigned*>(argument);
    const std::uintptr_t address = _Unwind_GetIP(context);
    dl_find_object object{};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the unwinder has it as a number
    if (_dl_find_object(reinterpret_cast<void*>(address), &object) != 0) return _URC_END_OF_STACK;
    constexpr unsigned kOurs = 3;  // frames of this file
    constexpr unsigned kShown = 16;
    if (++frames <= kOurs) return _URC_NO_REASON;
    const char* const name = object.dlfo_link_map->l_name;
    const char* const slash = ::strrchr(name, '/');
    const std::size_t length = ::strlen(plan->callers);
    ::snprintf(plan->callers + length, sizeof plan->callers - length, "%s%s+0x%lx",
               length == 0 ? "" : " < ", slash == nullptr ? "program" : slash + 1,
               static_cast<unsigned long>(address - object.dlfo_link_map->l_addr));
    return frames == kOurs + kShown ? _URC_END_OF_STACK : _URC_NO_REASON;
}

bool is_from_new_place() {
    Site site;
    _Unwind_Backtrace(&add_frame, &site);
    return plan->is_new(site.hash);
}

bool fails(const void* caller) {
    if (plan == nullptr || (plan->only_our_module && !is_from_our_module(caller))) return false;
    const unsigned call = ++plan->calls;
    if (plan->hit != 0) return false;
    if (plan->each_site ? !is_from_new_place() : call != plan->nth) return false;
    plan->hit = call;
    if (Dl_info info{}; ::dladdr(caller, &info) != 0 && info.dli_fname != nullptr) {
        const char* const slash = ::strrchr(info.dli_fname, '/');
        const char* const name = slash == nullptr ? info.dli_fname : slash + 1;
        ::strncpy(plan->asked_by, name, sizeof plan->asked_by - 1);
    }
    unsigned frames = 0;
    _Unwind_Backtrace(&write_frame, &frames);
    errno = ENOMEM;
    return true;
}

// "latchkey-verifier --login", as stop_at names programs.
bool is_this_program(const char* name) {
    char words[256] = {};
    const int file = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const ssize_t length = ::read(file, words, sizeof words - 2);
    ::close(file);
    if (length <= 0) return false;
    const char* const slash = ::strrchr(words, '/');
    char program[sizeof words] = {};
    ::strcpy(program, slash == nullptr ? words : slash + 1);
    const char* const mode = words + ::strlen(words) + 1;
    if (::strncmp(mode, "--", 2) == 0 && ::strlen(program) + ::strlen(mode) + 2 < sizeof program) {
        ::strcat(program, " ");
        ::strcat(program, mode);
    }
    return ::strcmp(program, name) == 0;
}

__attribute__((constructor)) void find_plan() {
    const int file = ::open(FailingMalloc::kFile, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void* const shared =
        ::mmap(nullptr, sizeof(FailingMalloc), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (shared == MAP_FAILED) return;
    auto* const found = static_cast<FailingMalloc*>(shared);
    if (is_this_program(found->program))
        plan = found;
    else
        ::munmap(shared, sizeof(FailingMalloc));
}

}  // namespace

#define FAILS() fails(__builtin_return_address(0))

extern "C" {
void* malloc(std::size_t size) {
    return FAILS() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    return FAILS() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
    return FAILS() ? nullptr : __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return FAILS() ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
    void* const memory = FAILS() ? nullptr : __libc_memalign(alignment, size);
    if (memory == nullptr) return ENOMEM;
    *result = memory;
    return 0;
}
}
