// SPDX-License-Identifier: MIT
#include "monitor/kept_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 16'384;  // of all that are kept
constexpr std::string_view kWaiting = ".waiting";
constexpr std::string_view kFrom = "from ";  // the first line of codes that wait
constexpr const char* kAnnouncements = "announcements";
constexpr std::array kKinds{"codes", "passes", "steps", "reminders", kAnnouncements};

// "1001", "1001.waiting": neither a lock nor what a crash left half written.
bool is_of_an_account(std::string_view name) {
    if (name.ends_with(kWaiting)) name.remove_suffix(kWaiting.size());
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::vector<std::string>> names_in(const UniqueFd& directory) {
    const int copy = ::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return last_error("list files");
    const std::unique_ptr<DIR, int (*)(DIR*)> listing{::fdopendir(copy), ::closedir};
    if (!listing) {
        ::close(copy);
        return last_error("list files");
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(listing.get()))
        if (is_of_an_account(entry->d_name)) names.emplace_back(entry->d_name);
    return names;
}

// Empty: none can be told.
Result<SubjectKey> subject_in(const UniqueFd& directory, const std::string& name) {
    const auto text = read_file_at(directory, name, kLargest);
    if (!text && text.error().kind == ErrorKind::Unavailable) return Error{text.error()};
    if (!text) return SubjectKey{};
    std::string_view rest = *text;
    if (rest.starts_with(kFrom)) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    return SubjectKey{rest.substr(0, rest.find('\n'))};
}

// Asks `each` about every file, its directory locked.
Result<void> for_each_file(const std::string& directory, KeptFiles which, int lock,
                           const std::function<Result<void>(const UniqueFd&, const std::string&,
                                                            const SubjectKey&)>& each) {
    for (const char* kind : kKinds) {
        if (which == KeptFiles::NotAnnouncements && kind == kAnnouncements) continue;
        const auto opened = open_locked_directory(directory, kind, lock);
        if (!opened) return Error{opened.error()}.within(kind);
        const auto names = names_in(*opened);
        if (!names) return Error{names.error()}.within(kind);
        for (const std::string& name : *names) {
            const auto subject = subject_in(*opened, name);
            if (!subject) return Error{subject.error()}.within(kind);
            if (auto done = each(*opened, name, *subject); !done) return done;
        }
    }
    return {};
}

}  // namespace

Result<std::vector<SubjectKey>> subjects_of_files(
    const std::string& directory, const std::function<bool(const SubjectKey&)>& is_meant,
    KeptFiles which) {
    std::vector<SubjectKey> found;
    const auto take = [&](const UniqueFd&, const std::string&,
                          const SubjectKey& subject) -> Result<void> {
        if (is_meant(subject)) found.push_back(subject);
        return {};
    };
    if (auto done = for_each_file(directory, which, LOCK_SH, take); !done)
        return std::move(done).error();
    return found;
}

Result<void> remove_files_of(const std::string& directory, const SubjectKey& subject,
                             KeptFiles which) {
    const auto remove = [&](const UniqueFd& opened, const std::string& name,
                            const SubjectKey& whose) -> Result<void> {
        return whose == subject ? remove_file_at(opened, name) : Result<void>{};
    };
    return for_each_file(directory, which, LOCK_EX, remove);
}

}  // namespace latchkey
