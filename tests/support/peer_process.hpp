// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace latchkey {

// A server for one test: a program that says on its first line where it can be reached, and
// serves until the object goes.
class PeerProcess {
public:
    // Throws unless the program starts and says its first line. Its other output is lost.
    explicit PeerProcess(std::vector<std::string> argv);
    ~PeerProcess();
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;

    // Without the line's end: a port.
    [[nodiscard]] const std::string& first_line() const { return first_line_; }

private:
    pid_t pid_ = -1;
    std::string first_line_;
};

}  // namespace latchkey
