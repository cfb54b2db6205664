// SPDX-License-Identifier: MIT
#include "monitor/audit_log.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "core/printable.hpp"
#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr const char* kFile = "audit";
constexpr const char* kHeadFile = "audit.head";
constexpr const char* kLockFile = "audit.lock";
constexpr std::size_t kLargestHead = 256;
constexpr std::size_t kLongestLine = 8192;  // every field has its bound; this is far beyond

struct Anchor {
    AuditHead head;
    std::int64_t day = 0;         // days since 1970
    std::uint32_t strangers = 0;  // records of that day
};

std::optional<Anchor> anchor_in(std::string_view text) {
    if (!text.ends_with('\n')) return std::nullopt;
    const auto parts = split(text.substr(0, text.size() - 1), ' ');
    if (parts.size() != 3) return std::nullopt;
    const auto head = audit_head_in(parts[0]);
    const auto day = number_in<std::int64_t>(parts[1]);
    const auto strangers = number_in<std::uint32_t>(parts[2]);
    if (!head || !day || !strangers) return std::nullopt;
    return Anchor{*head, *day, *strangers};
}

// Nothing if there is none, or if it is damaged, which verify tells.
Result<std::optional<Anchor>> read_anchor(const UniqueFd& directory) {
    auto text = read_file_at(directory, kHeadFile, kLargestHead);
    if (text) return anchor_in(*text);
    const ErrorKind kind = text.error().kind;
    if (kind == ErrorKind::NotFound || kind == ErrorKind::Corrupt) return std::optional<Anchor>{};
    return std::move(text).error();
}

Result<void> write_anchor(const UniqueFd& directory, const Anchor& anchor) {
    return replace_file_at(directory, kHeadFile,
                           text_of(anchor.head) + ' ' + std::to_string(anchor.day) + ' ' +
                               std::to_string(anchor.strangers) + '\n');
}

// Held until the descriptor is closed; never replaced, as audit.head is.
Result<UniqueFd> lock(const UniqueFd& directory, int operation) {
    UniqueFd file{
        ::openat(directory.get(), kLockFile, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) return last_error("open audit.lock");
    int status = 0;
    do status = ::flock(file.get(), operation);
    while (status != 0 && errno == EINTR);
    if (status != 0) return last_error("lock audit log");
    return file;
}

struct OpenLog {
    UniqueFd file;
    off_t size = 0;
};

Result<OpenLog> open_log(const UniqueFd& directory, int flags) {
    OpenLog log;
    log.file = UniqueFd{
        ::openat(directory.get(), kFile, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)};
    if (!log.file && errno == ENOENT) return Error{ErrorKind::NotFound, kFile};
    if (!log.file) return last_error("open audit log");
    struct stat state {};
    if (::fstat(log.file.get(), &state) != 0) return last_error("stat audit log");
    if (!S_ISREG(state.st_mode) || state.st_uid != 0 || (state.st_mode & 077) != 0)
        return Error{ErrorKind::Misconfigured, "the audit log is not root's alone"};
    log.size = state.st_size;
    return log;
}

// The end of the log: its newest whole line, and what stands behind that.
struct Tail {
    std::string line;
    off_t whole = 0;  // bytes up to the last '\n'
};

Result<Tail> tail_of(const OpenLog& log) {
    const off_t from = std::max<off_t>(0, log.size - static_cast<off_t>(kLongestLine));
    std::string text(static_cast<std::size_t>(log.size - from), '\0');
    if (::pread(log.file.get(), text.data(), text.size(), from) !=
        static_cast<ssize_t>(text.size()))
        return last_error("read audit log");
    Tail tail;
    const std::size_t end = text.rfind('\n');
    if (end == text.npos) return tail;
    const std::size_t start = end == 0 ? text.npos : text.rfind('\n', end - 1);
    tail.line = text.substr(start + 1, end - start - 1);  // npos + 1 is 0
    tail.whole = from + static_cast<off_t>(end) + 1;
    return tail;
}

// Where the next record hangs. Behind the anchor, or behind the one record that a
// crash left without one. Where both are lost the chain begins with a broken link.
AuditHead place_of_next(const std::optional<Anchor>& anchor, const Tail& tail, const Secret& key) {
    const auto newest = audit_row_in(tail.line);
    const AuditHead anchored = anchor ? anchor->head : AuditHead{};
    if (newest && hangs_on(*newest, anchored, key)) return newest->head;
    if (!anchor && newest) return {newest->head.number, {}};
    return anchored;
}

Result<void> append_line(const OpenLog& log, std::string_view line) {
    auto written = write_all(log.file, line);
    if (written && ::fsync(log.file.get()) != 0) written = last_error("sync audit log");
    // Half a line would be taken for a crash's.
    if (!written) (void)!::ftruncate(log.file.get(), log.size);
    return written;
}

// Removes what a crash left of a line. Where whole records are missing, too, it was no
// crash, and the rest stays as a line that is no record.
Result<void> end_unfinished_line(OpenLog& log, const Tail& tail, bool is_complete) {
    if (tail.whole == log.size) return {};
    if (!is_complete) {
        ++log.size;
        return write_all(log.file, "\n");
    }
    if (::ftruncate(log.file.get(), tail.whole) != 0) return last_error("repair audit log");
    log.size = tail.whole;
    return {};
}

Result<void> read_lines(OpenLog log, const std::function<void(std::string_view)>& each) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file{::fdopen(log.file.get(), "r"), ::fclose};
    if (!file) return last_error("read audit log");
    (void)log.file.release();
    char* line = nullptr;
    std::size_t room = 0;
    off_t left = log.size;
    while (left > 0) {
        const ssize_t length = ::getline(&line, &room, file.get());
        if (length <= 0) break;
        each({line, static_cast<std::size_t>(length)});
        left -= length;
    }
    ::free(line);
    if (left > 0) return last_error("read audit log");
    return {};
}

std::int64_t day_of(TimePoint at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

// Counts a stranger's record. False: the day has had its share.
bool count_stranger(Anchor& anchor, AuditEntry& entry) {
    const std::int64_t today = day_of(entry.at);
    if (anchor.day != today) anchor.strangers = 0;
    anchor.day = today;
    if (anchor.strangers > kStrangersPerDay) return false;
    if (anchor.strangers++ == kStrangersPerDay) {
        const TimePoint at = entry.at;
        entry = {};
        entry.at = at;
        entry.event = "omitted";
        entry.service = "latchkey";
        entry.outcome = "no more records of strangers today";
        entry.rule = "limit=" + std::to_string(kStrangersPerDay);
    }
    return true;
}

}  // namespace

Result<std::optional<AuditHead>> AuditLog::append(const AuditEntry& wanted, AuditCause cause) {
    auto directory = open_root_directory(directory_);
    if (!directory) return std::move(directory).error();
    const auto locked = lock(*directory, LOCK_EX);
    if (!locked) return Error{locked.error()};
    auto anchor = read_anchor(*directory);
    if (!anchor) return std::move(anchor).error();
    Anchor next = anchor->value_or(Anchor{});
    AuditEntry entry = wanted;
    if (cause == AuditCause::Stranger && !count_stranger(next, entry))
        return std::optional<AuditHead>{};

    auto log = open_log(*directory, O_RDWR | O_APPEND | O_CREAT);
    if (!log) return std::move(log).error();
    const auto tail = tail_of(*log);
    if (!tail) return Error{tail.error()};
    const AuditHead before = place_of_next(*anchor, *tail, key_);
    const auto newest = audit_row_in(tail->line);
    const bool is_complete = before.number == (newest ? newest->head.number : 0);
    if (auto ended = end_unfinished_line(*log, *tail, is_complete); !ended)
        return std::move(ended).error();
    const AuditLine line = audit_line(entry, before, key_);
    if (auto written = append_line(*log, line.text); !written) return std::move(written).error();
    // A new file has its name on disk with audit.head, which syncs the directory.
    next.head = line.after;
    if (auto anchored = write_anchor(*directory, next); !anchored)
        return std::move(anchored).error();
    return std::optional{next.head};
}

Result<void> AuditLog::read(const std::function<void(std::string_view)>& each) const {
    return read_newest(std::numeric_limits<std::size_t>::max(), each);
}

Result<void> AuditLog::read_newest(std::size_t bytes,
                                   const std::function<void(std::string_view)>& each) const {
    auto directory = open_root_directory(directory_);
    if (!directory) return std::move(directory).error();
    auto log = open_log(*directory, O_RDONLY);
    if (!log && log.error().kind == ErrorKind::NotFound) return {};
    if (!log) return std::move(log).error();
    if (static_cast<std::size_t>(log->size) > bytes) {
        const off_t skipped = log->size - static_cast<off_t>(bytes);
        if (::lseek(log->file.get(), skipped, SEEK_SET) != skipped)
            return last_error("read audit log");
        log->size -= skipped;
    }
    return read_lines(std::move(*log), each);
}

Result<AuditCheck> AuditLog::verify(const std::optional<AuditHead>& elsewhere) const {
    auto directory = open_root_directory(directory_);
    if (!directory) return std::move(directory).error();
    // The two belong together only while nobody writes; reading may then take its time.
    auto locked = lock(*directory, LOCK_SH);
    if (!locked) return std::move(locked).error();
    auto anchor = read_anchor(*directory);
    if (!anchor) return std::move(anchor).error();
    auto log = open_log(*directory, O_RDONLY);
    if (!log && log.error().kind != ErrorKind::NotFound) return std::move(log).error();
    locked->reset();

    AuditCheck check{key_};
    if (elsewhere) check.expect(*elsewhere);
    const auto each = [&check](std::string_view line) {
        if (!line.ends_with('\n')) return check.unfinished_line();
        check.line(line.substr(0, line.size() - 1));
    };
    if (log)
        if (auto done = read_lines(std::move(*log), each); !done) return std::move(done).error();
    check.finish(*anchor ? std::optional{(*anchor)->head} : std::nullopt);
    return check;
}

namespace {

// As `latchkey audit --json` calls them. What was typed as a name is a hash there as well.
std::string fields_of(const AuditEntry& entry) {
    constexpr std::size_t kLongest = 64;
    const auto field = [](const char* key, const std::string& value) {
        return std::string{" "} + key + '=' + in_quotes(value.substr(0, kLongest));
    };
    return field("who", entry.who) + field("service", entry.service) +
           field("source", entry.source) + field("outcome", entry.outcome);
}

}  // namespace

bool record_audit(AuditLog& audit, const AuditEntry& entry, AuditCause cause, EventLog& log) {
    const auto head = audit.append(entry, cause);
    if (!head) {
        log.record(Severity::Alarm,
                   "cannot write audit record why=" + in_quotes(head.error().detail));
        return false;
    }
    if (*head)
        log.record(Severity::Info,
                   "audited event=" + entry.event + " head=" + text_of(**head) + fields_of(entry));
    return true;
}

}  // namespace latchkey
