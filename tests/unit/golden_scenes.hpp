// SPDX-License-Identifier: MIT
//
// The conversations whose transcripts are in tests/golden, and how their hosts are set up.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "tests/support/transcript.hpp"

namespace latchkey {

inline constexpr const char* kWrong = "00000000";

struct Scene {
    const char* name;
    void (*play)(Transcript&);
};

inline void console(Transcript& t) {
    t.world.enrol_everything();
}
inline void ssh(Transcript& t) {
    t.world.enrol_everything();
    t.world.over_ssh();
}
inline void knows_password(Transcript& t) {
    t.world.request.reason = Reason::KnowsPassword;
}
inline void can_become_root(Transcript& t) {
    t.world.request.privileged = true;
    t.world.request.gates_needed = 2;
}
inline void act_ends(Transcript& t, std::deque<ActResult> results) {
    t.world.acts.results = std::move(results);
}

inline void checked(Transcript& t) {
    t.world.settings.human_check.when = HumanCheckWhen::Always;
}
// What a person types who can read.
inline const Transcript::Line kReadOff{[](const Screen& screen) { return screen.signs; }};

// ada's telephone, for texts and calls, and beside it her address and saved codes.
inline void telephone(Transcript& t) {
    const std::string number = "+491701234567";
    t.world.settings.phone_country = "+49";
    t.world.add_telephones();
    t.world.enrol("sms", number), t.world.enrol("voice", number);
    t.world.enrol_address(kAdasAddress), t.world.give_saved_codes();
}
// A token that counts in the place of the app.
inline void token(Transcript& t) {
    t.world.enrol_address(kAdasAddress), t.world.enrol_token(), t.world.give_saved_codes();
}

// ben, who reads ada's codes to her.
inline void contact(Transcript& t) {
    t.world.settings.methods["contact"] = {
        "E-mail my recovery contact", MethodKind::Delivery, {"mail"}, std::chrono::minutes{10}};
    t.world.settings.methods["contact"].recovery_contact = true;
    t.world.settings.methods["contact"].extra_lifetime = std::chrono::hours{24};
    t.world.enrol("contact", "ben@example.net"), t.world.give_saved_codes();
}

// The same person by text messages.
inline void contact_by_text(Transcript& t) {
    t.world.settings.phone_country = "+49";
    t.world.add_method("contact-sms", Medium::Text, "Text my recovery contact");
    t.world.settings.methods["contact-sms"].recovery_contact = true;
    t.world.settings.methods["contact-sms"].extra_lifetime = std::chrono::hours{24};
    t.world.enrol("contact-sms", "+491707654321"), t.world.give_saved_codes();
}
// A telephone at work, beside the one in the pocket.
inline void office(Transcript& t) {
    telephone(t);
    t.world.add_method("office", Medium::Call, "Call my office phone");
    t.world.enrol("office", "+493012345678");
}

inline ChangeRequest enrols(const std::string& method, const std::string& address = {}) {
    const bool is_app = method == "totp";
    return {
        is_app ? ChangeWish::EnrolAuthenticator : ChangeWish::EnrolContact, method, address, {}};
}

// By their names: console_NAME.txt, ssh_NAME.txt and change_NAME.txt.
extern const std::vector<Scene> kAtConsole;
extern const std::vector<Scene> kOverSsh;
extern const std::vector<Scene> kChanges;

}  // namespace latchkey
