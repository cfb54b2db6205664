// SPDX-License-Identifier: MIT
#include "tests/system/process_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "adapters/system/unique_fd.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

std::string with_blanks(std::string list) {
    std::replace(list.begin(), list.end(), '\0', ' ');
    return list;
}

void append_range(std::string& memory, int file, unsigned long from, unsigned long end) {
    std::array<char, 65536> piece{};
    while (from < end) {
        const std::size_t wanted = std::min<std::size_t>(piece.size(), end - from);
        const ssize_t count = ::pread(file, piece.data(), wanted, static_cast<off_t>(from));
        if (count <= 0) return;
        memory.append(piece.data(), static_cast<std::size_t>(count));
        from += static_cast<unsigned long>(count);
    }
}

}  // namespace

ProcessOnMachine process_on_machine(pid_t pid) {
    const std::string directory = "/proc/" + std::to_string(pid);
    std::error_code gone;
    const auto program = std::filesystem::read_symlink(directory + "/exe", gone);
    return {pid, program.string(), with_blanks(file_text(directory + "/cmdline")),
            with_blanks(file_text(directory + "/environ"))};
}

std::vector<ProcessOnMachine> processes_on_machine() {
    std::vector<ProcessOnMachine> processes;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        processes.push_back(process_on_machine(static_cast<pid_t>(std::stol(name))));
    }
    return processes;
}

std::string memory_of(pid_t pid) {
    const std::string directory = "/proc/" + std::to_string(pid);
    const UniqueFd file(::open((directory + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
    std::string memory;
    std::istringstream maps(file_text(directory + "/maps"));
    for (std::string line; file && std::getline(maps, line);) {
        unsigned long from = 0;
        unsigned long end = 0;
        std::array<char, 5> rights{};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &end, rights.data()) != 3) continue;
        if (rights[0] == 'r' && rights[1] == 'w') append_range(memory, file.get(), from, end);
    }
    return memory;
}

}  // namespace latchkey
