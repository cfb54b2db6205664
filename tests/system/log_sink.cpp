// SPDX-License-Identifier: MIT
#include "tests/system/log_sink.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace latchkey {
namespace {

constexpr const char* log_path = "/dev/log";

}  // namespace

LogSink::LogSink()
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)), stop_(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, log_path, sizeof address.sun_path - 1);
    ::unlink(log_path);
    const void* const untyped = &address;
    if (::bind(socket_.get(), static_cast<const sockaddr*>(untyped), sizeof address) != 0) {
        throw std::system_error(errno, std::generic_category(), log_path);
    }
    ::chmod(log_path, 0666);
    reader_ = std::thread([this] { drain(); });
}

LogSink::~LogSink() {
    ::eventfd_write(stop_.get(), 1);
    reader_.join();
    ::unlink(log_path);
}

void LogSink::drain() {
    std::array<char, 16384> datagram{};
    while (true) {
        std::array<pollfd, 2> two{{{socket_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
        if (::poll(two.data(), two.size(), -1) < 0) continue;
        if (two[1].revents != 0) return;
        const ssize_t count = ::recv(socket_.get(), datagram.data(), datagram.size(), 0);
        if (count <= 0) continue;
        const std::lock_guard<std::mutex> lock(mutex_);
        text_.append(datagram.data(), static_cast<std::size_t>(count));
        text_ += '\n';
    }
}

std::string LogSink::text() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return text_;
}

}  // namespace latchkey
