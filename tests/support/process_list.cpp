// SPDX-License-Identifier: MIT
#include "tests/support/process_list.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace latchkey {

namespace {

namespace fs = std::filesystem;

bool has_mark(const fs::path& process, const std::string& mark) {
    std::error_code gone;
    if (fs::read_symlink(process / "exe", gone).string().find(mark) != std::string::npos)
        return true;
    std::ifstream file{process / "cmdline"};
    std::string line;
    std::getline(file, line);  // of a process that is gone by now: fails
    return line.find(mark) != std::string::npos;
}

}  // namespace

std::vector<pid_t> processes_with(const std::string& mark) {
    std::vector<pid_t> found;
    for (const fs::directory_entry& entry : fs::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename().string();
        const bool is_process = std::all_of(name.begin(), name.end(),
                                            [](unsigned char c) { return std::isdigit(c) != 0; });
        const auto pid = static_cast<pid_t>(std::atoi(name.c_str()));
        if (is_process && pid != ::getpid() && has_mark(entry.path(), mark)) found.push_back(pid);
    }
    return found;
}

}  // namespace latchkey
