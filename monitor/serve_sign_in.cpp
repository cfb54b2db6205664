// SPDX-License-Identifier: MIT
#include "monitor/serve_sign_in.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings_reader.hpp"
#include "core/iso_time.hpp"
#include "core/login_texts.hpp"
#include "core/printable.hpp"
#include "core/screens.hpp"
#include "monitor/account_reminders.hpp"
#include "monitor/account_report.hpp"
#include "monitor/change_replies.hpp"
#include "monitor/keys.hpp"
#include "monitor/owner_change.hpp"
#include "monitor/paths.hpp"
#include "monitor/program_channels.hpp"
#include "monitor/reminder_look.hpp"
#include "monitor/slots.hpp"

namespace latchkey {

namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr const char* kLater = "How to set it up at any time: latchkey methods";
constexpr std::size_t kMostMethods = 9;  // one digit chooses

// The end of a change, as a person at a terminal reads it.
class SpokenReplies final : public ChangeReplies {
public:
    explicit SpokenReplies(Claimant& claimant) : claimant_(claimant) {}

    bool row(const json& row) override {
        if (const auto number = row.find("number"); number != row.end())
            return is_theirs(number->get<std::string>());
        const json at = row.value("counts_from", json{});
        const std::string from = at.is_string() ? utc_text_of(at.get<std::string>()) : "";
        const std::string where = escaped(row.value("destination", ""));
        text_ = row.value("wish", "") == "confirmed"
                    ? "Confirmed: " + where + "."
                    : "You can get back in by " + where + " from " + from + " on.";
        return true;
    }
    void refuse(std::uint8_t, const std::string& sentence) override {
        text_ = escaped(sentence) + ".";
    }
    void done() override {}

    [[nodiscard]] std::string text() const { return text_; }

private:
    // Before a code goes there.
    bool is_theirs(const std::string& number) {
        const auto answer = claimant_.ask("The number is " + escaped(number) +
                                          ".\nSend a code there? (Enter, or n to stop): ");
        return answer && answer->empty();
    }

    Claimant& claimant_;
    std::string text_;
};

class SignIn {
public:
    SignIn(Claimant& claimant, const Account& account, const Settings& settings,
           const Secret& master_key, const Clock& clock, EventLog& log, TimePoint begun)
        : claimant_(claimant),
          account_(account),
          settings_(settings),
          master_key_(master_key),
          clock_(clock),
          log_(log),
          begun_(begun) {}

    // What is left to say.
    std::string serve(wire::SignInWish wish) {
        switch (wish) {
            case wire::SignInWish::Look:
                look();
                return {};
            case wire::SignInWish::Later:
                put_off();
                return {};
            case wire::SignInWish::Register:
                return register_address();
            case wire::SignInWish::Confirm:
                return change({ChangeWish::Confirm, {}, {}});
        }
        return {};
    }

private:
    struct Wanted {
        ChangeWish wish;
        std::string method;
        std::string address;
    };

    AccountReminders reminders() const {
        return {paths::kActs, subject_of(account_), account_.uid};
    }
    void log_failure(const char* what, const Error& why) {
        log_.record(Severity::Alarm, std::string{what} + " subject=" + subject_of(account_) +
                                         " why=" + in_quotes(why.detail));
    }

    void look() {
        auto link = AdminLink::start();
        if (!link) return log_failure("cannot look at the ways", link.error());
        const json report = account_report(account_, settings_, master_key_, clock_, {*link});
        if (report.contains("error")) return;  // what was known before is told on
        auto due =
            reminders_for(ways_back_in(report, settings_), settings_.security_info.registration);
        for (Reminder& reminder : due)
            if (reminder.kind == ReminderKind::Register && offered().empty())
                reminder.kind = ReminderKind::Told;
        auto kept =
            reminders().finish_look(begun_, std::move(due), settings_.security_info.registration);
        if (!kept) log_failure("cannot keep reminders", kept.error());
    }

    void put_off() {
        auto kept = reminders().put_off(clock_.now(), settings_.security_info.registration);
        if (!kept) log_failure("cannot keep reminders", kept.error());
    }

    // Methods whose address a person can type here: an app's key is a picture, and a trusted
    // person is not chosen in passing.
    std::vector<std::string> offered() const {
        std::vector<std::string> names;
        for (const auto& [name, method] : settings_.methods)
            if (method.kind == MethodKind::Delivery && !method.recovery_contact &&
                is_way(settings_, name, false))
                names.push_back(name);
        std::stable_sort(names.begin(), names.end(), [this](const auto& a, const auto& b) {
            return comes_before(settings_, a, b);
        });
        if (names.size() > kMostMethods) names.resize(kMostMethods);
        return names;
    }

    std::optional<std::string> chosen_method() {
        const std::vector<std::string> names = offered();
        if (names.empty()) return std::nullopt;
        if (names.size() == 1) return names.front();
        const std::string head = "How should codes reach you?\n";
        const std::string tail = "Choose one (Enter for later): ";
        std::string lines;
        std::size_t shown = 0;
        for (const std::string& name : names) {
            std::string line =
                "  " + std::to_string(shown + 1) + "  " + settings_.methods.at(name).label + '\n';
            if (head.size() + lines.size() + line.size() + tail.size() > kMaxScreenBytes) break;
            lines += line;
            ++shown;
        }
        const auto answer = claimant_.ask(head + lines + tail);
        if (!answer || answer->size() != 1) return std::nullopt;
        const auto index = static_cast<std::size_t>(answer->reveal().front() - '1');
        return index < shown ? std::optional{names[index]} : std::nullopt;
    }

    std::string question_for(const std::string& method) const {
        switch (settings_.methods.at(method).medium) {
            case Medium::Email:
                return "Your e-mail address (Enter for later): ";
            case Medium::Text:
            case Medium::Call:
                return "Your phone number (Enter for later): ";
            case Medium::Other:
                break;
        }
        return "Your address there (Enter for later): ";
    }

    std::string register_address() {
        const auto method = chosen_method();
        if (!method) return kLater;
        const auto address = claimant_.ask(question_for(*method));
        if (!address || address->empty()) return kLater;
        return change({ChangeWish::EnrolContact, *method, std::string{address->reveal()}});
    }

    std::string change(const Wanted& wanted) {
        wire::UserRequest request;
        request.verb = wire::UserVerb::Change;
        request.wish = wanted.wish;
        request.method = wanted.method;
        request.address = wanted.address;
        SpokenReplies replies{claimant_};
        serve_owner_change({claimant_, replies}, std::move(request), account_, clock_, log_);
        return replies.text();
    }

    Claimant& claimant_;
    const Account& account_;
    const Settings& settings_;
    const Secret& master_key_;
    const Clock& clock_;
    EventLog& log_;
    TimePoint begun_;
};

// Of looks a few at once on the whole host: after a policy was switched on, everybody is due.
// Of the rest two for each account.
std::optional<UniqueFd> slot_for(wire::SignInWish wish, const Account& account) {
    return wish == wire::SignInWish::Look ? take_slot(paths::kSlots, Surface::Remote, "sign-ins")
                                          : take_user_slot(paths::kSlots, account.uid);
}

// What is left to say.
std::string serve(Claimant& claimant, const wire::SignInHello& hello, const Clock& clock,
                  EventLog& log) {
    const auto account = find_local_account(hello.user);
    if (!account) return std::string{login_texts::kNotNow};
    const auto slot = slot_for(hello.wish, *account);
    if (!slot) return std::string{login_texts::kNotNow};
    // First: where anything below fails, not every sign-in tries again.
    AccountReminders reminders{paths::kActs, subject_of(*account), account->uid};
    const TimePoint now = clock.now();
    if (hello.wish == wire::SignInWish::Look && !reminders.begin_look(now)) return {};
    const auto settings = read_settings(paths::kSettings, paths::kSettingsDirectory);
    const auto key = read_master_key(paths::kMasterKey);
    if (!settings || !key) {
        const Error& why = settings ? key.error() : settings.error();
        log.record(Severity::Alarm, "security info is off why=" + in_quotes(why.detail));
        return std::string{login_texts::kNotNow};
    }
    return SignIn{claimant, *account, *settings, *key, clock, log, now}.serve(hello.wish);
}

}  // namespace

void serve_sign_in(Seqpacket module, const wire::SignInHello& hello, const Clock& clock,
                   EventLog& log) {
    Claimant claimant{std::move(module), steady_clock::now() + std::chrono::minutes{15}};
    std::string text = serve(claimant, hello, clock, log);
    text.resize(std::min(text.size(), kMaxScreenBytes));
    (void)claimant.module().send_message(wire::LoginFinish{Outcome::Back, {}, std::move(text)});
}

}  // namespace latchkey
