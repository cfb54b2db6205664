// SPDX-License-Identifier: MIT
#include "tests/support/evil_deeds.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdlib>

namespace latchkey::evil {

namespace {

constexpr int kCaller = 3;
constexpr int kMostDescriptors = 4096;

bool is_null_device(int fd) {
    struct stat found {};
    return ::fstat(fd, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == makedev(1, 3);
}

// Anything but streams that lead nowhere and the socket of this one call.
bool finds_descriptors(const Host&) {
    for (int fd = 0; fd < kCaller; ++fd)
        if (!is_null_device(fd)) return true;
    for (int fd = kCaller + 1; fd < kMostDescriptors; ++fd)
        if (::fcntl(fd, F_GETFD) >= 0) return true;
    int kind = 0;
    socklen_t size = sizeof kind;
    if (::getsockopt(kCaller, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 || kind != SOCK_SEQPACKET)
        return true;
    errno = 0;
    return false;
}

bool finds_environment(const Host&) {
    errno = 0;
    return environ != nullptr && *environ != nullptr;
}

bool links(const Host& host) {
    const std::string file = text_of(host, "file");
    return ::link(file.c_str(), (file + ".link").c_str()) == 0;
}

bool renames(const Host& host) {
    const std::string file = text_of(host, "file");
    return ::rename(file.c_str(), (file + ".moved").c_str()) == 0;
}

// Makes a file, renames it from one directory of the spool to another, removes it.
bool uses_spool(const Host& host) {
    const std::string spool = text_of(host, "directory");
    const std::string made = spool + "/out/message";
    const std::string moved = spool + "/in/message";
    return opens(made, O_WRONLY | O_CREAT | O_EXCL) && ::rename(made.c_str(), moved.c_str()) == 0 &&
           ::unlink(moved.c_str()) == 0;
}

bool touches(const Host& host) {
    return ::utimensat(AT_FDCWD, text_of(host, "file").c_str(), nullptr, 0) == 0;
}

const char* path_of(const Host& host, std::string& kept) {
    kept = text_of(host, "file");
    return kept.c_str();
}

}  // namespace

std::string text_of(const Host& host, const char* option) {
    return std::string{host.option(option).value_or("")};
}
long number_of(const Host& host, const char* option) {
    return std::strtol(text_of(host, option).c_str(), nullptr, 10);
}
pid_t victim_of(const Host& host) {
    return static_cast<pid_t>(number_of(host, "victim"));
}

bool opens(const std::string& path, int flags) {
    return ::open(path.c_str(), flags | O_CLOEXEC, 0600) >= 0;
}

const Deeds& deeds_on_files() {
    static const Deeds deeds{
        {"open_shadow", [](const Host&) { return opens("/etc/shadow", O_RDONLY); }},
        {"open_passwd", [](const Host&) { return opens("/etc/passwd", O_RDONLY); }},
        {"list_root", [](const Host&) { return opens("/", O_RDONLY | O_DIRECTORY); }},
        {"list_proc", [](const Host&) { return opens("/proc", O_RDONLY | O_DIRECTORY); }},
        {"list_own_descriptors",
         [](const Host&) { return opens("/proc/self/fd", O_RDONLY | O_DIRECTORY); }},
        {"write_tmp", [](const Host&) { return opens("/tmp/latchkey-evil", O_WRONLY | O_CREAT); }},
        {"nameless_file", [](const Host&) { return opens("/tmp", O_WRONLY | O_TMPFILE); }},
        {"write_file", [](const Host& host) { return opens(text_of(host, "file"), O_WRONLY); }},
        {"read_file", [](const Host& host) { return opens(text_of(host, "file"), O_RDONLY); }},
        {"read_secret", [](const Host& host) { return opens(text_of(host, "secret"), O_RDONLY); }},
        {"truncate_file",
         [](const Host& host) {
             std::string kept;
             return ::truncate(path_of(host, kept), 0) == 0;
         }},
        {"chmod_file",
         [](const Host& host) {
             std::string kept;
             return ::chmod(path_of(host, kept), 0666) == 0;
         }},
        {"unlink_file",
         [](const Host& host) {
             std::string kept;
             return ::unlink(path_of(host, kept)) == 0;
         }},
        {"link_file", &links},
        {"rename_file", &renames},
        {"touch_file", &touches},
        {"use_spool", &uses_spool},
        {"symlink",
         [](const Host&) { return ::symlink("/etc/shadow", "/tmp/latchkey-evil") == 0; }},
        {"make_directory", [](const Host&) { return ::mkdir("/tmp/latchkey-evil.d", 0777) == 0; }},
        {"descriptors", &finds_descriptors},
        {"environment", &finds_environment},
    };
    return deeds;
}

std::optional<bool> attempt(const std::string& deed, const Host& host) {
    for (const auto* deeds : {&deeds_on_files(), &deeds_on_processes(), &deeds_on_the_network(),
                              &deeds_on_the_kernel()})
        if (const auto found = deeds->find(deed); found != deeds->end()) return found->second(host);
    return std::nullopt;
}

}  // namespace latchkey::evil
