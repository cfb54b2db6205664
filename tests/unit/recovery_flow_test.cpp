// SPDX-License-Identifier: MIT
//
// The flow's table at a console, row by row.
#include "core/recovery_flow.hpp"

#include "tests/support/flow_driver.hpp"

using namespace latchkey;
using flow::Judgement;
using Names = std::vector<std::string>;

namespace {

FlowDriver at_console(std::uint32_t gates = 1) {
    return FlowDriver{console_setup(gates)};
}
// E-mail was chosen and its code was asked for.
FlowDriver waiting_for_email_code(std::uint32_t gates = 1) {
    FlowDriver driver = at_console(gates);
    driver.started().answered("1").queued();
    return driver;
}
FlowDriver with_text_message() {
    FlowSetup setup = console_setup();
    setup.methods.push_back(text_method());
    return FlowDriver{setup};
}

}  // namespace

TEST_CASE("a recovery at a console begins with the menu of the account's methods", "[flow]") {
    FlowDriver driver = at_console();

    driver.started();

    CHECK(driver.asks(ScreenKind::Menu));
    CHECK(driver.offered() == Names{"email", "totp", "saved"});
    CHECK(driver.screen().items[0].masked_destination == "a...e at e....org");
    CHECK_FALSE(driver.screen().has_more);
}

TEST_CASE("an e-mail address is sent to as soon as it is chosen", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered(" 1 ");

    CHECK(driver.as<flow::Send>().method.contact_id == 1);
}

TEST_CASE("a telephone number must be typed before anything is sent", "[flow]") {
    FlowDriver driver = with_text_message();

    driver.started().answered("4");
    CHECK(driver.asks(ScreenKind::FullAddress));
    CHECK(driver.screen().method == "text");

    driver.answered("+49 30 123456");
    CHECK(driver.as<flow::Select>().text.reveal() == "+49 30 123456");
    CHECK(driver.as<flow::Select>().method->contact_id == 9);

    driver.selected(text_method());
    CHECK(driver.as<flow::Send>().method.contact_id == 9);

    driver.queued();
    CHECK(driver.asks(ScreenKind::Code));
    CHECK(driver.screen().method == "text");
    CHECK(driver.screen().minutes == 5);
}

TEST_CASE("a mistyped number takes the same path to nobody", "[flow]") {
    FlowDriver driver = with_text_message();

    driver.started().answered("4").answered("+49 30 000000");
    driver.selected({"-", MethodKind::Delivery, "-", "", 0});
    CHECK(driver.as<flow::Send>().method.contact_id == 0);

    driver.queued();
    CHECK(driver.asks(ScreenKind::Code));
    CHECK(driver.screen().method == "text");
}

TEST_CASE("an app is asked without sending", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered("2");
    CHECK(driver.asks(ScreenKind::OtpCode));
    CHECK(driver.screen().method == "totp");

    driver.answered("123456");
    CHECK(driver.as<flow::Judge>().method.name == "totp");
    CHECK(driver.as<flow::Judge>().text.reveal() == "123456");
}

TEST_CASE("a saved code is asked without sending", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered("3");
    CHECK(driver.asks(ScreenKind::SavedCode));

    driver.answered("ABCD-EFGH-JKLM-NPQR");
    CHECK(driver.as<flow::Judge>().method.possession == "saved");
}

TEST_CASE("the last choice tells whom to ask, and any answer ends it", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered("4");
    CHECK(driver.asks(ScreenKind::WhomToAsk));

    driver.answered(GENERATE("", "4", "anything"));
    CHECK(driver.finished(Outcome::WhomToAsk));
}

TEST_CASE("an answer that is no choice asks again and costs nothing", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered(
        GENERATE("0", "5", "-1", "1x", "99999999999999999999", "x", "1 1", "0x1"));

    CHECK(driver.asks(ScreenKind::Menu, Remark::ChooseFromList));
}

TEST_CASE("the first e-mailed code that is right changes the password", "[flow]") {
    FlowDriver driver = waiting_for_email_code();
    CHECK(driver.asks(ScreenKind::Code));
    CHECK(driver.screen().minutes == 10);

    driver.answered("1234 5678");
    CHECK(driver.as<flow::Judge>().text.reveal() == "1234 5678");

    driver.judged(Judgement::Right);
    CHECK(driver.as<flow::Perform>().act == Act::ChangePassword);

    driver.acted(ActResult::Done);
    CHECK(driver.finished(Outcome::Recovered));
}

TEST_CASE("who knows the password gets the lockout cleared", "[flow]") {
    FlowSetup setup = console_setup();
    setup.reason = Reason::KnowsPassword;
    FlowDriver driver{setup};

    driver.started().answered("1").queued().answered("12345678").judged(Judgement::Right);
    CHECK(driver.as<flow::Perform>().act == Act::ClearLockout);

    driver.acted(ActResult::Done);
    CHECK(driver.finished(Outcome::Unlocked));
}

TEST_CASE("r sends again and says so", "[flow]") {
    FlowDriver driver = waiting_for_email_code();

    driver.answered(GENERATE("r", "R", " r"));
    CHECK(driver.as<flow::Send>().method.name == "email");

    driver.queued();
    CHECK(driver.asks(ScreenKind::Code, Remark::SentAgain));
}

TEST_CASE("r has nothing to send for an app or a saved code", "[flow]") {
    FlowDriver driver = at_console();
    const auto [choice, kind] =
        GENERATE(std::pair{"2", ScreenKind::OtpCode}, std::pair{"3", ScreenKind::SavedCode});

    driver.started().answered(choice).answered("r");

    CHECK(driver.asks(kind));
}

TEST_CASE("m and an empty answer go back to the menu", "[flow]") {
    const std::string choice = GENERATE("1", "2", "3");
    FlowDriver driver = at_console();
    driver.started().answered(choice);
    if (choice == "1") driver.queued();

    driver.answered(GENERATE("m", "M", "", "  "));

    CHECK(driver.asks(ScreenKind::Menu));
    CHECK(driver.offered().size() == 3);
}

TEST_CASE("an empty answer to the full address goes back to the menu", "[flow]") {
    FlowDriver driver = with_text_message();

    driver.started().answered("4").answered("");

    CHECK(driver.asks(ScreenKind::Menu));
}

TEST_CASE("an empty answer to the first question steps out", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered("");

    CHECK(driver.finished(Outcome::Back));
}

TEST_CASE("a wrong code is asked for again", "[flow]") {
    FlowDriver driver = waiting_for_email_code();

    driver.answered("1").judged(Judgement::Wrong);
    CHECK(driver.asks(ScreenKind::Code, Remark::CodeWrong));

    driver.answered("2").judged(Judgement::Expired);
    CHECK(driver.asks(ScreenKind::Code, Remark::CodeExpired));
}

TEST_CASE("a used-up code closes its method", "[flow]") {
    FlowDriver driver = waiting_for_email_code();

    for (int entry = 0; entry < 5; ++entry) driver.answered("1").judged(Judgement::Exhausted);

    CHECK(driver.asks(ScreenKind::Menu, Remark::CodeUsedUp));
    CHECK(driver.offered() == Names{"totp", "saved"});
}

TEST_CASE("the last method that is used up ends the recovery", "[flow]") {
    FlowSetup setup = console_setup();
    setup.methods = {email_method()};
    FlowDriver driver{setup};

    driver.started().answered("1").queued();
    for (int entry = 0; entry < 5; ++entry) driver.answered("1").judged(Judgement::Exhausted);

    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("before a proof, reached limits look like wrong entries to the last one", "[flow]") {
    const auto refusal = GENERATE(Judgement::Limited, Judgement::Exhausted);
    FlowDriver limited = waiting_for_email_code();
    FlowDriver wrong = waiting_for_email_code();

    for (int entry = 1; entry <= 5; ++entry) {
        limited.answered("1").judged(refusal);
        wrong.answered("1").judged(Judgement::Wrong);
        const bool last = entry == 5;
        const auto kind = last ? ScreenKind::Menu : ScreenKind::Code;
        const auto remark = last ? Remark::CodeUsedUp : Remark::CodeWrong;
        CHECK(limited.asks(kind, remark));
        CHECK(wrong.asks(kind, remark));
    }
}

TEST_CASE("after a proof, reached limits are told at once", "[flow]") {
    FlowDriver driver = waiting_for_email_code(2);
    driver.answered("1").judged(Judgement::Right).answered("1");
    REQUIRE(driver.asks(ScreenKind::OtpCode));

    driver.answered("1").judged(Judgement::Limited);

    CHECK(driver.asks(ScreenKind::Menu, Remark::CodeUsedUp));
    CHECK(driver.offered() == Names{"saved"});
}

TEST_CASE("saved codes are never closed", "[flow]") {
    FlowDriver driver = at_console();
    driver.started().answered("3");

    for (int entry = 0; entry < 20; ++entry) {
        driver.answered("ABCD").judged(entry % 2 == 0 ? Judgement::Wrong : Judgement::Limited);
        CHECK(driver.asks(ScreenKind::SavedCode, Remark::CodeWrong));
    }
}

TEST_CASE("a method that does not work stays in the menu and is told", "[flow]") {
    FlowDriver driver = at_console();

    driver.started().answered("2").answered("1").judged(Judgement::NotWorking);

    CHECK(driver.asks(ScreenKind::Menu, Remark::MethodNotWorking));
    CHECK(driver.offered().size() == 3);
}

TEST_CASE("a right code with gates left shows the resume code once", "[flow]") {
    FlowDriver driver = waiting_for_email_code(2);

    driver.answered("1").judged(Judgement::Right);
    CHECK(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.screen().resume_code == "BCDF-GHJK");
    CHECK(driver.offered() == Names{"totp", "saved"});

    driver.answered("1");
    CHECK(driver.asks(ScreenKind::OtpCode));
    CHECK(driver.screen().resume_code.empty());

    driver.answered("1").judged(Judgement::Right);
    CHECK(driver.is<flow::Perform>());
}

TEST_CASE("a possession opens one gate only", "[flow]") {
    FlowSetup setup = console_setup(2);
    setup.methods = {email_method(1), email_method(2), email_method(3, "example.net")};
    FlowDriver driver{setup};

    driver.started().answered("1").queued().answered("1").judged(Judgement::Right);

    REQUIRE(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.offered().size() == 1);
    driver.answered("1");
    CHECK(driver.as<flow::Send>().method.contact_id == 3);
}

TEST_CASE("who has too few ways is told after the first proof", "[flow]") {
    FlowSetup setup = console_setup(2);
    setup.methods = {email_method(1), email_method(2)};
    FlowDriver driver{setup};

    driver.started().answered("1").queued().answered("1").judged(Judgement::Right);
    CHECK(driver.asks(ScreenKind::WhomToAsk, Remark::TooFewWays));
    CHECK(driver.screen().resume_code.empty());

    driver.answered("");
    CHECK(driver.finished(Outcome::WhomToAsk));
}

TEST_CASE("acts end as their results say", "[flow]") {
    const auto [result, outcome] =
        GENERATE(std::pair{ActResult::Done, Outcome::Recovered},
                 std::pair{ActResult::NothingWasLocked, Outcome::NothingWasLocked},
                 std::pair{ActResult::RefusedByPolicy, Outcome::Refused},
                 std::pair{ActResult::NotEligible, Outcome::Refused},
                 std::pair{ActResult::InPart, Outcome::Refused},
                 std::pair{ActResult::LedgerFull, Outcome::Refused});
    FlowDriver driver = waiting_for_email_code();

    driver.answered("1").judged(Judgement::Right).acted(result);

    CHECK(driver.finished(outcome));
}

TEST_CASE("a lockout held by the administrator is told before the end", "[flow]") {
    FlowDriver driver = waiting_for_email_code();

    driver.answered("1").judged(Judgement::Right).acted(ActResult::HeldByAdministrator);
    CHECK(driver.asks(ScreenKind::WhomToAsk));

    driver.answered("");
    CHECK(driver.finished(Outcome::WhomToAsk));
}

TEST_CASE("an act that failed is tried three times in all", "[flow]") {
    FlowDriver driver = waiting_for_email_code();
    driver.answered("1").judged(Judgement::Right);

    driver.acted(ActResult::Failed);
    CHECK(driver.is<flow::Perform>());
    driver.acted(ActResult::Failed);
    CHECK(driver.is<flow::Perform>());
    driver.acted(ActResult::Failed);
    CHECK(driver.finished(Outcome::Refused));
}
