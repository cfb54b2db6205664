// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::sip {

// A file in memory alone, sealed: whoever gets the descriptor can read it and not change it.
// No file if it cannot be made.
[[nodiscard]] UniqueFd file_in_memory(std::string_view content);

// A directory of mode 0700 in /tmp for what is no secret, gone when the object goes. Made
// because baresip reads its settings from a directory and from nothing else.
class PrivateDirectory {
public:
    PrivateDirectory();
    ~PrivateDirectory() { remove(); }
    PrivateDirectory(const PrivateDirectory&) = delete;
    PrivateDirectory& operator=(const PrivateDirectory&) = delete;

    // Empty: could not be made.
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool write(const std::string& name, std::string_view content);
    void remove();

private:
    std::string path_;
};

}  // namespace latchkey::sip
