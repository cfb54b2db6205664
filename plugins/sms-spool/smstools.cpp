// SPDX-License-Identifier: MIT
#include "plugins/sms-spool/smstools.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "adapters/system/unique_fd.hpp"

namespace latchkey::sms {

namespace {

using plugin::Outcome;
using plugin::Reply;

constexpr std::size_t kLongestId = 80;
constexpr std::int64_t kShortestValidity = 5;  // minutes; the network knows no less

bool is_plain(std::string_view id) {
    return !id.empty() && id.size() <= kLongestId &&
           std::all_of(id.begin(), id.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '_';
           });
}

Reply failed(Outcome outcome, const char* what) {
    return {outcome, std::string{what} + ": " + strerrordesc_np(errno)};
}

// A full disk passes by; what is not there or not ours to write to does not.
Outcome outcome_of(int error) {
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == EPERM ||
                   error == EXDEV || error == EROFS
               ? Outcome::Misconfigured
               : Outcome::Temporary;
}

bool write_all(const UniqueFd& file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file.get(), content.data(), content.size());
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A file that is being written, beside outgoing; removed unless it was moved there.
class Draft {
public:
    Draft(const std::string& directory, const std::string& name)
        : directory_{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)},
          outgoing_{::open((directory + "/outgoing").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)},
          name_{"." + name + "." + std::to_string(::getpid())} {
        if (directory_ && outgoing_)
            file_ = UniqueFd{::openat(directory_.get(), name_.c_str(),
                                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        if (file_) ::unlinkat(directory_.get(), name_.c_str(), 0);
    }

    [[nodiscard]] bool made() const { return static_cast<bool>(file_); }
    // smsd is another user: it reads and rewrites the file as one of its group.
    bool share() {
        struct stat outgoing {};
        return ::fstat(outgoing_.get(), &outgoing) == 0 &&
               ::fchown(file_.get(), static_cast<uid_t>(-1), outgoing.st_gid) == 0 &&
               ::fchmod(file_.get(), 0660) == 0;
    }
    bool write(std::string_view content) {
        return write_all(file_, content) && ::fsync(file_.get()) == 0;
    }
    bool move_to_outgoing(const std::string& name) {
        if (::renameat2(directory_.get(), name_.c_str(), outgoing_.get(), name.c_str(),
                        RENAME_NOREPLACE) != 0)
            return false;
        file_.reset();
        return true;
    }

private:
    UniqueFd directory_;
    UniqueFd outgoing_;
    std::string name_;
    UniqueFd file_;
};

}  // namespace

std::string spool_file(std::string_view to, std::string_view text, std::uint64_t expires_at,
                       std::time_t now) {
    const std::int64_t minutes = (static_cast<std::int64_t>(expires_at) - now + 59) / 60;
    std::string file;
    file.append("To: ").append(to);
    file.append("\nReport: no\nValidity: ")
        .append(std::to_string(std::max(minutes, kShortestValidity)));
    file.append(" min\n\n").append(text);
    return file;
}

Reply put_into_spool(const std::string& directory, std::string_view message_id,
                     const std::string& content) {
    if (!is_plain(message_id))
        return {Outcome::Permanent, "the message id cannot be a file's name"};
    const std::string name = "latchkey-" + std::string{message_id};
    Draft draft{directory, name};
    if (!draft.made()) return failed(outcome_of(errno), "a file in option directory");
    if (!draft.share()) return failed(outcome_of(errno), "the group of outgoing");
    if (!draft.write(content)) return failed(outcome_of(errno), "write");
    if (draft.move_to_outgoing(name)) return {Outcome::Queued, "put into outgoing"};
    // The same message, tried again after its reply was lost.
    if (errno == EEXIST) return {Outcome::Queued, "was in outgoing already"};
    return failed(outcome_of(errno), "move to outgoing");
}

Reply try_spool(const std::string& directory) {
    Draft draft{directory, "latchkey-probe"};
    if (!draft.made()) return failed(outcome_of(errno), "a file in option directory");
    if (!draft.share()) return failed(outcome_of(errno), "the group of outgoing");
    return {Outcome::Accepted, "a file can be made"};
}

}  // namespace latchkey::sms
