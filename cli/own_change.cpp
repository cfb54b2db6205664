// SPDX-License-Identifier: MIT
#include "cli/own_change.hpp"

#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

#include "cli/ascii_address.hpp"
#include "cli/json_output.hpp"
#include "cli/new_key.hpp"
#include "core/iso_time.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

constexpr const char* kNotUnderstood =
    "the monitor's answer cannot be understood; ask the administrator to install latchkey and "
    "libpam-latchkey of one version";

class ChangeRun {
public:
    ChangeRun(const UserChangeCommand& command, const UserSurroundings& on)
        : command_(command), on_(on) {}

    ExitStatus run() {
        wire::UserRequest request;
        request.verb = wire::UserVerb::Change;
        request.wish = command_.wish;
        request.method = command_.method;
        request.address = command_.address;
        if (command_.address == kFromInput) {
            const auto typed = on_.ask("Address or number: ", false);
            if (!typed || typed->empty())
                return on_.terminal.fail(ExitStatus::Usage, "no address on standard input");
            auto ascii = with_ascii_addresses({std::string{typed->reveal()}}, on_.terminal);
            if (!ascii) return on_.terminal.fail(ExitStatus::Usage, ascii.error().detail);
            request.address = std::move(ascii->front());
        }
        request.key = command_.key.duplicate();
        request.veto_code = Secret{command_.veto_code};
        if (command_.veto_code == kFromInput) {
            auto typed = on_.ask("Code: ", false);
            if (!typed || typed->empty())
                return on_.terminal.fail(ExitStatus::Usage, "no code on standard input");
            request.veto_code = std::move(*typed);
        }
        if (command_.wish == ChangeWish::Forget && !is_sure())
            return on_.terminal.fail(ExitStatus::Negative, "given up; nothing was changed");
        if (command_.qr == "png" && ::access(command_.picture.c_str(), F_OK) == 0)
            return on_.terminal.fail(
                ExitStatus::Usage, command_.picture + " exists already; name a file that does not");
        const MonitorAnswer answer =
            on_.talk(request, {on_.ask, [this](const Secret& row) { show(row); }});
        if (answer.status != ExitStatus::Ok) return on_.terminal.fail(answer.status, answer.error);
        return conclude(answer);
    }

private:
    [[nodiscard]] bool is_sure() const {
        if (command_.is_sure) return true;
        const auto typed = on_.ask(
            "This takes every way away to get back into your account. Type yes to go on: ", false);
        return typed && typed->reveal() == "yes";
    }

    // A key is needed before its code is asked for, and a number is looked at before one is sent.
    void show(const Secret& text) {
        const json row = json::parse(text.reveal(), nullptr, false);
        if (row.is_object() && row.contains("number")) return show_number(row);
        if (!row.is_object() || !row.contains("key_base32")) return;
        if (command_.output.json) return print_json(on_.terminal.out, row);
        const auto key = new_key_in(row);
        if (!key) return;
        on_.terminal.out << "Scan this with your "
                         << (command_.method == "hotp" ? "token" : "authenticator app")
                         << ", or type the key into it.\nIt is shown this one time.\n\n";
        (void)show_key(*key, {command_.qr, command_.picture}, on_.terminal);
    }

    // Not in JSON, of which there is one object alone.
    void show_number(const json& row) const {
        if (command_.output.json || !row.at("number").is_string()) return;
        on_.terminal.out << "The number is "
                         << escaped(row.at("number").get_ref<const std::string&>())
                         << "; if it is not yours, press Enter at the question for its code.\n"
                         << std::flush;
    }

    ExitStatus conclude(const MonitorAnswer& answer) {
        if (answer.rows.empty())
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        const json row = json::parse(answer.rows.back().reveal(), nullptr, false);
        if (!row.is_object())
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        if (command_.output.json) {
            print_json(on_.terminal.out, row);
            return ExitStatus::Ok;
        }
        try {
            command_.wish == ChangeWish::NewSavedCodes ? tell_codes(row) : tell(row);
        } catch (const json::exception&) {
            return on_.terminal.fail(ExitStatus::MonitorUnreachable, kNotUnderstood);
        }
        return ExitStatus::Ok;
    }

    // Empty: nothing begins or ends.
    static std::string date_in(const json& row) {
        const json& from = row.at("counts_from");
        return from.is_null() ? std::string{} : escaped(utc_text_of(from.get<std::string>()));
    }

    void tell(const json& row) const {
        std::ostream& out = on_.terminal.out;
        const std::string from = date_in(row);
        const std::string where = escaped(row.at("destination").get<std::string>());
        const std::string what = escaped(command_.method) + (where.empty() ? "" : ", " + where);
        switch (command_.wish) {
            case ChangeWish::EnrolContact:
            case ChangeWish::EnrolAuthenticator:
                if (row.value("device", false)) {
                    out << what << " can be asked from " << from
                        << " on, as one more proof behind another one.\n";
                    break;
                }
                out << "You can get back in by " << what << " from " << from << " on.\n";
                break;
            case ChangeWish::Confirm:
                out << "Confirmed: " << where << ", which count until " << from
                    << " unless you confirm them again.\n";
                break;
            case ChangeWish::Remove:
                if (row.value("gone", false))
                    out << "It is gone: " << what << ".\n";
                else if (row.value("device", false))
                    out << "The device " << where << " is asked until " << from << ".\n";
                else
                    out << "You can get back in by " << what << " until " << from << ".\n";
                break;
            case ChangeWish::Deny:
                tell_denial();
                break;
            case ChangeWish::Forget:
                out << "All your ways to get back in go, and the saved codes with them. They count "
                       "until\n"
                    << from
                    << "; then they are erased, and who has forgotten the password needs the "
                       "administrator.\n";
                break;
            case ChangeWish::NewSavedCodes:
                break;
        }
        tell_who_is_told(row.at("told").get<std::uint32_t>());
    }

    void tell_denial() const {
        std::ostream& out = on_.terminal.out;
        if (command_.veto_code.empty())
            out << "Recoveries that were open have ended, and what waits or goes does so for a day "
                   "longer.\nTake away what is not yours, or type the code of a message.\n";
        else
            out << "Heard. The change of that message is undone; behind a recovery, what was open "
                   "has\nended, and what was changed since.\n";
        out << "Change your password if somebody else may know it.\n";
    }

    void tell_who_is_told(std::uint32_t told) const {
        std::ostream& out = on_.terminal.out;
        if (told > 0)
            out << "All your addresses are told" << (told == 1 ? " (one)" : "")
                << (command_.wish == ChangeWish::Deny
                        ? ".\n"
                        : "; whoever did not want this can end it.\n");
    }

    void tell_codes(const json& row) const {
        std::ostream& out = on_.terminal.out;
        if (command_.for_paper) print_head();
        for (const json& code : row.at("codes"))
            out << "  " << escaped(code.get_ref<const std::string&>()) << "\n";
        out << "\nEach works once, from " << date_in(row)
            << " on; until then earlier codes stay good.\n"
            << "They are shown this one time.\n";
    }

    void print_head() const {
        std::array<char, 256> host{};
        const bool named = ::gethostname(host.data(), host.size() - 1) == 0;
        on_.terminal.out
            << "Recovery codes of " << escaped(on_.user) << " on "
            << (named ? escaped(host.data()) : "this host") << "\n\n"
            << "If you forget your password, press Enter at \"Password:\" and choose\n"
            << "\"Enter one of my recovery codes or a temporary pass\". Each code works once.\n"
            << "Keep this sheet as you would keep a key.\n\n";
    }

    const UserChangeCommand& command_;
    const UserSurroundings& on_;
};

}  // namespace

ExitStatus run_own_change(const UserChangeCommand& command, const UserSurroundings& on) {
    return ChangeRun{command, on}.run();
}

}  // namespace latchkey::cli
