// SPDX-License-Identifier: MIT
//
// The flow's table for the human check, on both surfaces.
#include "core/recovery_flow.hpp"
#include "tests/support/flow_driver.hpp"

using namespace latchkey;

namespace {

FlowSetup with_checks(FlowSetup setup) {
    setup.human_checks = {"CFHKM", "NPRTW", "XY347", "9CFHK"};
    return setup;
}

bool asks_first_question(const FlowDriver& driver, const FlowSetup& setup) {
    return driver.asks(setup.surface == Surface::Console ? ScreenKind::Menu
                                                         : ScreenKind::AddressOrSavedCode);
}

// Over ssh it says that a mistake is not told; at a console it tells.
bool asks_human_check(const FlowDriver& driver, const FlowSetup& setup) {
    return driver.asks(ScreenKind::HumanCheck,
                       setup.surface == Surface::Remote ? Remark::MistakeIsNotTold : Remark::None);
}

}  // namespace

TEST_CASE("a human check stands before the first question, as a picture", "[flow][human]") {
    const FlowSetup setup = with_checks(GENERATE(console_setup(), remote_setup()));
    FlowDriver driver{setup};

    driver.started();
    CHECK(asks_human_check(driver, setup));
    CHECK(driver.screen().signs == "CFHKM");
    CHECK_FALSE(driver.screen().in_words);

    driver.answered("cfhkm");
    CHECK(driver.as<flow::CheckHuman>().signs == "CFHKM");
    CHECK(driver.as<flow::CheckHuman>().text.reveal() == "cfhkm");
    driver.on(flow::HumanChecked{true});
    CHECK(asks_first_question(driver, setup));
}

TEST_CASE("one character, whatever it is, changes between picture and words, of other signs",
          "[flow][human]") {
    const FlowSetup setup = with_checks(GENERATE(console_setup(), remote_setup()));
    FlowDriver driver{setup};
    const std::string letter = GENERATE("w", "7", " ");
    driver.started();
    bool in_words = false;
    for (const char* signs : {"NPRTW", "XY347", "9CFHK"}) {
        driver.answered(letter);
        in_words = !in_words;
        REQUIRE(asks_human_check(driver, setup));
        CHECK(driver.screen().signs == signs);
        CHECK(driver.screen().in_words == in_words);
    }
    SECTION("the signs shown last are judged") {
        driver.answered("9cfhk");
        CHECK(driver.as<flow::CheckHuman>().signs == "9CFHK");
    }
    SECTION("none is shown twice") {
        driver.answered(letter);
        CHECK(driver.finished(Outcome::Refused));
    }
}

TEST_CASE("an empty answer to the human check goes back", "[flow][human]") {
    FlowDriver driver{with_checks(GENERATE(console_setup(), remote_setup()))};
    driver.started().answered("");
    CHECK(driver.finished(Outcome::Back));
}

TEST_CASE("remotely a wrong answer to the human check goes on like a right one", "[flow][human]") {
    const FlowSetup setup = with_checks(remote_setup());
    FlowDriver driver{setup};
    driver.started().answered("wrong").on(flow::HumanChecked{GENERATE(false, true)});
    CHECK(asks_first_question(driver, setup));
}

TEST_CASE("at a console the third wrong answer ends the recovery", "[flow][human]") {
    FlowDriver driver{with_checks(console_setup())};
    driver.started();
    for (int wrong = 1; wrong < 3; ++wrong) {
        driver.answered("wrong").on(flow::HumanChecked{false});
        REQUIRE(driver.asks(ScreenKind::HumanCheck, Remark::CodeWrong));
    }
    driver.answered("wrong").on(flow::HumanChecked{false});
    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("at a console a wrong answer is asked again, in the form that was chosen",
          "[flow][human]") {
    FlowDriver driver{with_checks(console_setup())};
    driver.started().answered("w").answered("wrong").on(flow::HumanChecked{false});
    CHECK(driver.asks(ScreenKind::HumanCheck, Remark::CodeWrong));
    CHECK(driver.screen().in_words);
    CHECK(driver.screen().signs == "XY347");
    driver.answered("xy347").on(flow::HumanChecked{true});
    CHECK(driver.asks(ScreenKind::Menu));
}

TEST_CASE("the human check cannot be skipped, nor answered twice", "[flow][human]") {
    FlowDriver driver{with_checks(GENERATE(console_setup(), remote_setup()))};
    driver.started();
    SECTION("a verdict without an answer") {
        driver.on(flow::HumanChecked{true});
    }
    SECTION("an answer while it is judged") {
        driver.answered("cfhkm").answered("1");
    }
    SECTION("another verdict in its place") {
        driver.answered("cfhkm").judged(flow::Judgement::Right);
    }
    SECTION("a second verdict") {
        driver.answered("cfhkm").on(flow::HumanChecked{true}).on(flow::HumanChecked{true});
    }
    CHECK(driver.finished(Outcome::Refused));
}

TEST_CASE("who resumes a recovery has proven something and is not checked again", "[flow][human]") {
    FlowDriver driver{with_checks(remote_setup())};
    driver.resumed({"email:example.org"});
    CHECK(driver.asks(ScreenKind::Menu));
}

TEST_CASE("what the human check takes is taken from the answers a connection may have judged",
          "[flow][human]") {
    const auto judged_with = [](FlowSetup setup) {
        FlowDriver driver{std::move(setup)};
        driver.started();
        int judged = 0;
        while (driver.is<flow::Ask>()) {
            driver.answered("12345678");
            if (driver.is<flow::Finish>()) break;
            ++judged;
            if (driver.is<flow::CheckHuman>())
                driver.on(flow::HumanChecked{true});
            else if (driver.is<flow::Select>())
                driver.selected(Method{}).queued();
            else
                driver.judged(flow::Judgement::Wrong);
        }
        CHECK(driver.finished(Outcome::Refused));
        return judged;
    };
    CHECK(judged_with(with_checks(remote_setup())) == judged_with(remote_setup()));
}
