// SPDX-License-Identifier: MIT
#include "tests/crash/sites.hpp"

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey::crash {
namespace {

constexpr std::size_t words_looked_at = 256;
constexpr std::size_t callers_told_apart = 6;
constexpr std::size_t callers_shown = 16;

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

struct Place {
    std::string file;
    std::uint64_t offset = 0;
};

std::optional<Place> place_of(const std::vector<Code>& code, std::uint64_t address) {
    const auto found = std::find_if(code.begin(), code.end(), [&](const Code& one) {
        return address >= one.begin && address < one.end;
    });
    if (found == code.end()) return std::nullopt;
    return Place{found->file, address - found->begin + found->offset};
}

// The instruction, and what its stack holds of addresses in code, innermost first.
std::vector<Place> places_on_stack(pid_t tracee) {
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tracee, nullptr, &registers) != 0) return {};
    std::array<std::uint64_t, words_looked_at> stack{};
    const iovec here{stack.data(), sizeof stack};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the tracee, as its register has it
    const iovec there{reinterpret_cast<void*>(registers.rsp), sizeof stack};
    const ssize_t length = ::process_vm_readv(tracee, &here, 1, &there, 1, 0);
    const std::size_t words = length < 0 ? 0 : static_cast<std::size_t>(length) / sizeof stack[0];
    const std::vector<Code> code = code_of(tracee);
    std::vector<Place> places{place_of(code, registers.rip).value_or(Place{"nowhere", 0})};
    for (std::size_t i = 0; i < words; ++i)
        if (auto place = place_of(code, stack.at(i))) places.push_back(std::move(*place));
    return places;
}

bool is_c_library(const Place& place) {
    return place.file.starts_with("libc.so");
}

}  // namespace

Site site_of(pid_t tracee, const std::string& call) {
    const std::vector<Place> places = places_on_stack(tracee);
    Hash hash;
    hash.add(call + ' ');
    for (std::size_t i = 0; i < std::min(places.size(), callers_told_apart + 1); ++i)
        hash.add(places[i].file + '+' + std::to_string(places[i].offset) + ' ');
    Site site{hash.value(), {}};
    if (places.empty()) return site;
    const auto caller = std::find_if_not(places.begin() + 1, places.end(), is_c_library);
    if (caller != places.end()) site.caller = caller->file;
    return site;
}

std::string stack_of(pid_t tracee) {
    std::ostringstream text;
    const std::vector<Place> places = places_on_stack(tracee);
    for (std::size_t i = 0; i < std::min(places.size(), callers_shown); ++i)
        text << (i == 0 ? "" : " < ") << places[i].file << "+0x" << std::hex << places[i].offset;
    return text.str();
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
