// SPDX-License-Identifier: MIT
#include "monitor/serve_import.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/printable.hpp"
#include "core/wire/batches.hpp"
#include "core/wire/exit_statuses.hpp"
#include "core/wire/line_lists.hpp"
#include "monitor/account.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/import_digest.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/stored_texts.hpp"
#include "monitor/used_steps.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;
constexpr std::size_t kMostProblems = 100;  // that are told in full
constexpr std::size_t kLongestShown = 64;
constexpr std::chrono::seconds kPatience{60};  // until the command has sent its next rows

using Problems = std::multimap<std::uint32_t, std::string>;  // by line

// What the verifier may have written is a number or it is nothing.
std::uint64_t number_of(const json& row, const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

struct Begun {  // of a key: that which the steps of its account begin with
    std::uint32_t line = 0;
    NewSteps steps;
};

// What the verifier says of the rows it was given.
struct Verdicts {
    Problems problems;
    std::set<std::uint64_t> kept;       // lines of keys that the store had already
    std::vector<std::uint32_t> untold;  // lines of bad rows that have no sentence
    std::uint64_t bad = 0;
    std::uint64_t added = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t replaced = 0;
    std::uint64_t notices = 0;
    bool written = false;
};

Verdicts verdicts_of(const std::vector<json>& rows) {
    Verdicts verdicts;
    for (const json& row : rows) {
        const auto problem = row.find("problem");
        const auto kept = row.find("kept");
        const auto untold = row.find("bad_lines");
        if (problem != row.end() && problem->is_string()) {
            verdicts.problems.emplace(static_cast<std::uint32_t>(number_of(row, "line")),
                                      problem->get<std::string>());
        } else if (kept != row.end() && kept->is_array()) {
            for (const json& line : *kept)
                if (line.is_number_unsigned()) verdicts.kept.insert(line.get<std::uint64_t>());
        } else if (untold != row.end() && untold->is_array()) {
            for (const json& line : *untold)
                if (line.is_number_unsigned()) verdicts.untold.push_back(line.get<std::uint32_t>());
        } else if (const auto written = row.find("written"); written != row.end()) {
            verdicts.bad = number_of(row, "bad");
            verdicts.added = number_of(row, "added");
            verdicts.confirmed = number_of(row, "confirmed");
            verdicts.replaced = number_of(row, "replaced");
            verdicts.notices = number_of(row, "notices");
            verdicts.written = written->is_boolean() && written->get<bool>();
        }
    }
    return verdicts;
}

class Import {
public:
    Import(Seqpacket& command, const AdminDesk& desk) : command_(command), desk_(desk) {}

    void serve() {
        auto link = AdminLink::start();
        if (!link) return refuse(kUnreachable, "cannot start the verifier: " + link.error().detail);
        if (const auto ready = link->ask(hello()); !ready)
            return refuse(kNegative, ready.error().detail);
        finish();
        bool is_forwarded = true;
        if (!take_rows(*link, is_forwarded)) return;
        if (rows_ > wire::kMostImportRows)
            return refuse(kNegative,
                          "more than 100,000 rows; nothing was imported, give them in "
                          "several files");
        if (!is_forwarded)
            return refuse(kUnreachable,
                          "the verifier ended before the last row; nothing was imported, see the "
                          "journal (journalctl -t latchkey-verifier)");
        auto answer = link->answer_to_import();
        // A verifier that is gone may have written before.
        if (!answer && asked_to_write_ && answer.error().kind == ErrorKind::Rejected)
            (void)remember("not_imported");
        if (!answer)
            return refuse(kNegative, answer.error().detail +
                                         "; see latchkey status for what is enrolled, then "
                                         "import again");
        conclude(verdicts_of(*answer));
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        (void)command_.send_message(wire::AdminReply{true, exit_status, {}, sentence});
    }
    void send_row(const json& row) { send_reply(command_, admin_row(row)); }
    void finish() { (void)command_.send_message(wire::AdminReply{true, 0, {}, {}}); }

    static wire::AdminHello hello() {
        wire::AdminHello hello;
        hello.verb = wire::AdminVerb::Import;
        std::array<char, 256> name{};
        if (::gethostname(name.data(), name.size() - 1) == 0) hello.host_name = name.data();
        return hello;
    }

    // To the last row, also when the verifier takes no more of them: the command sends all
    // before it reads. False: it is over, and nothing is written.
    bool take_rows(AdminLink& link, bool& is_forwarded) {
        const auto send = [&link](const wire::ImportEntries& entries) {
            return link.tell(entries).has_value();
        };
        wire::Batches<wire::ImportEntries, decltype(send)> batches{send};
        for (;;) {
            auto message = command_.receive_message<wire::ImportRows>(
                std::chrono::steady_clock::now() + kPatience);
            if (!message) return false;
            for (wire::ImportRow& row : message->rows) {
                auto entry = resolved(row);
                if (entry && is_forwarded) is_forwarded = batches.add(std::move(*entry));
            }
            if (!message->last) continue;
            wire::ImportEntries end;
            end.write = message->write && unknown_ == 0 && rows_ <= wire::kMostImportRows;
            end.import = import_;
            asked_to_write_ = end.write;
            if (end.write && !remember("importing")) {
                refuse(kConfiguration,
                       "the audit log cannot be written, so nothing was imported; run latchkey "
                       "check");
                return false;
            }
            is_forwarded = is_forwarded && batches.finish(std::move(end));
            return true;
        }
    }

    std::optional<wire::ImportEntry> resolved(wire::ImportRow& row) {
        if (++rows_ > wire::kMostImportRows) return std::nullopt;
        const auto found = accounts_.find(row.user);
        if (found == accounts_.end()) {
            unknown(row);
            return std::nullopt;
        }
        Account account;
        account.name = found->first;
        account.uid = found->second;
        wire::ImportEntry entry;
        entry.line = row.line;
        entry.subject = subject_of(account);
        entry.account_name = account.name;
        entry.subkey = subject_key(desk_.master_key, entry.subject, {});
        if (!row.key.empty()) {
            const OtpKind kind = row.method == "hotp" ? OtpKind::Counter : OtpKind::Time;
            steps_.push_back({row.line,
                              {entry.subject, account.uid, kind, row.counter, false,
                               key_tag(saved_code_key(desk_.master_key, entry.subject), row.key)}});
        }
        digest_.add(whose_enrolment(account.name, row.method));
        entry.method = std::move(row.method);
        entry.address = std::move(row.address);
        entry.key = std::move(row.key);
        entry.counter = row.counter;
        return entry;
    }

    void unknown(const wire::ImportRow& row) {
        if (++unknown_ > kMostProblems) return untold_.push_back(row.line);
        unknown_problems_.emplace(
            row.line, "no local account is called " +
                          in_quotes(escaped(row.user.substr(0, kLongestShown))) +
                          "; mend the name, accounts of a directory are not served yet");
    }

    void conclude(Verdicts verdicts) {
        if (verdicts.written && (!asked_to_write_ || verdicts.bad > 0)) {
            desk_.log.record(Severity::Alarm,
                             "a verifier wrote what it was not asked for import=" + import_);
            return refuse(kNegative,
                          "the verifier says that it wrote what it was not asked to write; look at "
                          "latchkey audit verify, and at the journal");
        }
        if (asked_to_write_) (void)remember(verdicts.written ? "imported" : "not_imported");
        if (verdicts.written && !begin_steps(verdicts)) return;
        verdicts.problems.merge(unknown_problems_);
        tell_of_bad_rows(verdicts);
        send_row({{"rows", rows_},
                  {"bad", unknown_ + verdicts.bad},
                  {"added", verdicts.added},
                  {"confirmed", verdicts.confirmed},
                  {"replaced", verdicts.replaced},
                  {"notices", verdicts.notices},
                  {"written", verdicts.written}});
        finish();
        if (verdicts.written && verdicts.notices > 0) deliver_now(desk_);
    }

    // Those of the lowest lines among what either side has a sentence for; of the others the line.
    void tell_of_bad_rows(const Verdicts& verdicts) {
        std::vector<std::uint32_t> lines = untold_;
        lines.insert(lines.end(), verdicts.untold.begin(), verdicts.untold.end());
        std::size_t told = 0;
        for (const auto& [line, problem] : verdicts.problems) {
            if (told++ < kMostProblems)
                send_row({{"line", line}, {"problem", problem}});
            else
                lines.push_back(line);
        }
        wire::in_lists(lines, [this](const auto& list) { send_row({{"bad_lines", list}}); });
    }

    // Before the verifier may write the rows, and when it has said whether it did; then what it
    // has written stands even if this fails. False: an alarm is logged.
    bool remember(const std::string& event) {
        if (digest_text_.empty()) digest_text_ = digest_.text();
        const std::string rows = std::to_string(rows_);
        desk_.log.record(Severity::Info, event + " enrolments rows=" + rows + " import=" + import_);
        AuditEntry entry;
        entry.at = desk_.clock.now();
        entry.event = event;
        entry.service = "latchkey";
        entry.source = "root";
        entry.outcome = rows + " enrolments";
        entry.rule = rule_of_import({import_, digest_text_});
        AuditLog audit{paths::kActs, audit_key(desk_.master_key)};
        return record_audit(audit, entry, AuditCause::Proven, desk_.log);
    }

    // False, and refused: codes of some new app or token may never count.
    bool begin_steps(const Verdicts& verdicts) {
        std::vector<NewSteps> begun;
        for (Begun& each : steps_) {
            each.steps.is_known = verdicts.kept.contains(each.line);
            begun.push_back(std::move(each.steps));
        }
        auto done = begin_used_steps(paths::kActs, begun);
        if (done) return true;
        refuse(kNegative,
               "the keys are enrolled, but what the old ones have spent cannot be forgotten: " +
                   done.error().detail + "; mend that and remove " + paths::kActs +
                   "/steps/UID of each account that was imported");
        return false;
    }

    // The larger alignments first, as the linter wants it.
    ImportDigest digest_;
    Seqpacket& command_;
    const AdminDesk& desk_;
    std::uint64_t rows_ = 0;
    std::uint64_t unknown_ = 0;  // rows of no account
    std::vector<Begun> steps_;
    std::vector<std::uint32_t> untold_;  // lines of rows of no account behind the first hundred
    const std::string import_ = fresh_import_name();
    std::string digest_text_;  // once all rows are there
    Problems unknown_problems_;
    const std::unordered_map<std::string, uid_t> accounts_ = local_accounts();
    bool asked_to_write_ = false;
};

}  // namespace

void serve_import(Seqpacket& command, const AdminDesk& desk) {
    Import{command, desk}.serve();
}

}  // namespace latchkey
