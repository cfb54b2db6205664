// SPDX-License-Identifier: MIT
#include "verifier/serve_import.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "core/wire/line_lists.hpp"
#include "verifier/import_account.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using wire::AdminReply;
using wire::ImportEntries;
using wire::ImportEntry;

using namespace exit_statuses;
constexpr std::size_t kMostProblems = 100;  // that are told in full
// Half of what one run of the outbox carries. The last of so many leaves within 56 hours.
constexpr std::size_t kNoticesInAMinute = 30;
constexpr std::size_t kMostNotices = 100'000;

class ImportRun {
public:
    ImportRun(MonitorLink& monitor, const VerifierPorts& ports, std::string host_name)
        : monitor_(monitor), ports_(ports), host_name_(std::move(host_name)) {}

    void serve() {
        auto enrolled = ports_.store.enrolled_subjects();
        if (!enrolled) return refuse_for_store(enrolled.error());
        enrolled_ = {enrolled->begin(), enrolled->end()};
        send({true, 0, {}, {}});
        for (;;) {
            auto entries = monitor_.greeting<ImportEntries>();
            if (!entries) return;  // the monitor is gone: nothing is written
            for (const ImportEntry& entry : entries->rows) take(entry);
            if (entries->last) return conclude(*entries);
        }
    }

private:
    void send(const AdminReply& reply) {
        if (monitor_.wait_until_writable()) (void)monitor_.say(reply);
    }
    void row(const json& row, bool last) {
        send({last, 0, Secret{row.dump(-1, ' ', true, json::error_handler_t::replace)}, {}});
    }
    void refuse_for_store(const Error& error) {
        ports_.log.record(Severity::Alarm, "cannot use the store why=" + in_quotes(error.detail));
        send({true,
              kNegative,
              {},
              "the store cannot be used: " + error.detail +
                  "; nothing was imported, check /var/lib/latchkey, its owner and its free space"});
    }

    // Behind an error of the store nothing more is looked at.
    void take(const ImportEntry& entry) {
        if (store_error_) return;
        if (entry.subkey.size() != Vault::kKeyBytes)
            return problem(entry.line, "the account's key did not come; run latchkey check");
        auto account = accounts_.find(entry.subject);
        if (account == accounts_.end()) {
            auto read = ImportAccount::read(ports_, entry, enrolled_.contains(entry.subject));
            if (!read) {
                store_error_ = read.error();
                return;
            }
            account = accounts_.emplace(entry.subject, std::move(*read)).first;
        }
        auto row = account->second.take(ports_, host_name_, entry, now_);
        if (!row) return problem(entry.line, row.error().detail);
        count(entry, row->change);
        enrolments_.push_back({entry.subject,
                               std::move(row->what),
                               {now_, "enrolment", entry.subject, "enrolled " + row->shown},
                               row->keeps_waiting});
    }

    void problem(std::uint32_t line, std::string sentence) {
        if (++bad_ <= kMostProblems) return problems_.push_back({line, std::move(sentence)});
        untold_.push_back(line);
    }

    void list_lines(const char* name, const std::vector<std::uint32_t>& lines) {
        wire::in_lists(lines, [&](const auto& list) { row({{name, list}}, false); });
    }

    void count(const ImportEntry& entry, ImportAccount::Row::Change change) {
        using Change = ImportAccount::Row::Change;
        if (change == Change::Added) ++added_;
        if (change == Change::Replaced) ++replaced_;
        if (change != Change::Confirmed) return;
        ++confirmed_;
        if (!entry.key.empty()) kept_.push_back(entry.line);
    }

    [[nodiscard]] bool has_too_many_notices() const {
        std::size_t most = 0;
        for (const auto& [subject, account] : accounts_) most += account.most_notices();
        return most > kMostNotices;
    }

    [[nodiscard]] std::vector<OutboxRow> notices() const {
        std::vector<OutboxRow> all;
        for (const auto& [subject, account] : accounts_) {
            const std::chrono::minutes delay{all.size() / kNoticesInAMinute};
            auto notices = account.notices(ports_, subject, host_name_, delay);
            std::move(notices.begin(), notices.end(), std::back_inserter(all));
        }
        return all;
    }

    void conclude(const ImportEntries& end) {
        if (store_error_) return refuse_for_store(*store_error_);
        if (has_too_many_notices())
            return send({true,
                         kNegative,
                         {},
                         "more than 100,000 notices would have to be sent to those who had "
                         "addresses before; nothing was imported, give the rows in several files"});
        const std::vector<OutboxRow> told = notices();
        const bool write = end.write && bad_ == 0;
        if (write) {
            for (Enrolment& each : enrolments_) {
                each.record.at = ports_.clock.now();
                each.record.detail += " by import " + end.import;
            }
            if (auto kept = ports_.store.enrol_all(enrolments_, told); !kept)
                return refuse_for_store(kept.error());
        }
        for (const auto& [line, sentence] : problems_)
            row({{"line", line}, {"problem", sentence}}, false);
        list_lines("bad_lines", untold_);
        list_lines("kept", kept_);
        row({{"bad", bad_},
             {"added", added_},
             {"confirmed", confirmed_},
             {"replaced", replaced_},
             {"notices", told.size()},
             {"written", write}},
            true);
    }

    MonitorLink& monitor_;
    const VerifierPorts& ports_;
    const std::string host_name_;
    const TimePoint now_ = ports_.clock.now();
    std::unordered_set<SubjectKey> enrolled_;  // by the store, before this import
    std::unordered_map<SubjectKey, ImportAccount> accounts_;
    std::vector<Enrolment> enrolments_;
    std::vector<std::pair<std::uint32_t, std::string>> problems_;
    std::vector<std::uint32_t> untold_;  // lines of bad rows behind those
    std::vector<std::uint32_t> kept_;
    std::optional<Error> store_error_;
    std::uint64_t bad_ = 0;
    std::uint64_t added_ = 0;
    std::uint64_t confirmed_ = 0;
    std::uint64_t replaced_ = 0;
};

}  // namespace

void serve_import(MonitorLink& monitor, const VerifierPorts& ports, const wire::AdminHello& hello) {
    ImportRun{monitor, ports, hello.host_name}.serve();
}

}  // namespace latchkey
