// SPDX-License-Identifier: MIT
#include "tests/crash/sites.hpp"

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <sstream>
#include <string_view>
#include <vector>

namespace latchkey::crash {
namespace {

constexpr std::size_t words_looked_at = 256;
constexpr std::size_t callers_told_apart = 6;

struct Code {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t offset = 0;
    std::string file;
};

// What the tracee has mapped of files to run it.
std::vector<Code> code_of(pid_t pid) {
    std::vector<Code> found;
    std::ifstream maps{"/proc/" + std::to_string(pid) + "/maps"};
    for (std::string line; std::getline(maps, line);) {
        const std::size_t slash = line.rfind('/');
        const std::size_t blank = line.find(' ');
        if (slash == std::string::npos || line.compare(blank + 3, 1, "x") != 0) continue;
        Code code;
        code.begin = std::stoull(line, nullptr, 16);
        code.end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        code.offset = std::stoull(line.substr(blank + 6), nullptr, 16);
        code.file = line.substr(slash + 1);
        found.push_back(std::move(code));
    }
    return found;
}

class Hash {
public:
    void add(std::string_view bytes) {
        for (const char byte : bytes)
            value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325ULL;  // FNV-1a
};

// The file the address is in; empty for one that is not in code.
std::string add_place(Hash& hash, const std::vector<Code>& code, std::uint64_t address) {
    const auto found = std::find_if(code.begin(), code.end(), [&](const Code& one) {
        return address >= one.begin && address < one.end;
    });
    if (found == code.end()) return {};
    hash.add(found->file + '+' + std::to_string(address - found->begin + found->offset) + ' ');
    return found->file;
}

}  // namespace

Site site_of(pid_t tracee, const std::string& call) {
    Hash hash;
    hash.add(call + ' ');
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tracee, nullptr, &registers) != 0) return {hash.value(), {}};
    const std::vector<Code> code = code_of(tracee);
    static_cast<void>(add_place(hash, code, registers.rip));
    std::array<std::uint64_t, words_looked_at> stack{};
    const iovec here{stack.data(), sizeof stack};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the tracee, as its register has it
    const iovec there{reinterpret_cast<void*>(registers.rsp), sizeof stack};
    const ssize_t length = ::process_vm_readv(tracee, &here, 1, &there, 1, 0);
    const std::size_t words = length < 0 ? 0 : static_cast<std::size_t>(length) / sizeof stack[0];
    std::size_t callers = 0;
    Site site;
    for (std::size_t i = 0; i < words; ++i) {
        if (callers >= callers_told_apart && !site.caller.empty()) break;
        Hash ignored;
        const std::string file =
            add_place(callers < callers_told_apart ? hash : ignored, code, stack.at(i));
        if (file.empty()) continue;
        ++callers;
        if (site.caller.empty() && !file.starts_with("libc.so")) site.caller = file;
    }
    site.number = hash.value();
    return site;
}

TriedSites::TriedSites(std::string path) : path_(std::move(path)) {
    std::ifstream file{path_};
    for (std::uint64_t site = 0; file >> site;) tried_.insert(site);
}

bool TriedSites::is_new(std::uint64_t site) {
    if (!tried_.insert(site).second) return false;
    std::ofstream{path_, std::ios::app} << site << '\n';
    return true;
}

}  // namespace latchkey::crash
