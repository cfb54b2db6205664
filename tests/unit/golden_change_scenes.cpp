// SPDX-License-Identifier: MIT
#include "tests/unit/golden_scenes.hpp"

namespace latchkey {

namespace {

// As it stands in the newest message to that address.
ChangeRequest denies(const Transcript& t, const std::string& address) {
    return {ChangeWish::Deny, {}, {}, Secret{t.world.veto_of(address)}};
}

// Somebody has added an address to the one that is there.
void added(Transcript& t) {
    t.world.enrol_address(kAdasAddress);
    t.change(enrols("email", kNewAddress), "1", t.world.sent_code(), t.world.sent_code());
}

}  // namespace

const std::vector<Scene> kChanges{
    {"first_address",
     [](Transcript& t) { t.change(enrols("email", kNewAddress), kWrong, t.world.sent_code()); }},
    {"first_address_given_up", [](Transcript& t) { t.change(enrols("email", kNewAddress), ""); }},
    {"second_address_and_veto",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress);
         t.change(enrols("email", kNewAddress), "1", t.world.sent_code(), t.world.sent_code());
         t.change(denies(t, kAdasAddress));
         t.change(enrols("email", kNewAddress));
     }},
    {"telephone",
     [](Transcript& t) {
         t.world.settings.phone_country = "+49";
         t.world.add_telephones();
         t.change(enrols("sms", "+491701234567"), "r", t.world.sent_code());
     }},
    {"device",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.add_device_method();
         t.change(enrols("push", kAdasDevice), "1", t.world.sent_code(),
                  t.world.after(std::chrono::seconds{20}, ""), t.world.approve());
     }},
    {"device_that_denies",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.add_device_method();
         t.change(enrols("push", kAdasDevice), "1", t.world.sent_code(), t.world.deny());
     }},
    {"device_before_any_other_way",
     [](Transcript& t) {
         t.world.add_device_method();
         t.change(enrols("push", kAdasDevice));
     }},
    {"app",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress);
         t.change(enrols("totp"), "1", t.world.sent_code(), "123456", t.world.otp());
     }},
    {"removed_address",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.world.enrol_address("ada@example.com");
         t.change({ChangeWish::Remove, "email", kAdasAddress, {}}, "2", t.world.sent_code());
     }},
    {"new_codes",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress);
         t.change({ChangeWish::NewSavedCodes, {}, {}, {}}, "1", t.world.sent_code());
     }},
    {"not_me",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress);
         t.change({ChangeWish::Deny, {}, {}, {}});
     }},
    {"veto_at_login",
     [](Transcript& t) {
         added(t), t.resume(t.world.veto_of(kAdasAddress), "");
         t.change(enrols("email", kNewAddress));
     }},
    {"veto_at_menu",
     [](Transcript& t) { added(t), t.connect("BCDFG-HJKLX", t.world.veto_of(kAdasAddress), ""); }},
    {"veto_over_ssh",
     [](Transcript& t) {
         added(t), t.world.over_ssh(), t.connect(t.world.veto_of(kAdasAddress), "");
     }},
    {"second_veto_at_login",
     [](Transcript& t) {
         added(t), t.world.enrol_address("ada@example.com");
         t.resume(t.world.veto_of(kAdasAddress), ""), t.world.days_pass(2);
         t.change({ChangeWish::Remove, "email", "ada@example.com", {}}, "1", t.world.sent_code());
         t.resume(t.world.veto_of(kAdasAddress), "");
     }},
    {"recovery_denied_at_login",
     [](Transcript& t) {
         t.world.enrol_address(kAdasAddress), t.connect("1", t.world.sent_code());
         t.resume(t.world.veto_of(kAdasAddress), "");
     }},
    {"old_way_used",
     [](Transcript& t) {
         added(t), t.world.clock.advance(std::chrono::minutes{2});
         t.change({ChangeWish::Remove, "email", kAdasAddress, {}}, "1", t.world.sent_code());
         t.world.clock.advance(std::chrono::minutes{2}), t.connect("1", t.world.sent_code());
     }},
    {"can_become_root_and_has_nothing",
     [](Transcript& t) {
         t.world.privileged = true;
         t.change(enrols("email", kNewAddress));
     }},
};

}  // namespace latchkey
