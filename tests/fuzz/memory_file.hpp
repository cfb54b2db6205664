// SPDX-License-Identifier: MIT
//
// A file that lives in memory, for parsers that take a path.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::fuzz {

class MemoryFile {
public:
    MemoryFile() : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
        if (!fd_ || ::fchmod(fd_.get(), 0644) != 0) std::abort();
    }

    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

    void write(std::string_view bytes) const {
        if (::ftruncate(fd_.get(), 0) != 0 || ::pwrite(fd_.get(), bytes.data(), bytes.size(), 0) !=
                                                  static_cast<ssize_t>(bytes.size()))
            std::abort();
    }

private:
    UniqueFd fd_;
};

}  // namespace latchkey::fuzz
