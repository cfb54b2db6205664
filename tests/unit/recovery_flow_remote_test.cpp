// SPDX-License-Identifier: MIT
//
// The flow's table over a remote service, resuming, long menus, and what no
// state expects.
#include "core/recovery_flow.hpp"
#include "tests/support/flow_driver.hpp"

using namespace latchkey;
using flow::Judgement;
using Names = std::vector<std::string>;

namespace {

const Method kNobodys{"-", MethodKind::Delivery, "-", "", 0};

// An address was typed, and a code may have been sent to it.
FlowDriver waiting_for_remote_code(const Method& method = email_method()) {
    FlowDriver driver{remote_setup()};
    driver.started().answered("ada@example.org").selected(method).queued();
    return driver;
}

}  // namespace

TEST_CASE("a remote recovery begins with one prompt that is the same for everybody",
          "[flow][remote]") {
    FlowDriver driver{remote_setup()};

    driver.started();

    CHECK(driver.asks(ScreenKind::AddressOrSavedCode));
    CHECK(driver.screen().items.empty());
    CHECK(driver.screen().method.empty());
}

TEST_CASE("remotely an empty first answer steps out", "[flow][remote]") {
    FlowDriver driver{remote_setup()};

    driver.started().answered("");

    CHECK(driver.finished(Outcome::Back));
}

TEST_CASE("remotely any other first answer is looked up and leads to the code", "[flow][remote]") {
    const std::string answer = GENERATE("1", " ", "m", "ada@example.org", "ABCD-EFGH-JKLM-NPQR");
    const Method target = GENERATE(email_method(), kNobodys);
    FlowDriver driver{remote_setup()};

    driver.started().answered(answer);
    CHECK(driver.as<flow::Select>().text.reveal() == answer);
    CHECK_FALSE(driver.as<flow::Select>().method.has_value());

    driver.selected(target);
    CHECK(driver.as<flow::Send>().method.contact_id == target.contact_id);

    driver.queued();
    CHECK(driver.asks(ScreenKind::RemoteCode));
    CHECK(driver.screen().minutes == 5);
    CHECK(driver.screen().method.empty());
}

TEST_CASE("remotely a right saved code leads on in person", "[flow][remote]") {
    FlowDriver driver{remote_setup()};

    driver.started().answered("ABCD-EFGH-JKLM-NPQR").judged(Judgement::Right);

    CHECK(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.screen().resume_code == "BCDF-GHJK");
    CHECK(driver.offered() == Names{"email", "totp"});
}

TEST_CASE("remotely one character sends again, whatever it is", "[flow][remote]") {
    FlowDriver driver = waiting_for_remote_code();

    driver.answered(GENERATE("r", "m", "7", " ", "\b"));
    CHECK(driver.is<flow::Send>());

    driver.queued();
    CHECK(driver.asks(ScreenKind::RemoteCode, Remark::SentAgain));
}

TEST_CASE("remotely two characters are a code", "[flow][remote]") {
    FlowDriver driver = waiting_for_remote_code();

    driver.answered(GENERATE("rr", "  ", "12"));

    CHECK(driver.is<flow::Judge>());
}

TEST_CASE("remotely an empty answer to the code asks for the address again", "[flow][remote]") {
    FlowDriver driver = waiting_for_remote_code();

    driver.answered("");

    CHECK(driver.asks(ScreenKind::AddressOrSavedCode));
}

TEST_CASE("remotely every verdict but right looks the same, entry by entry", "[flow][remote]") {
    const auto verdict = GENERATE(Judgement::Wrong, Judgement::Expired, Judgement::Exhausted,
                                  Judgement::Limited, Judgement::NotWorking);
    FlowDriver driver = waiting_for_remote_code(GENERATE(email_method(), kNobodys));

    for (int entry = 1; entry < 5; ++entry) {
        driver.answered("12345678").judged(verdict);
        CHECK(driver.asks(ScreenKind::RemoteCode, Remark::CodeWrong));
    }
    driver.answered("12345678").judged(verdict);
    CHECK(driver.asks(ScreenKind::AddressOrSavedCode, Remark::CodeUsedUp));
}

TEST_CASE("two remote gates change the password, the second one in person", "[flow][remote]") {
    FlowDriver driver = waiting_for_remote_code();

    driver.answered("12345678").judged(Judgement::Right);
    REQUIRE(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.offered() == Names{"totp", "saved"});

    driver.answered("1");
    CHECK(driver.asks(ScreenKind::OtpCode));
    driver.answered("123456").judged(Judgement::Wrong);
    CHECK(driver.asks(ScreenKind::OtpCode, Remark::CodeWrong));
    driver.answered("m");
    CHECK(driver.asks(ScreenKind::Menu));
    driver.answered("1").answered("123456").judged(Judgement::Right);
    CHECK(driver.is<flow::Perform>());
}

TEST_CASE("an account with one way is told so remotely only after its proof", "[flow][remote]") {
    FlowSetup setup = remote_setup();
    setup.methods = {email_method()};
    FlowDriver driver{setup};
    driver.started();
    CHECK(driver.asks(ScreenKind::AddressOrSavedCode));

    driver.answered("ada@example.org").selected(email_method()).queued();
    CHECK(driver.asks(ScreenKind::RemoteCode));

    driver.answered("12345678").judged(Judgement::Right);
    CHECK(driver.asks(ScreenKind::WhomToAsk, Remark::TooFewWays));
}

TEST_CASE("an account that can become root is asked for a saved code last", "[flow][gates]") {
    FlowSetup setup = GENERATE(console_setup(2), remote_setup(2));
    setup.privileged = true;
    FlowDriver driver{setup};
    driver.started();
    if (setup.surface == Surface::Console)
        driver.answered("1").queued();
    else
        driver.answered("ada@example.org").selected(email_method()).queued();

    driver.answered("12345678").judged(Judgement::Right);

    REQUIRE(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.offered() == Names{"saved"});
    driver.answered("1").answered("ABCD-EFGH-JKLM-NPQR").judged(Judgement::Right);
    CHECK(driver.is<flow::Perform>());
}

TEST_CASE("an account that can become root and has no saved codes has too few ways",
          "[flow][gates]") {
    FlowSetup setup = console_setup(2);
    setup.privileged = true;
    setup.methods = {email_method(), app_method()};
    FlowDriver driver{setup};

    driver.started().answered("2").answered("123456").judged(Judgement::Right);

    CHECK(driver.asks(ScreenKind::WhomToAsk, Remark::TooFewWays));
}

TEST_CASE("a resumed recovery goes on with the gates that are left", "[flow][resume]") {
    FlowDriver driver{remote_setup()};

    driver.on(flow::ResumeAsked{});
    CHECK(driver.is<flow::Resume>());

    driver.on(flow::Resumed{true, Reason::KnowsPassword, 2, {"email:example.org"}});
    CHECK(driver.asks(ScreenKind::Menu));
    CHECK(driver.offered() == Names{"totp", "saved"});

    driver.answered("1").answered("123456").judged(Judgement::Right);
    CHECK(driver.as<flow::Perform>().act == Act::ClearLockout);
}

TEST_CASE("a recovery resumed with all gates open asks for one of them again", "[flow][resume]") {
    FlowDriver driver{remote_setup()};

    driver.resumed({"email:example.org", "saved"}, 2);
    CHECK(driver.asks(ScreenKind::Menu));
    CHECK(driver.offered() == Names{"email", "saved"});

    driver.answered("1").queued();
    CHECK(driver.asks(ScreenKind::Code));
    driver.answered("12345678").judged(Judgement::Right);
    CHECK(driver.is<flow::Perform>());
}

TEST_CASE("a resumed recovery of an account that can become root proves everything again",
          "[flow][resume]") {
    FlowSetup setup = remote_setup();
    setup.privileged = true;
    FlowDriver driver{setup};

    driver.resumed({"email:example.org", "saved"}, 2);
    CHECK(driver.offered() == Names{"email", "totp", "saved"});

    driver.answered("3").answered("ABCD-EFGH-JKLM-NPQR").judged(Judgement::Right);
    CHECK(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.offered() == Names{"email", "totp"});
}

TEST_CASE("an unknown resume code ends at once", "[flow][resume]") {
    FlowDriver driver{remote_setup()};

    driver.on(flow::ResumeAsked{}).on(flow::Resumed{});

    CHECK(driver.finished(Outcome::ResumeUnknown));
}

TEST_CASE("a recovery without a proof cannot be resumed", "[flow][resume]") {
    FlowDriver driver{remote_setup()};

    driver.resumed({});

    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("resuming never lowers the number of gates", "[flow][resume]") {
    FlowDriver driver{remote_setup(3)};

    driver.resumed({"email:example.org"}, 1);
    driver.answered("1").answered("123456").judged(Judgement::Right);

    CHECK(driver.asks(ScreenKind::Menu, Remark::OneMoreProof));
    CHECK(driver.offered() == Names{"saved"});
}

TEST_CASE("a long menu is paged and numbered on each page from one", "[flow][menu]") {
    FlowSetup setup = console_setup();
    setup.methods.clear();
    for (int i = 1; i <= 7; ++i)
        setup.methods.push_back(email_method(i, "example" + std::to_string(i) + ".org"));
    FlowDriver driver{setup};

    driver.started();
    CHECK(driver.offered().size() == kMenuPageSize);
    CHECK(driver.screen().has_more);

    driver.answered("6");
    CHECK(driver.offered().size() == 2);
    CHECK_FALSE(driver.screen().has_more);

    SECTION("its numbers choose from the page") {
        driver.answered("2");
        CHECK(driver.as<flow::Send>().method.contact_id == 7);
    }
    SECTION("its last number is the last choice") {
        driver.answered("3");
        CHECK(driver.asks(ScreenKind::WhomToAsk));
    }
    SECTION("an empty answer goes one page back") {
        driver.answered("");
        CHECK(driver.offered().size() == kMenuPageSize);
        driver.answered("");
        CHECK(driver.finished(Outcome::Back));
    }
    SECTION("no other number is one") {
        driver.answered("4");
        CHECK(driver.asks(ScreenKind::Menu, Remark::ChooseFromList));
        CHECK(driver.offered().size() == 2);
    }
}

TEST_CASE("the claimant may leave in any state", "[flow][refusal]") {
    FlowDriver driver =
        GENERATE(false, true) ? waiting_for_remote_code() : FlowDriver{console_setup()};

    driver.on(flow::PersonLeft{});

    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("an event that no state expects is a refusal for good", "[flow][refusal]") {
    FlowDriver driver{console_setup()};

    SECTION("acting before it began") {
        driver.acted(ActResult::Done);
    }
    SECTION("a verdict in the menu") {
        driver.started().judged(Judgement::Right);
    }
    SECTION("a verdict while sending") {
        driver.started().answered("1").judged(Judgement::Right);
    }
    SECTION("a second start") {
        driver.started().started();
    }
    SECTION("resuming in the middle") {
        driver.started().on(flow::ResumeAsked{});
    }
    SECTION("gates from nowhere") {
        driver.started().on(flow::Resumed{true, Reason::ForgotPassword, 1, {"app"}});
    }
    SECTION("a saved code found right that nobody typed") {
        FlowSetup setup = console_setup();
        setup.methods.push_back(text_method());
        driver = FlowDriver{setup};
        driver.started().answered("4").answered("+49").judged(Judgement::Right);
    }
    SECTION("a selection nobody asked for") {
        driver.started().selected(email_method());
    }
    SECTION("an answer while judging") {
        driver.started().answered("2").answered("1").answered("1");
    }

    CHECK(driver.finished(Outcome::Refused));
    driver.started();
    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("a connection has a budget, and it is everybody's", "[flow][refusal]") {
    FlowDriver driver{remote_setup()};
    driver.started();
    std::uint32_t asked = 1;
    std::uint32_t sent = 0;
    for (int i = 0; i < 1000 && !driver.is<flow::Finish>(); ++i) {
        driver.answered("x").selected(kNobodys);
        if (!driver.is<flow::Send>()) break;
        ++sent;
        driver.queued().answered("");
        asked += 2;
    }
    CHECK(driver.finished(Outcome::Refused));
    CHECK(sent <= flow::kMaxSends);
    CHECK(asked <= flow::kMaxQuestions + 2);
}

TEST_CASE("a connection judges so many answers and not one more", "[flow][refusal]") {
    FlowDriver driver{console_setup()};
    driver.started().answered("3");
    for (std::uint32_t i = 0; i < flow::kMaxJudged; ++i) {
        driver.answered("ABCD-EFGH-JKLM-NPQR");
        REQUIRE(driver.is<flow::Judge>());
        driver.judged(Judgement::Wrong);
    }

    driver.answered("ABCD-EFGH-JKLM-NPQR");

    CHECK(driver.finished(Outcome::Refused));
}
