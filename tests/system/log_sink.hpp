// SPDX-License-Identifier: MIT
//
// The sandbox's syslog: reads /dev/log in a thread of its own, because a full
// socket would stop the daemons that write to it.
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

class LogSink {
public:
    LogSink();  // throws std::system_error if /dev/log cannot be made
    LogSink(const LogSink&) = delete;
    LogSink& operator=(const LogSink&) = delete;
    ~LogSink();

    // Every datagram so far, priority included ("<38>..."), one line each.
    [[nodiscard]] std::string text() const;

private:
    void drain();

    UniqueFd socket_;
    UniqueFd stop_;
    mutable std::mutex mutex_;
    std::string text_;
    std::thread reader_;
};

}  // namespace latchkey
