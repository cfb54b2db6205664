// SPDX-License-Identifier: MIT
#include "monitor/serve_purge.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/announcement_texts.hpp"
#include "core/printable.hpp"
#include "core/subject_of_name.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/announcements.hpp"
#include "monitor/kept_files.hpp"
#include "monitor/paths.hpp"
#include "monitor/row_text.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;
constexpr int kMostAnswers = 100;  // else one that invents accounts would have no end

std::string name_in(const SubjectKey& subject) {
    return subject.substr(subject.find(':') + 1);
}

// The account of the subject, if it is there today: not another that has its name or its uid.
std::optional<Account> account_of(const SubjectKey& subject) {
    auto account = find_local_account(name_in(subject));
    if (account && subject_of(*account) != subject) account.reset();
    return account;
}

class PurgeService {
public:
    PurgeService(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk,
                 AdminLink& link)
        : command_(command), request_(request), desk_(desk), link_(link) {}

    void serve() {
        auto subjects = find_subjects();
        if (!subjects) return;
        if (subjects->empty()) return refuse_nothing_found();
        const bool is_done = purge_all(std::move(*subjects));
        if (is_done) send_reply(command_, {true, 0, {}, {}});
        // Also of those that were purged before one that failed.
        if (!request_.dry_run) deliver_now(desk_);
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        refuse_request(command_, exit_status, sentence);
    }
    static KeptFiles files_of(const SubjectKey& subject) {
        return account_of(subject) ? KeptFiles::NotAnnouncements : KeptFiles::All;
    }

    // An answer has a few subjects at once: asked again until it has no other ones. False: refused.
    bool purge_all(std::set<SubjectKey> subjects) {
        std::set<SubjectKey> done;
        for (int answers = 0; !subjects.empty(); ++answers) {
            if (answers == kMostAnswers) {
                refuse(kNegative, "there is more of that name than is likely; look with --dry-run");
                return false;
            }
            for (const SubjectKey& each : subjects)
                if (!purge(each)) return false;
            done.merge(subjects);
            if (request_.dry_run) return true;
            auto more = find_subjects();
            if (!more) return false;
            subjects = std::move(*more);
            std::erase_if(subjects, [&](const SubjectKey& each) { return done.contains(each); });
        }
        return true;
    }

    // Nothing: refused. By a uid those alone whose accounts are gone: who means one that is gone
    // must not hit who has its uid now.
    std::optional<std::set<SubjectKey>> find_subjects() {
        auto found = find_all();
        if (!found || !number_in<uid_t>(request_.user)) return found;
        std::erase_if(*found, [this](const SubjectKey& each) {
            if (!each.starts_with(request_.user + ':') || !account_of(each)) return false;
            has_the_uid_now_ = name_in(each);
            return true;
        });
        return found;
    }
    void refuse_nothing_found() {
        if (!has_the_uid_now_.empty())
            return refuse(kNotFound,
                          escaped(has_the_uid_now_) + " has that uid now; purge it by name");
        refuse(kNotFound, "latchkey keeps nothing of " + escaped(request_.user.substr(0, 64)) +
                              "; give the name, or the uid, that it had");
    }

    // Of the store and of the root side's own files.
    std::optional<std::set<SubjectKey>> find_all() {
        wire::AdminHello hello;
        hello.verb = wire::AdminVerb::Purge;
        hello.account_name = request_.user;
        const auto rows = link_.ask(hello, 1);
        if (!rows || rows->size() != 1) {
            refuse(kNegative, rows ? "the verifier's answer is none" : rows.error().detail);
            return std::nullopt;
        }
        const auto is_meant = [this](const SubjectKey& subject) {
            return is_subject_of(subject, request_.user);
        };
        std::set<SubjectKey> found;
        for (const json& each : texts_in(rows->front(), "subjects"))
            if (is_meant(each.get<SubjectKey>())) found.insert(each.get<SubjectKey>());
        for (const KeptFiles which : {KeptFiles::All, KeptFiles::NotAnnouncements}) {
            const auto files = subjects_of_files(
                paths::kActs,
                [&](const SubjectKey& subject) {
                    return is_meant(subject) && files_of(subject) == which;
                },
                which);
            if (!files) {
                refuse(kConfiguration, "cannot look for what is kept: " + files.error().detail);
                return std::nullopt;
            }
            found.insert(files->begin(), files->end());
        }
        return found;
    }

    std::optional<json> ask(const SubjectKey& subject) {
        wire::AdminHello hello;
        if (const auto account = account_of(subject))
            hello = desk_hello(desk_, *account, wire::AdminVerb::Purge);
        hello.verb = wire::AdminVerb::Purge;
        hello.subject = subject;
        hello.by = desk_.actor.name;
        hello.dry_run = request_.dry_run;
        const auto rows = link_.ask(hello, 1);
        if (rows && rows->size() == 1) return counts_in(rows->front());
        refuse(kNegative, rows ? "the verifier's answer is none" : rows.error().detail);
        return std::nullopt;
    }

    static json counts_in(const json& answer) {
        json counts = json::object();
        for (const char* key :
             {"contacts", "authenticators", "recoveries", "vetoes", "codes", "notices"})
            counts[key] = count_in(answer, key);
        return counts;
    }

    // False: refused.
    bool purge(const SubjectKey& subject) {
        const auto files = subjects_of_files(
            paths::kActs, [&](const SubjectKey& each) { return each == subject; },
            files_of(subject));
        if (!files) {
            refuse(kConfiguration, "cannot count what is kept: " + files.error().detail);
            return false;
        }
        // What could not be told later is not done.
        if (!request_.dry_run && !remember_act(desk_, name_in(subject), "purged", "begun",
                                               "subject=" + escaped(subject))) {
            refuse(kConfiguration, "the audit log cannot be written, so nothing was purged");
            return false;
        }
        auto row = ask(subject);
        if (!row) return false;
        if (!request_.dry_run && !finish(subject)) return false;
        (*row)["user"] = name_in(subject);
        (*row)["uid"] = subject.substr(0, subject.find(':'));
        (*row)["is_there"] = account_of(subject).has_value();
        (*row)["files"] = files->size();
        (*row)["dry_run"] = request_.dry_run;
        send_reply(command_, admin_row(*row));
        return true;
    }

    bool finish(const SubjectKey& subject) {
        if (auto removed = remove_files_of(paths::kActs, subject, files_of(subject)); !removed) {
            refuse(kConfiguration,
                   "what the store had is gone, but files of the root side cannot "
                   "be removed: " +
                       removed.error().detail + "; mend that and purge again");
            return false;
        }
        desk_.log.record(Severity::Info,
                         "purged subject=" + escaped(subject) + " by=" + desk_.actor.name);
        (void)remember_act(desk_, name_in(subject), "purged", "done",
                           "subject=" + escaped(subject));
        if (const auto account = account_of(subject)) announce(*account);
        return true;
    }

    void announce(const Account& account) {
        const TimePoint now = desk_.clock.now();
        AccountAnnouncements announcements{paths::kActs, subject_of(account), account.uid};
        const auto kept = announcements.announce(now, now + kAnnounced, purge_announcement(now));
        if (!kept)
            desk_.log.record(Severity::Alarm,
                             "cannot announce a purge why=" + in_quotes(kept.error().detail));
    }

    Seqpacket& command_;
    const wire::AdminRequest& request_;
    const AdminDesk& desk_;
    AdminLink& link_;
    std::string has_the_uid_now_;  // whom a uid did not mean
};

}  // namespace

void serve_purge(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    auto link = AdminLink::start();
    if (!link)
        return refuse_request(command, kUnreachable,
                              "cannot start the verifier: " + link.error().detail);
    PurgeService{command, request, desk, *link}.serve();
}

}  // namespace latchkey
