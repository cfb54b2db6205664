// SPDX-License-Identifier: MIT
//
// Stands in the verifier's place on an installed machine and does what a script tells
// it, one step a line: the test writes the messages, this program only plays them, so
// that it can be of any malice. Nothing of the real verifier's confinement is taken on.
//
//   hear             takes the monitor's next message
//   say HEX COUNT    sends these bytes, with COUNT descriptors attached; "-" is no byte at all
//   flood HEX COUNT  sends them so many times, as fast as the monitor takes them
//   turn FILE        takes the lock of the whole file that flock(2) gives, and keeps it
//   lock FILE FIRST COUNT
//                    takes the lock of these bytes for writing, and keeps it; 0: all that follow
//   rest             does nothing any more, until it is killed
//   end              ends (as does the end of the script)
//
// A line per step is added to the notes: "heard HEX", "said", "held", or what went wrong.
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hostile_files.hpp"

namespace {

constexpr int kMonitor = 3;
constexpr int kPatience = 20000;  // milliseconds for the monitor's next message
constexpr std::size_t kMostDescriptors = 8;

std::string hex(const std::vector<char>& bytes, std::size_t size) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text.empty() ? "-" : text;
}

std::string bytes_of(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; text != "-" && i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::strtoul(text.substr(i, 2).c_str(), nullptr, 16));
    return bytes;
}

std::string failed() {
    return std::string{"failed "} + strerrorname_np(errno);
}

std::string hear() {
    std::vector<char> bytes(65536);
    pollfd waiting{kMonitor, POLLIN, 0};
    if (::poll(&waiting, 1, kPatience) <= 0) return "heard nothing";
    const ssize_t got = ::recv(kMonitor, bytes.data(), bytes.size(), 0);
    if (got < 0) return failed();
    return got == 0 ? "gone" : "heard " + hex(bytes, static_cast<std::size_t>(got));
}

// The descriptors are of /dev/null: what they are does not count, that they come does.
std::string say(std::string bytes, std::size_t descriptors) {
    iovec part{bytes.data(), bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
    std::array<int, kMostDescriptors> attached{};
    if (descriptors > 0) {
        for (int& fd : attached) fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(descriptors * sizeof(int));
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        if (rights == nullptr) return failed();
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(descriptors * sizeof(int));
        memcpy(CMSG_DATA(rights), attached.data(), descriptors * sizeof(int));
    }
    return ::sendmsg(kMonitor, &header, MSG_NOSIGNAL) < 0 ? failed() : "said";
}

// Of a file that SQLite has taken away for now, the one that comes next.
int open_for_good(const std::string& file) {
    return ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

std::string take_turn(const std::string& file) {
    return ::flock(open_for_good(file), LOCK_EX | LOCK_NB) == 0 ? "held" : failed();
}

std::string lock(const std::string& file, off_t first, off_t count) {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = first;
    range.l_len = count;
    return ::fcntl(open_for_good(file), F_SETLK, &range) == 0 ? "held" : failed();
}

std::string lock(std::istringstream words) {
    std::string file;
    off_t first = 0;
    off_t count = 0;
    words.ignore(std::numeric_limits<std::streamsize>::max(), ' ') >> file >> first >> count;
    return lock(file, first, count);
}

std::string play(const std::string& line) {
    std::istringstream words{line};
    std::string verb;
    std::string bytes;
    std::size_t count = 0;
    words >> verb >> bytes >> count;
    if (verb == "hear") return hear();
    if (verb == "say") return say(bytes_of(bytes), count);
    if (verb == "turn") return take_turn(bytes);
    if (verb == "lock") return lock(std::istringstream{line});
    if (verb == "end") ::_exit(0);
    while (verb == "rest") ::poll(nullptr, 0, -1);
    if (verb != "flood") return "no such step";
    std::string result = "said";
    for (std::size_t i = 0; i < count && result == "said"; ++i) result = say(bytes_of(bytes), 0);
    return result;
}

}  // namespace

int main(int, char* argv[]) {
    // What a run of the outbox or the command would do is not what is tried here.
    if (argv[1] == nullptr || std::string_view{argv[1]} != "--login") return 0;
    std::ifstream script{latchkey::hostile::kScript};
    std::ofstream notes{latchkey::hostile::kNotes, std::ios::app};
    for (std::string line; std::getline(script, line);) notes << play(line) << std::endl;
    return 0;
}
