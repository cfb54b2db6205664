// SPDX-License-Identifier: MIT
#include "monitor/ledger.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr const char* kFile = "ledger";
constexpr std::size_t kLargest = std::size_t{16} << 20U;  // 8 days at 20 acts an hour are 2 MB

struct flock byte_range(short type, std::uint64_t byte) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(byte);
    range.l_len = 1;
    return range;
}

// Locks of the open file description: they end with the process, or with the
// Ledger, and two Ledgers in one process exclude each other.
bool lock_byte(const UniqueFd& locks, std::uint64_t byte, int command) {
    struct flock range = byte_range(F_WRLCK, byte);
    int status = 0;
    do status = ::fcntl(locks.get(), command, &range);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

void unlock_byte(const UniqueFd& locks, std::uint64_t byte) {
    struct flock range = byte_range(F_UNLCK, byte);
    (void)::fcntl(locks.get(), F_OFD_SETLK, &range);
}

bool is_locked_by_another(const UniqueFd& locks, std::uint64_t byte) {
    struct flock range = byte_range(F_WRLCK, byte);
    // If the kernel cannot say, it counts as locked: then more is refused.
    return ::fcntl(locks.get(), F_OFD_GETLK, &range) != 0 || range.l_type != F_UNLCK;
}

bool is_open(const LedgerAct& act) {
    return act.last.state == ActState::Due || act.last.state == ActState::Acting;
}

Result<UniqueFd> open_ledger_file(const UniqueFd& directory) {
    UniqueFd file{::openat(directory.get(), kFile,
                           O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                           0600)};
    if (!file) return last_error("open ledger");
    struct stat state {};
    if (::fstat(file.get(), &state) != 0) return last_error("stat ledger");
    if (!S_ISREG(state.st_mode) || state.st_uid != 0 || (state.st_mode & 077) != 0)
        return Error{ErrorKind::Misconfigured, "ledger is not root's alone"};
    return file;
}

}  // namespace

// The ledger while no other process writes it: read, repaired, pruned.
class Ledger::Transaction {
public:
    static Result<Transaction> open(Ledger& ledger, TimePoint now) {
        if (!lock_byte(ledger.locks_, 0, F_OFD_SETLKW)) return last_error("lock ledger");
        Transaction transaction{ledger};
        auto read = transaction.read();
        if (read) read = transaction.prune(now);
        if (!read) return std::move(read).error();
        return transaction;
    }
    Transaction(Transaction&& other) noexcept
        : ledger_(std::exchange(other.ledger_, nullptr)), acts_(std::move(other.acts_)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        if (ledger_ != nullptr) unlock_byte(ledger_->locks_, 0);
    }

    [[nodiscard]] const LedgerActs& acts() const { return acts_; }

    // On disk when it returns without an error.
    Result<void> append(const LedgerRow& row) {
        auto file = open_ledger_file(ledger_->directory_);
        if (!file) return std::move(file).error();
        struct stat before {};
        if (::fstat(file->get(), &before) != 0) return last_error("stat ledger");
        auto written = write_all(*file, line_of(row));
        if (written && ::fsync(file->get()) != 0) written = last_error("sync ledger");
        if (written && before.st_size == 0 && ::fsync(ledger_->directory_.get()) != 0)
            written = last_error("sync ledger's directory");
        if (!written) {
            // Half a line would be taken for a crash's; whether this works or not, the
            // caller is told that nothing was recorded.
            (void)!::ftruncate(file->get(), before.st_size);
            return std::move(written).error().within("ledger");
        }
        return {};
    }

private:
    explicit Transaction(Ledger& ledger) : ledger_(&ledger) {}

    Result<void> read() {
        auto text = read_file_at(ledger_->directory_, kFile, kLargest);
        if (!text && text.error().kind == ErrorKind::NotFound) return {};
        if (!text) return std::move(text).error();
        const std::size_t whole = text->rfind('\n') + 1;  // npos + 1 is 0
        if (whole != text->size()) {
            auto file = open_ledger_file(ledger_->directory_);
            if (!file) return std::move(file).error();
            if (::ftruncate(file->get(), static_cast<off_t>(whole)) != 0 ||
                ::fsync(file->get()) != 0)
                return last_error("repair ledger");
        }
        auto acts = parse_ledger(std::string_view{*text}.substr(0, whole));
        if (!acts) return std::move(acts).error();
        acts_ = std::move(*acts);
        for (auto& [id, act] : acts_)
            act.held = is_open(act) &&
                       (ledger_->held_.contains(id) || is_locked_by_another(ledger_->locks_, id));
        return {};
    }

    Result<void> prune(TimePoint now) {
        LedgerActs kept = without_old_acts(acts_, now);
        if (kept.size() == acts_.size()) return {};
        acts_ = std::move(kept);
        return replace_file_at(ledger_->directory_, kFile, lines_of(acts_));
    }

    Ledger* ledger_;
    LedgerActs acts_;
};

Result<Ledger> Ledger::open(const std::string& directory) {
    auto opened = open_root_directory(directory);
    if (!opened) return std::move(opened).error();
    // Never replaced, as the ledger is when it is pruned: a lock on that would
    // be one on a file that has lost its name.
    UniqueFd locks{
        ::openat(opened->get(), "ledger.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!locks) return last_error("open ledger.lock");
    return Ledger{std::move(*opened), std::move(locks)};
}

// NOLINTNEXTLINE(readability-function-size): the six facts of one row, each said by name
Result<Ledger::Entry> Ledger::begin(const SubjectKey& subject, uid_t uid, Act act,
                                    const std::string& row_before, const ActLimits& limits,
                                    TimePoint now) {
    auto transaction = Transaction::open(*this, now);
    if (!transaction) return std::move(transaction).error();
    const LedgerActs& acts = transaction->acts();
    auto allowed = allow_act(acts, uid, act, limits, now);
    if (!allowed) return std::move(allowed).error();
    const std::uint64_t id = acts.empty() ? 1 : acts.rbegin()->first + 1;
    if (!lock_byte(locks_, id, F_OFD_SETLK)) return last_error("hold act");
    auto recorded = transaction->append({id, now, uid, subject, act, ActState::Due, row_before});
    if (!recorded) {
        unlock_byte(locks_, id);
        return std::move(recorded).error();
    }
    held_.insert(id);
    return Entry{id};
}

Result<void> Ledger::acting(const Entry& entry, TimePoint now) {
    auto transaction = Transaction::open(*this, now);
    if (!transaction) return std::move(transaction).error();
    const auto act = transaction->acts().find(entry.id);
    if (act == transaction->acts().end() || !held_.contains(entry.id))
        return Error{ErrorKind::Corrupt, "ledger has lost the act"};
    LedgerRow row = act->second.last;
    row.at = now;
    row.state = ActState::Acting;
    return transaction->append(row);
}

Result<void> Ledger::settle(const Entry& entry, ActResult result, TimePoint now) {
    auto transaction = Transaction::open(*this, now);
    if (!transaction) return std::move(transaction).error();
    const auto act = transaction->acts().find(entry.id);
    if (act == transaction->acts().end() || !held_.contains(entry.id))
        return Error{ErrorKind::Corrupt, "ledger has lost the act"};
    LedgerRow row = act->second.last;
    row.at = now;
    const bool done = result == ActResult::Done || result == ActResult::InPart;
    row.state = done ? ActState::Done : ActState::NotDone;
    auto recorded = transaction->append(row);
    if (!recorded) return recorded;
    held_.erase(entry.id);
    unlock_byte(locks_, entry.id);
    return {};
}

Result<void> Ledger::settle_interrupted(
    const std::function<std::string(const SubjectKey&)>& row_now, TimePoint now) {
    auto transaction = Transaction::open(*this, now);
    if (!transaction) return std::move(transaction).error();
    for (const auto& [id, act] : transaction->acts()) {
        if (!is_open(act) || act.held) continue;
        LedgerRow row = act.last;
        row.at = now;
        const bool may_be_done =
            act.last.state == ActState::Acting &&
            (row.act == Act::ClearLockout || row_now(row.subject) != row.row_before);
        row.state = may_be_done ? ActState::Done : ActState::NotDone;
        auto recorded = transaction->append(row);
        if (!recorded) return recorded;
    }
    return {};
}

}  // namespace latchkey
