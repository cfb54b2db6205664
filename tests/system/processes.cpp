// SPDX-License-Identifier: MIT
#include "tests/system/processes.hpp"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "tests/system/comes_true.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

constexpr std::string_view programs = "/usr/libexec/latchkey/";

// argv, joined by blanks; empty for a zombie or a thread of the kernel.
std::string command_of(const std::string& pid) {
    std::string command = file_text("/proc/" + pid + "/cmdline");
    if (!command.empty()) command.pop_back();
    std::replace(command.begin(), command.end(), '\0', ' ');
    return command;
}

std::vector<pid_t> processes_that(const std::function<bool(const std::string&)>& fit) {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (fit(command_of(name))) found.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return found;
}

}  // namespace

std::vector<pid_t> processes_with_command(const std::string& command) {
    return processes_that([&](const std::string& other) { return other == command; });
}

pid_t only_process(const std::string& command) {
    std::vector<pid_t> found;
    const auto is_there = [&] { return !(found = processes_with_command(command)).empty(); };
    if (!comes_true(is_there)) throw std::runtime_error("no process " + command);
    if (found.size() > 1) throw std::runtime_error("more than one process " + command);
    return found.front();
}

bool latchkey_comes_to_rest(std::chrono::milliseconds within) {
    const auto rests = [] {
        return processes_that([](const std::string& command) {
                   return command.compare(0, programs.size(), programs) == 0;
               })
            .empty();
    };
    return comes_true(rests, within);
}

char state_of(pid_t pid) {
    // "12 (name) S ..."
    const std::string text = file_text("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = text.rfind(") ");
    return name_end == std::string::npos ? '\0' : text[name_end + 2];
}

void kill_for_good(pid_t pid) {
    if (::kill(pid, SIGKILL) != 0) throw std::runtime_error("kill: no such process");
    // A zombie has closed its descriptors.
    const auto is_over = [pid] { return state_of(pid) == '\0' || state_of(pid) == 'Z'; };
    if (!comes_true(is_over)) throw std::runtime_error("a killed process lives on");
}

}  // namespace latchkey
