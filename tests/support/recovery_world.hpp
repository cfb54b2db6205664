// SPDX-License-Identifier: MIT
//
// A host in memory: every port of a recovery is a fake, and ada@example.org has
// forgotten her password.
#pragma once

#include <string>
#include <vector>

#include "core/addresses.hpp"
#include "core/outbox_message.hpp"
#include "core/recovery_runner.hpp"
#include "core/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_acts.hpp"
#include "tests/support/fake_channels.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/fake_vault.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_conversation.hpp"

namespace latchkey {

inline const std::string kAdasAddress = "ada@example.org";
inline const std::string kAdasDevice = "ada-phone";
inline const std::string kSavedCode = "ABCD-EFGH-JKLM-NPQR";
inline const std::string kOtherSavedCode = "ZYXW-VUTS-RQPN-MLKJ";
inline const std::string kPass = "PPPP-AAAA-SSSS-SSSS";

class RecoveryWorld {
public:
    FakeStore store;
    Store* remembers = &store;  // or the real one
    FakeVault vault;
    FakeChannels channels;
    FakeActs acts;
    FakeClock clock;
    RecordedEvents log;
    Settings settings;
    RecoveryRequest request;
    std::vector<Screen> seen;  // of the connection that ended last
    std::string decided_by;    // RecoveryEnd::rule of it
    bool by_own_way = false;   // RecoveryEnd::is_by_own_way of it
    bool said_everything = false;

    RecoveryWorld() {
        settings.methods["email"] = {"E-mail my alternate address",
                                     MethodKind::Delivery,
                                     {"mail"},
                                     std::chrono::minutes{10}};
        settings.methods["totp"] = {"Enter a code from my authenticator app",
                                    MethodKind::Verification,
                                    {"totp"},
                                    std::chrono::minutes{10}};
        settings.human_check.when = HumanCheckWhen::Off;
        request.subject = "1001:ada";
        request.deliverable = true;
        request.subkey = Secret{std::string(Vault::kKeyBytes, 'k')};
        request.account_name = "ada";
        request.host_name = "host.example.org";
        request.lease = "connection 1";
        at_console();
    }

    void at_console() {
        request.surface = Surface::Console;
        request.gates_needed = 1;
        request.service = "login";
        request.source = "console:tty1";
    }
    void over_ssh(const std::string& source = "192.0.2.7") {
        request.surface = Surface::Remote;
        request.gates_needed = 2;
        request.service = "sshd";
        request.source = source;
    }

    void enrol_address(const std::string& address, TimePoint usable_from = FakeClock::kStart) {
        enrol("email", address, usable_from);
    }
    void add_method(const std::string& name, Medium medium, const std::string& label) {
        settings.methods[name] = {
            label, MethodKind::Delivery, {"gateway"}, std::chrono::minutes{10}, medium};
    }
    void add_telephones() {
        add_method("sms", Medium::Text, "Text my mobile phone");
        add_method("voice", Medium::Call, "Call my mobile phone");
    }
    // A device that is asked to approve, in the pocket of the app.
    void add_device() {
        add_device_method();
        enrol("push", kAdasDevice);
    }
    void add_device_method() {
        settings.methods["push"] = {"Approve a notification on my phone",
                                    MethodKind::Approval,
                                    {"push"},
                                    std::chrono::minutes{10},
                                    Medium::Other};
    }
    void enrol(const std::string& method, const std::string& address,
               TimePoint usable_from = FakeClock::kStart) {
        Contact contact;
        contact.method = method;
        contact.possession =
            possession_of(vault, request.subkey, settings.methods.at(method).medium, address);
        contact.confirmed_at = clock.now();
        contact.usable_from = usable_from;
        contact.sealed_address =
            vault.seal(request.subkey, contact_binding(request.subject, contact), address);
        REQUIRE(remembers->enrol_contact(request.subject, contact));
    }
    void enrol_app() { enrol_authenticator("totp"); }
    // A token that counts; one that is asked as the app is.
    void enrol_token() {
        settings.methods["hotp"] = {"Enter a code from my token",
                                    MethodKind::Verification,
                                    {"hotp"},
                                    std::chrono::minutes{10}};
        settings.methods["hotp"].otp = OtpKind::Counter;
        enrol_authenticator("hotp");
    }
    void enrol_authenticator(const std::string& method) {
        Authenticator app;
        app.method = method;
        app.confirmed_at = clock.now();
        app.sealed_key =
            vault.seal(request.subkey, authenticator_binding(request.subject, app), channels.key);
        REQUIRE(remembers->enrol_authenticator(request.subject, app));
    }
    void give_saved_codes() {
        request.has_saved_codes = true;
        acts.saved_codes = {"ABCDEFGHJKLMNPQR", "ZYXWVUTSRQPNMLKJ"};
    }
    // Root has issued a pass, which ada can use once or as often as she wants.
    void give_pass(bool is_for_once = true) {
        request.has_pass = true;
        acts.passes["PPPPAAAASSSSSSSS"] = is_for_once;
    }
    void enrol_everything() {
        enrol_address(kAdasAddress);
        enrol_app();
        give_saved_codes();
    }
    // A name that is no account of this host.
    void be_nobody() {
        request.subject = "#0042";
        request.deliverable = false;
        request.account_name.clear();
    }

    // Probes of the channel of "email", one a minute.
    void probe(bool works, int times = 1) {
        for (int i = 0; i < times; ++i) {
            REQUIRE(remembers->begin_probe("mail", clock.now()).value());
            REQUIRE(remembers->record_probe("mail", works, clock.now()));
            clock.advance(std::chrono::seconds{60});
        }
    }

    // One connection: the claimant says these lines and leaves. Each line is text or a
    // function, see ScriptedConversation.
    template <class... Lines>
    Outcome connect(Lines... lines) {
        ScriptedConversation conversation{acts};
        (conversation.answers(lines), ...);
        const auto [outcome, rule, is_by_own_way] = run_recovery(
            request, settings, {*remembers, vault, channels, conversation, acts, clock, log});
        decided_by = rule;
        by_own_way = is_by_own_way;
        seen = conversation.seen;
        said_everything = conversation.is_over();
        request.lease = "connection after " + request.lease;
        return outcome;
    }
    template <class... Lines>
    Outcome reconnect(const std::string& resume_code, Lines... lines) {
        request.resume_code = resume_code;
        const Outcome outcome = connect(lines...);
        request.resume_code.clear();
        return outcome;
    }

    // --- lines --------------------------------------------------------------------

    [[nodiscard]] ScriptedConversation::Line sent_code() {
        return [this](const Screen&) { return newest_code(); };
    }
    [[nodiscard]] ScriptedConversation::Line otp() {
        return [this](const Screen&) {
            return FakeChannels::otp_at(FakeChannels::step_at(clock.now()));
        };
    }
    // The holder of the device chooses the number on the screen; the claimant presses Enter.
    [[nodiscard]] ScriptedConversation::Line approve() {
        return [this](const Screen& screen) {
            channels.device = {ApprovalAnswer::Kind::Answered, screen.number, {}};
            return std::string{};
        };
    }
    // Another one of the three that the device shows.
    [[nodiscard]] ScriptedConversation::Line approve_another() {
        return [this](const Screen& screen) {
            const std::string& choices = channels.requests.back().choices;
            const bool is_first = choices.starts_with(screen.number);
            channels.device = {ApprovalAnswer::Kind::Answered,
                               is_first ? choices.substr(3, 2) : choices.substr(0, 2),
                               {}};
            return std::string{};
        };
    }
    [[nodiscard]] ScriptedConversation::Line deny() {
        return [this](const Screen&) {
            channels.device = {ApprovalAnswer::Kind::Denied, {}, {}};
            return std::string{};
        };
    }
    // Says something else as soon as time has passed.
    [[nodiscard]] ScriptedConversation::Line after(std::chrono::seconds wait, std::string text) {
        return [this, wait, text = std::move(text)](const Screen&) {
            clock.advance(wait);
            return text;
        };
    }

    // --- what came of it ----------------------------------------------------------

    [[nodiscard]] std::vector<OutboxMessage> messages(OutboxPurpose purpose) const {
        std::vector<OutboxMessage> found;
        for (const OutboxRow& row : store.outbox())
            if (row.purpose == purpose && !row.sealed.empty()) found.push_back(opened(row));
        return found;
    }
    [[nodiscard]] OutboxMessage opened(const OutboxRow& row) const {
        const Secret key = vault.derive(request.subkey, "outbox");
        const auto plain = vault.unseal(key, outbox_binding(row), row.sealed);
        REQUIRE(plain);
        auto message = decode_outbox_message(*plain);
        REQUIRE(message.has_value());
        return std::move(*message);
    }
    // The code in the newest message; empty if there is none.
    [[nodiscard]] std::string newest_code() const {
        const auto codes = messages(OutboxPurpose::Code);
        return codes.empty() ? std::string{} : code_in(codes.back());
    }
    [[nodiscard]] static std::string code_in(const OutboxMessage& message) {
        const std::string text{message.text.reveal()};
        const std::string label = "code: ";
        return text.substr(text.find(label) + label.size(), 9);
    }
    // The resume code shown last in the connection that ended last.
    [[nodiscard]] std::string shown_resume_code() const {
        std::string newest;
        for (const Screen& screen : seen)
            if (!screen.resume_code.empty()) newest = screen.resume_code;
        return newest;
    }
    [[nodiscard]] std::vector<ScreenKind> kinds() const {
        std::vector<ScreenKind> kinds;
        for (const Screen& screen : seen) kinds.push_back(screen.kind);
        return kinds;
    }
    [[nodiscard]] std::size_t attempts_of(const SubjectKey& subject, AttemptKind kind) const {
        std::size_t count = 0;
        for (const RecordedAttempt& row : store.attempts())
            if (row.what.subject == subject && row.what.kind == kind) ++count;
        return count;
    }
};

// The texts of what was seen, as the terminal has them.
inline std::vector<std::string> rendered(const RecoveryWorld& world) {
    std::vector<std::string> texts;
    for (const Screen& screen : world.seen) {
        const auto text = render(screen, world.settings, world.request.host_name);
        REQUIRE(text.has_value());
        texts.push_back(*text);
    }
    return texts;
}

}  // namespace latchkey
