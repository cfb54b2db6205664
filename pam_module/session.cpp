// SPDX-License-Identifier: MIT
#include "pam_module/session.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/system/unique_fd.hpp"
#include "core/announcement_rows.hpp"
#include "pam_module/main_switch.hpp"
#include "pam_module/reminding.hpp"

namespace latchkey::pam {

namespace {

constexpr const char* kAnnouncements = "/var/lib/latchkey-acts/announcements";
constexpr const char* kReminders = "/var/lib/latchkey-acts/reminders";

// Of this host's own accounts with a row in shadow alone: only they are recovered, and a
// directory's would cost a question to the directory.
std::optional<uid_t> uid_of_local(const std::string& user) {
    FILE* const file = ::fopen("/etc/passwd", "re");
    if (file == nullptr) return std::nullopt;
    std::array<char, 4096> buffer{};
    std::optional<uid_t> uid;
    passwd row{};
    passwd* found = nullptr;
    while (!uid && ::fgetpwent_r(file, &row, buffer.data(), buffer.size(), &found) == 0)
        if (user == row.pw_name && std::string_view{row.pw_passwd} == "x") uid = row.pw_uid;
    ::fclose(file);
    return uid;
}

// Empty unless it is a file of root's that nobody else can read.
std::string content_of(const char* path, const std::string& name) {
    const UniqueFd directory{::open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!directory) return {};  // none has been written on this host
    // O_NONBLOCK: a FIFO in its place must not hold the login.
    const UniqueFd file{
        ::openat(directory.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    struct stat found {};
    if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != 0 ||
        (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return {};
    static_assert(kLargestReminderFile <= kLargestAnnouncementFile);
    std::string content(kLargestAnnouncementFile, '\0');
    std::size_t length = 0;
    while (length < content.size()) {
        const ssize_t got = ::read(file.get(), content.data() + length, content.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {};
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    content.resize(length);
    return content;
}

}  // namespace

void begin_session(const Handle& handle, const Arguments& arguments) {
    if (::geteuid() != 0 || !is_switched_on() || !is_served(arguments, handle.item(PAM_SERVICE)))
        return;
    const std::string user = handle.item(PAM_USER);
    const auto uid = uid_of_local(user);
    if (!uid) return;
    const std::string number = std::to_string(*uid);
    const std::string subject = number + ':' + user;
    const TimePoint now{std::chrono::seconds{::time(nullptr)}};
    const auto announcements = announcements_in(content_of(kAnnouncements, number), subject);
    if (announcements)
        for (const Announcement& announcement : *announcements)
            if (announcement.until > now) handle.tell(announcement.text);
    remind(handle, arguments, {user, reminders_in(content_of(kReminders, number), subject)}, now);
}

}  // namespace latchkey::pam
