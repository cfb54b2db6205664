// SPDX-License-Identifier: MIT
//
// Files that the root side reads: a ledger, saved codes, passes, passwd and shadow, login.defs
// and shells, faillock.conf, the tally, which belongs to the user it is about,
// the audit log, and announcements and reminders, which the PAM module reads. The first byte says
// which.
#include <algorithm>

#include "core/announcement_rows.hpp"
#include "core/printable.hpp"
#include "core/reminder_rows.hpp"
#include "monitor/account.hpp"
#include "monitor/audit_rows.hpp"
#include "monitor/ledger_rows.hpp"
#include "monitor/lockout.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/temporary_passes.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};

void try_ledger(std::string_view text) {
    const auto acts = parse_ledger(text);
    if (!acts) {
        holds(acts.error().kind == ErrorKind::Corrupt, "a ledger is read or corrupt");
        return;
    }
    const std::string lines = lines_of(*acts);
    const auto again = parse_ledger(lines);
    holds(again && again->size() == acts->size() && lines_of(*again) == lines,
          "a ledger is written as it was read");
    holds(std::all_of(lines.begin(), lines.end(),
                      [](char c) { return c == '\n' || c == '\t' || (c >= ' ' && c <= '~'); }),
          "a ledger is printable");
    holds(without_old_acts(*acts, kNow).size() <= acts->size(), "forgetting adds nothing");
    std::uint32_t of_host = 0;
    for (const auto& [id, act] : *acts) of_host += act.begun > kNow ? 1U : 0U;
    for (const Act act : {Act::ChangePassword, Act::ClearLockout})
        holds(
            !allow_act(*acts, 1001, act, ActLimits{}, kNow) || of_host < ActLimits{}.host_per_hour,
            "acts ahead of a clock that was set back count");
}

void try_accounts(fuzz::Input& input) {
    static const fuzz::MemoryFile passwd;
    static const fuzz::MemoryFile shadow;
    const std::string name = input.text();
    passwd.write(input.part());
    shadow.write(input.rest());
    HostFiles files;
    files.passwd = passwd.path();
    files.shadow = shadow.path();
    const auto account = find_local_account(name, files);
    if (!account) return;
    holds(account->name == name && !name.empty() && name.size() <= 256,
          "the account that was named");
    holds(name.find_first_of("/:") == std::string::npos, "no path and no row is a name");
    HostAccountRules rules;
    rules.shells = {"/bin/sh", "/bin/bash"};
    if (is_eligible(*account, rules, kNow)) {
        holds(account->uid >= 1000 && account->uid <= 60000, "no system account is eligible");
        holds(is_crypt_hash(account->shadow.password.reveal()), "only a hash is eligible");
        holds(why_not_eligible(*account, rules, kNow).empty(), "nothing stands against it");
    }
    holds(is_unchanged(*account, *account), "an account is what it is");
}

void try_host_rules(fuzz::Input& input) {
    static const fuzz::MemoryFile login_defs;
    static const fuzz::MemoryFile shells;
    login_defs.write(input.part());
    shells.write(input.rest());
    HostFiles files;
    files.login_defs = login_defs.path();
    files.shells = shells.path();
    for (const std::string& shell : read_host_account_rules(files).shells)
        holds(shell.starts_with('/') && shell.find('#') == std::string::npos, "a shell is a path");
}

void check_faillock(const FaillockSettings& settings) {
    constexpr std::chrono::hours kWeek{7 * 24};
    holds(settings.directory.starts_with('/'), "a tally's directory is absolute");
    holds(settings.deny <= 65535, "deny is a number that pam_faillock takes");
    for (const auto time : {settings.fail_interval, settings.unlock_time,
                            settings.root_unlock_time.value_or(std::chrono::seconds{0})})
        holds(time.count() >= 0 && time <= kWeek, "a time is at most a week");
}

void try_faillock_settings(std::string_view text) {
    static const fuzz::MemoryFile file;
    file.write(text);
    check_faillock(read_faillock_settings(file.path(), ""));
    holds(read_faillock_settings(file.path(), "/tallies").directory == "/tallies",
          "the argument wins");
}

// Written by name: the readers open them relative to a directory, without following links.
const TemporaryDirectory& directory() {
    static const TemporaryDirectory directory;
    return directory;
}

void try_tally(fuzz::Input& input) {
    FaillockSettings settings;
    settings.directory = directory().path();
    settings.deny = input.below(5);
    settings.unlock_time = std::chrono::seconds{input.below(3) * 600};
    const std::string_view bytes = input.rest();
    directory().write("ada", bytes);
    const LockState state = lock_state(settings, "ada", kNow);
    holds(state == LockState::NotLocked || bytes.size() >= 64 * settings.deny,
          "a lockout has its failures");
    holds((state == LockState::HeldForEver) <= (settings.unlock_time.count() == 0),
          "what is not held for ever ends");
}

void try_saved_codes(std::string_view text) {
    if (::geteuid() != 0) return;  // they are root's
    static const bool prepared = std::filesystem::create_directory(directory().file("codes")) &&
                                 ::chmod(directory().file("codes").c_str(), 0700) == 0;
    holds(prepared, "there is a directory");
    directory().write("codes/1001", text);
    SavedCodes codes{directory().path(), "1001:ada", 1001, Secret{std::string(32, 'k')}};
    const std::uint32_t left = codes.left();
    holds(left <= SavedCodes::kMost, "at most ten codes");
    holds(left == 0 || text.starts_with("1001:ada\n"), "codes of this account alone");
    const auto used = codes.use(Secret{std::string_view{"ABCD-EFGH-JKLM-NPQR"}});
    if (used && *used) holds(codes.left() == left - 1, "a code is struck out");
}

void try_passes(std::string_view text) {
    if (::geteuid() != 0) return;  // they are root's
    static const bool prepared = std::filesystem::create_directory(directory().file("passes")) &&
                                 ::chmod(directory().file("passes").c_str(), 0700) == 0;
    holds(prepared, "there is a directory");
    directory().write("passes/1001", text);
    TemporaryPasses passes{directory().path(), "1001:ada", 1001, Secret{std::string(32, 'k')}};
    const auto used = passes.use(Secret{std::string_view{"ABCD-EFGH-JKLM-NPQR"}}, kNow);
    holds(!used || !used->has_value(), "no pass is forged without the key");
    const auto alive = passes.alive(kNow);
    holds(used.has_value() == alive.has_value(), "a file is read or corrupt");
    if (!alive) return;
    holds(alive->size() <= TemporaryPasses::kMost, "at most three passes");
    holds(alive->empty() || text.starts_with("1001:ada\n"), "passes of this account alone");
    for (const TemporaryPass& pass : *alive) holds(pass.ends_at > kNow, "no pass past its end");
    const auto revoked = passes.revoke(0, kNow);
    holds(revoked && revoked->size() == alive->size() && passes.alive(kNow)->empty(),
          "what is alive can be revoked");
}

// Nobody has the key, so nothing that is read here may be taken for a record of ours.
void try_audit_log(fuzz::Input& input) {
    const Secret key{std::string(32, 'k')};
    const auto anchor = audit_head_in(input.part());
    if (anchor)
        holds(audit_head_in(text_of(*anchor)) == anchor, "a place is read as it is written");
    AuditCheck check{key};
    std::string_view log = input.rest();
    bool has_lines = false;
    for (; !log.empty(); has_lines = true) {
        const std::string_view line = log.substr(0, log.find('\n'));
        check.line(line);
        if (const auto row = audit_row_in(line))
            holds(!hangs_on(*row, AuditHead{}, key), "no record is forged without the key");
        log.remove_prefix(std::min(line.size() + 1, log.size()));
    }
    check.finish(anchor);
    holds(!has_lines || !check.faults().empty(), "a forged log has faults");
    for (const std::string& sentence : check.faults())
        holds(is_printable(sentence), "a fault is printable");
}

void try_announcements(std::string_view text) {
    const SubjectKey ada = "1001:ada";
    const auto read = announcements_in(text, ada);
    if (!read) return;
    holds(read->size() <= kMostAnnouncements, "a login is told at most twenty lines");
    holds(read->empty() || text.starts_with("1001:ada\n"), "announcements of this account alone");
    for (const Announcement& announcement : *read)
        holds(is_printable(announcement.text) && announcement.text.size() <= kLongestAnnouncement,
              "what is told is one printable line");
    holds(announcements_in(text_of(ada, *read), ada) == read,
          "announcements are written as they were read");
}

void try_reminders(std::string_view text) {
    const SubjectKey ada = "1001:ada";
    const auto read = reminders_in(text, ada);
    if (!read) return;
    holds(text.starts_with("1001:ada\n"), "reminders of this account alone");
    holds(read->due.size() <= kMostReminders, "few reminders");
    for (const Reminder& reminder : read->due)
        holds(is_printable(reminder.text) && reminder.text.size() <= kLongestAnnouncement,
              "a reminder is one printable line");
    holds(reminders_in(text_of(ada, *read), ada) == read,
          "reminders are written as they were read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    switch (input.below(10)) {
        case 0:
            try_ledger(input.rest());
            break;
        case 1:
            try_accounts(input);
            break;
        case 2:
            try_host_rules(input);
            break;
        case 3:
            try_faillock_settings(input.rest());
            break;
        case 4:
            try_tally(input);
            break;
        case 5:
            try_saved_codes(input.rest());
            break;
        case 6:
            try_audit_log(input);
            break;
        case 7:
            try_passes(input.rest());
            break;
        case 8:
            try_reminders(input.rest());
            break;
        default:
            try_announcements(input.rest());
    }
    return 0;
}
