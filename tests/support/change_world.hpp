// SPDX-License-Identifier: MIT
//
// The host in memory, and ada who has signed in and changes how she gets back in.
#pragma once

#include <string>
#include <utility>

#include "core/change_runner.hpp"
#include "tests/support/fake_authenticator_maker.hpp"
#include "tests/support/recovery_world.hpp"

namespace latchkey {

inline const std::string kNewAddress = "ada@example.net";

class ChangeWorld : public RecoveryWorld {
public:
    FakeAuthenticatorMaker maker;
    bool privileged = false;
    ChangeEnd end;  // of the change that ended last

    // Whether it was made. Each line is text or a function, as of connect().
    template <class... Lines>
    bool change(ChangeRequest wish, Lines... lines) {
        wish.privileged = privileged;
        ScriptedConversation conversation{acts};
        (conversation.answers(lines), ...);
        request.reason = Reason::ChangeSecurityInfo;
        const std::string source = std::exchange(request.source, "console:uid1001");
        const std::string service = std::exchange(request.service, "latchkey");
        end = run_change(wish, request, settings,
                         {*remembers, vault, channels, conversation, acts, clock, log}, maker);
        request.reason = Reason::ForgotPassword;
        request.source = source;
        request.service = service;
        request.lease = "connection after " + request.lease;
        seen = conversation.seen;
        said_everything = conversation.is_over();
        return end.done;
    }
    template <class... Lines>
    bool enrol_by_owner(const std::string& address, Lines... lines) {
        return change({ChangeWish::EnrolContact, "email", address, {}}, lines...);
    }
    template <class... Lines>
    bool remove_by_owner(const std::string& address, Lines... lines) {
        return change({ChangeWish::Remove, "email", address, {}}, lines...);
    }
    bool deny_by_owner(const std::string& code = {}) {
        return change({ChangeWish::Deny, {}, {}, Secret{code}});
    }

    // The owner of both removes `removed`, which `by` is told of and denies; whether that ends it.
    bool remove_and_deny(const std::string& removed, const std::string& by) {
        REQUIRE(remove_by_owner(removed, "1", sent_code()));
        return deny_by_owner(veto_of(by));
    }

    // The newest notice to that address; its text is empty if there is none.
    [[nodiscard]] std::string notice_to(const std::string& address) const {
        std::string text;
        for (const OutboxMessage& message : messages(OutboxPurpose::Notice))
            if (message.to == address) text = message.text.reveal();
        return text;
    }
    // The veto code in it; empty if there is none.
    [[nodiscard]] std::string veto_of(const std::string& address) const {
        const std::string text = notice_to(address);
        const std::string label = "latchkey deny ";
        const auto at = text.find(label);
        return at == text.npos ? std::string{} : text.substr(at + label.size(), 11);
    }
    void days_pass(int days) { clock.advance(std::chrono::days{days}); }
    // Whether a code sent to the address opens the account at a console.
    [[nodiscard]] bool recovers_by(const std::string& address) {
        const std::size_t before = messages(OutboxPurpose::Code).size();
        // The address is the only method there, or the first of the menu.
        (void)connect("1");
        const auto codes = messages(OutboxPurpose::Code);
        return codes.size() > before && codes.back().to == address;
    }
};

}  // namespace latchkey
