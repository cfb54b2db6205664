// SPDX-License-Identifier: MIT
#include "monitor/serve_removal.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/announcement_texts.hpp"
#include "core/printable.hpp"
#include "core/wire/exit_statuses.hpp"
#include "monitor/admin_link.hpp"
#include "monitor/admin_row.hpp"
#include "monitor/announcements.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/reminder_look.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/verifier_row.hpp"

namespace latchkey {

namespace {

using nlohmann::json;

using namespace exit_statuses;
constexpr const char* kSavedCodes = "codes";

class RemovalService {
public:
    RemovalService(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk)
        : command_(command), request_(request), desk_(desk) {}

    void serve() {
        const auto account = find_local_account(request_.user);
        if (!account)
            return refuse(kNotFound, "no local account is called " +
                                         escaped(request_.user.substr(0, 64)) +
                                         "; for one that is gone: latchkey purge");
        if (request_.method == kSavedCodes && !request_.address.empty())
            return refuse(kUsage,
                          "saved codes have no destination; leave it out, or name the "
                          "method of the address");
        SavedCodes codes{paths::kActs, subject_of(*account), account->uid,
                         saved_code_key(desk_.master_key, subject_of(*account))};
        const bool is_codes = request_.method == kSavedCodes;
        if (is_codes && codes.left() == 0 && !codes.waiting_from())
            return refuse(kNegative, escaped(account->name) + " has no saved recovery codes");
        // What could not be told later is not done.
        if (!request_.dry_run && !remember_act(desk_, account->name, "removed", "begun",
                                               "method=" + escaped(request_.method.substr(0, 32))))
            return refuse(kConfiguration,
                          "the audit log cannot be written, so nothing was removed");
        const auto rows = ask(*account);
        if (!rows) return;
        if (is_codes && !request_.dry_run) {
            if (auto forgotten = codes.forget(); !forgotten)
                return refuse(kConfiguration,
                              "the codes cannot be removed: " + forgotten.error().detail +
                                  "; mend that and try again, the addresses were told already");
        }
        conclude(*account, rows->front());
    }

private:
    void refuse(std::uint8_t exit_status, const std::string& sentence) {
        refuse_request(command_, exit_status, sentence);
    }

    // Nothing: refused.
    std::optional<std::vector<json>> ask(const Account& account) {
        auto link = AdminLink::start();
        if (!link) {
            refuse(kUnreachable, "cannot start the verifier: " + link.error().detail);
            return std::nullopt;
        }
        wire::AdminHello hello = desk_hello(desk_, account, wire::AdminVerb::Remove);
        hello.method = request_.method;
        hello.address = request_.address;
        hello.dry_run = request_.dry_run;
        auto rows = link->ask(hello, 1);
        if (rows && rows->size() == 1) return std::move(*rows);
        refuse(kNegative, rows ? "the verifier's answer is none" : rows.error().detail);
        return std::nullopt;
    }

    void conclude(const Account& account, const json& told) {
        if (!request_.dry_run) {
            // One that the account has is a name of the configuration, or was one.
            const std::string method = escaped(request_.method.substr(0, 32));
            desk_.log.record(Severity::Info, "removed method user=" + account.name +
                                                 " method=" + method + " by=" + desk_.actor.name);
            (void)remember_act(desk_, account.name, "removed", method);
            announce(account, method);
            have_next_sign_in_look(account, desk_.log);
            deliver_now(desk_);
        }
        send_reply(command_, admin_row({{"user", account.name},
                                        {"method", request_.method},
                                        {"destinations", texts_in(told, "destinations")},
                                        {"removed", count_in(told, "removed")},
                                        {"notices", count_in(told, "notices")},
                                        {"dry_run", request_.dry_run}}));
        send_reply(command_, {true, 0, {}, {}});
    }

    void announce(const Account& account, const std::string& method) {
        const TimePoint now = desk_.clock.now();
        AccountAnnouncements announcements{paths::kActs, subject_of(account), account.uid};
        const auto kept =
            announcements.announce(now, now + kAnnounced, removal_announcement(now, method));
        if (!kept)
            desk_.log.record(Severity::Alarm,
                             "cannot announce a removal why=" + in_quotes(kept.error().detail));
    }

    Seqpacket& command_;
    const wire::AdminRequest& request_;
    const AdminDesk& desk_;
};

}  // namespace

void serve_removal(Seqpacket& command, const wire::AdminRequest& request, const AdminDesk& desk) {
    RemovalService{command, request, desk}.serve();
}

}  // namespace latchkey
