// SPDX-License-Identifier: MIT
//
// Whole conversations of the real verifier on a real store.
#include <algorithm>

#include "tests/integration/verifier/verifier_house.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

bool has(const std::vector<std::string>& events, const std::string& event) {
    return std::find(events.begin(), events.end(), event) != events.end();
}

}  // namespace

TEST_CASE("who forgot the password proves it with an e-mailed code at a console") {
    VerifierHouse house;
    house.enrol_email();
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    CHECK(forgot_at_console(house, talk) == Outcome::Recovered);
    CHECK(verifier.ended() == 0);
    CHECK(talk.queued == 2);  // the code, the notice

    const auto notices = house.deliver();
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].to == "ada.lovelace@example.org");
    CHECK(notices[0].subject == "A new password for your account on host.example.org");
    CHECK(house.deliver().empty());
}

TEST_CASE("the menu of a console names what is enrolled, masked") {
    VerifierHouse house;
    house.enrol_email();
    house.enrol_totp();
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    auto hello = house.hello(Surface::Console, 1);
    hello.has_saved_codes = true;
    talk.say(hello);
    const auto menu = talk.expect_screen(ScreenKind::Menu);
    using Items = std::vector<std::pair<std::string, std::string>>;
    CHECK(menu.items == Items{{"email", "a...e at e....org"}, {"totp", ""}, {"saved", ""}});
    talk.answer("");
    CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Back);
}

TEST_CASE("two gates over a remote service: an e-mailed code, then an app") {
    VerifierHouse house;
    house.enrol_email();
    house.enrol_totp();
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    talk.say(house.hello(Surface::Remote, 2));
    (void)talk.expect_screen(ScreenKind::AddressOrSavedCode);
    talk.answer("ada.lovelace@example.org");
    (void)talk.expect_screen(ScreenKind::RemoteCode);
    talk.answer("00000000");
    CHECK(talk.expect_screen(ScreenKind::RemoteCode).resume_code.empty());
    talk.answer(house.delivered_code());
    CHECK(talk.expect<wire::Proof>().possession == "email:example.org");
    const auto menu = talk.expect_screen(ScreenKind::Menu);
    CHECK(menu.remark == Remark::OneMoreProof);
    CHECK(menu.resume_code.size() == 9);
    talk.choose(menu, "totp");
    (void)talk.expect_screen(ScreenKind::OtpCode);
    talk.answer(house.otp());
    const auto call = talk.play_channel("totp", VerifierHouse::check_otp);
    CHECK(call.verb == wire::ChannelVerb::Verify);
    CHECK(call.to.empty());
    CHECK(talk.expect<wire::SpendStep>().step > 0);
    talk.say(wire::StepSpent{StepResult::Fresh});
    CHECK(talk.expect<wire::Proof>().possession == "app");
    talk.tell_changes({true, false, false});
    CHECK(talk.expect<wire::Perform>().act == Act::ChangePassword);
    // It lies there before the act: who leaves now takes nothing back.
    const auto notices = house.deliver();
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].text.reveal().find("\n  authorized_keys, which") != std::string_view::npos);
    CHECK(notices[0].text.reveal().find("crontab") == std::string_view::npos);
    talk.say(wire::Acted{ActResult::Done});
    CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Recovered);
    CHECK(verifier.ended() == 0);
}

TEST_CASE("an OTP that was used opens no second recovery") {
    VerifierHouse house;
    house.enrol_totp();
    const std::string otp = house.otp();
    const auto enter_otp = [&house, &otp](Talk& talk) {
        talk.say(house.hello(Surface::Console, 1));
        talk.choose(talk.expect_screen(ScreenKind::Menu), "totp");
        (void)talk.expect_screen(ScreenKind::OtpCode);
        talk.answer(otp);
        (void)talk.play_channel("totp", VerifierHouse::check_otp);
    };
    VerifierProcess first{house.files, "--login"};
    Talk talk{first};
    enter_otp(talk);
    (void)talk.expect<wire::SpendStep>();
    SECTION("because the root side says so") {
        talk.say(wire::StepSpent{StepResult::Used});
        CHECK(talk.expect_screen(ScreenKind::OtpCode).remark == Remark::CodeWrong);
    }
    SECTION("because the store remembers it") {
        talk.say(wire::StepSpent{StepResult::Fresh});
        CHECK(talk.expect<wire::Proof>().possession == "app");
        VerifierProcess second{house.files, "--login"};
        Talk again{second};
        enter_otp(again);
        CHECK(again.expect_screen(ScreenKind::OtpCode).remark == Remark::CodeWrong);
    }
}

TEST_CASE("a saved code is compared by the monitor, and its word counts") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    auto hello = house.hello(Surface::Console, 1);
    hello.has_saved_codes = true;
    hello.reason = Reason::KnowsPassword;
    talk.say(hello);
    talk.choose(talk.expect_screen(ScreenKind::Menu), "saved");
    (void)talk.expect_screen(ScreenKind::SavedCode);
    talk.answer("ABCD-EFGH-JKLM-NPQR");
    (void)talk.expect<wire::CheckSavedCode>();
    SECTION("right") {
        talk.say(wire::SavedCodeJudged{true});
        CHECK(talk.expect<wire::Proof>().possession == "saved");
        talk.tell_changes();
        CHECK(talk.expect<wire::Perform>().act == Act::ClearLockout);
        talk.say(wire::Acted{ActResult::Done});
        CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Unlocked);
    }
    SECTION("wrong") {
        talk.say(wire::SavedCodeJudged{false});
        CHECK(talk.expect_screen(ScreenKind::SavedCode).remark == Remark::CodeWrong);
    }
}

TEST_CASE("a recovery that was cut off is resumed in another connection") {
    VerifierHouse house;
    house.enrol_email();
    std::string resume_code;
    {
        VerifierProcess verifier{house.files, "--login"};
        Talk talk{verifier};
        auto hello = house.hello(Surface::Console, 2);
        hello.has_saved_codes = true;
        talk.say(hello);
        talk.choose(talk.expect_screen(ScreenKind::Menu), "email");
        (void)talk.expect_screen(ScreenKind::Code);
        talk.answer(house.delivered_code());
        (void)talk.expect<wire::Proof>();
        resume_code = talk.expect_screen(ScreenKind::Menu).resume_code;
        verifier.hang_up();
        CHECK(verifier.ended() == 0);
    }
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    auto hello = house.hello(Surface::Console, 2);
    hello.has_saved_codes = true;
    hello.resume_code = resume_code;
    talk.say(hello);
    talk.choose(talk.expect_screen(ScreenKind::Menu), "saved");
    (void)talk.expect_screen(ScreenKind::SavedCode);
    talk.answer("ABCD-EFGH-JKLM-NPQR");
    (void)talk.expect<wire::CheckSavedCode>();
    talk.say(wire::SavedCodeJudged{true});
    CHECK(talk.expect<wire::Proof>().possession == "saved");
    talk.tell_changes();
    CHECK(talk.expect<wire::Perform>().act == Act::ChangePassword);
    talk.say(wire::Acted{ActResult::Done});
    CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Recovered);
    CHECK(has(house.audit_events(), "delivery"));
}

TEST_CASE("a name that is no account gets the same screens, and nothing is ever sent") {
    VerifierHouse house;
    house.enrol_email();
    house.subject = "#0042";
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    auto hello = house.hello(Surface::Remote, 2);
    hello.deliverable = false;
    hello.account_name.clear();
    talk.say(hello);
    (void)talk.expect_screen(ScreenKind::AddressOrSavedCode);
    talk.answer("ada.lovelace@example.org");
    (void)talk.expect_screen(ScreenKind::RemoteCode);
    CHECK(talk.queued == 1);
    CHECK(house.deliver().empty());
    talk.answer("12345678");
    (void)talk.expect_screen(ScreenKind::RemoteCode);
}

TEST_CASE("an act that failed may be asked for again, and its end is told") {
    VerifierHouse house;
    VerifierProcess verifier{house.files, "--login"};
    Talk talk{verifier};
    auto hello = house.hello(Surface::Console, 1);
    hello.has_saved_codes = true;
    talk.say(hello);
    talk.choose(talk.expect_screen(ScreenKind::Menu), "saved");
    (void)talk.expect_screen(ScreenKind::SavedCode);
    talk.answer("ABCD-EFGH-JKLM-NPQR");
    (void)talk.expect<wire::CheckSavedCode>();
    talk.say(wire::SavedCodeJudged{true});
    (void)talk.expect<wire::Proof>();
    talk.tell_changes();
    (void)talk.expect<wire::Perform>();
    talk.say(wire::Acted{ActResult::NotEligible});
    CHECK(talk.expect<wire::RecoveryFinish>().outcome == Outcome::Refused);
    CHECK(verifier.ended() == 0);
}
