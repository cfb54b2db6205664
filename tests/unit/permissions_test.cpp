// SPDX-License-Identifier: MIT
#include "monitor/permissions.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using latchkey::ConnectionRecord;
using latchkey::ScreenKind;

namespace {

constexpr bool kOrdinary = false;
constexpr bool kPrivileged = true;

std::vector<ScreenKind> every_screen() {
    std::vector<ScreenKind> kinds;
    for (int kind = 0; kind <= static_cast<int>(ScreenKind::Approval); ++kind)
        kinds.push_back(static_cast<ScreenKind>(kind));
    return kinds;
}

}  // namespace

TEST_CASE("no act is permitted before anything was relayed") {
    CHECK_FALSE(ConnectionRecord{kOrdinary}.may_act());
    CHECK_FALSE(ConnectionRecord{kPrivileged}.may_act());
}

TEST_CASE("a proof is accepted only after a code was answered") {
    for (const ScreenKind kind : every_screen()) {
        ConnectionRecord record{kOrdinary};
        record.answered(kind, /*empty=*/false);
        const bool asks_for_code = kind == ScreenKind::Code || kind == ScreenKind::RemoteCode ||
                                   kind == ScreenKind::OtpCode;
        CHECK(record.accept_proof("email:example.org") == asks_for_code);
        CHECK(record.may_act() == asks_for_code);
    }
}

TEST_CASE("an empty answer proves nothing") {
    for (const ScreenKind kind : every_screen()) {
        ConnectionRecord record{kOrdinary};
        record.answered(kind, /*empty=*/true);
        CHECK_FALSE(record.accept_proof("app"));
        CHECK_FALSE(record.may_check_saved_code());
    }
}

TEST_CASE("one answer opens one gate") {
    ConnectionRecord record{kOrdinary};
    record.answered(ScreenKind::Code, false);
    CHECK(record.accept_proof("email:example.org"));
    CHECK_FALSE(record.accept_proof("app"));
}

TEST_CASE("a saved code is compared once per answer and only where it may be typed") {
    for (const ScreenKind kind : every_screen()) {
        ConnectionRecord record{kOrdinary};
        record.answered(kind, false);
        const bool typed_here =
            kind == ScreenKind::SavedCode || kind == ScreenKind::AddressOrSavedCode;
        CHECK(record.may_check_saved_code() == typed_here);
        CHECK_FALSE(record.may_check_saved_code());
    }
}

TEST_CASE("a step is spent once for each OTP that was typed, and for nothing else") {
    for (const ScreenKind kind : every_screen()) {
        ConnectionRecord record{kOrdinary};
        CHECK_FALSE(record.may_spend_step());
        record.answered(kind, true);
        CHECK_FALSE(record.may_spend_step());
        record.answered(kind, false);
        CHECK(record.may_spend_step() == (kind == ScreenKind::OtpCode));
        CHECK_FALSE(record.may_spend_step());
    }
}

TEST_CASE("the gate of saved codes opens only if the monitor found one right") {
    ConnectionRecord record{kOrdinary};
    record.answered(ScreenKind::SavedCode, false);
    record.saved_code_was(false);
    CHECK_FALSE(record.accept_proof("saved"));
    record.answered(ScreenKind::Code, false);
    CHECK_FALSE(record.accept_proof("saved"));
    record.saved_code_was(true);
    CHECK(record.accept_proof("saved"));
    CHECK(record.may_act());
}

TEST_CASE("an account that can become root needs a saved code and another proof") {
    ConnectionRecord record{kPrivileged};
    record.answered(ScreenKind::Code, false);
    REQUIRE(record.accept_proof("email:example.org"));
    CHECK_FALSE(record.may_act());
    record.answered(ScreenKind::OtpCode, false);
    REQUIRE(record.accept_proof("app"));
    CHECK_FALSE(record.may_act());
    record.saved_code_was(true);
    REQUIRE(record.accept_proof("saved"));
    CHECK(record.may_act());
}

TEST_CASE("a saved code alone does not open an account that can become root") {
    ConnectionRecord record{kPrivileged};
    record.saved_code_was(true);
    REQUIRE(record.accept_proof("saved"));
    CHECK_FALSE(record.may_act());
}

TEST_CASE("the gate of a temporary pass opens only if the monitor found one right") {
    ConnectionRecord record{kOrdinary};
    record.answered(ScreenKind::SavedCode, false);
    record.pass_was(false);
    CHECK_FALSE(record.accept_proof("pass"));
    record.answered(ScreenKind::Code, false);
    CHECK_FALSE(record.accept_proof("pass"));
    record.saved_code_was(true);
    CHECK_FALSE(record.accept_proof("pass"));
    record.pass_was(true);
    CHECK(record.accept_proof("pass"));
    CHECK(record.may_act());
}

TEST_CASE("a right pass is no saved code, whatever a verifier calls it") {
    ConnectionRecord record{kPrivileged};
    record.answered(ScreenKind::SavedCode, false);
    record.pass_was(true);
    CHECK_FALSE(record.accept_proof("saved"));
    REQUIRE(record.accept_proof("pass"));
    CHECK_FALSE(record.may_act());
}

TEST_CASE("a pass opens no account that can become root unless a saved code stands beside it") {
    // Every set of the other proofs: with a saved code two are there, and without one never.
    for (unsigned set = 0; set < 8; ++set) {
        ConnectionRecord record{kPrivileged};
        record.pass_was(true);
        REQUIRE(record.accept_proof("pass"));
        if ((set & 1U) != 0) {
            record.answered(ScreenKind::Code, false);
            REQUIRE(record.accept_proof("email:example.org"));
        }
        if ((set & 2U) != 0) {
            record.answered(ScreenKind::OtpCode, false);
            REQUIRE(record.accept_proof("app"));
        }
        const bool has_saved_code = (set & 4U) != 0;
        if (has_saved_code) {
            record.saved_code_was(true);
            REQUIRE(record.accept_proof("saved"));
        }
        CAPTURE(set);
        CHECK(record.may_act() == has_saved_code);
    }
}

namespace {

// The device was asked, and the claimant pressed Enter on its screen.
void ask_device(ConnectionRecord& record) {
    record.device_asked();
    record.answered(ScreenKind::Approval, /*empty=*/true);
}

}  // namespace

TEST_CASE("an approval proves something behind another proof, or in a resumed recovery") {
    ConnectionRecord fresh{kOrdinary};
    ask_device(fresh);
    CHECK_FALSE(fresh.accept_proof("app"));

    ConnectionRecord second{kOrdinary};
    second.answered(ScreenKind::Code, false);
    CHECK(second.accept_proof("email:example.org"));
    ask_device(second);
    CHECK(second.accept_proof("app"));
    CHECK_FALSE(second.accept_proof("another"));

    ConnectionRecord resumed{kOrdinary, /*resumes=*/true};
    ask_device(resumed);
    CHECK(resumed.accept_proof("app"));
}

TEST_CASE("an approval for which no device was asked, or no screen answered, proves nothing") {
    ConnectionRecord unasked{kOrdinary, true};
    unasked.answered(ScreenKind::Approval, true);
    CHECK_FALSE(unasked.accept_proof("app"));

    ConnectionRecord unanswered{kOrdinary, true};
    unanswered.device_asked();
    CHECK_FALSE(unanswered.accept_proof("app"));
}

TEST_CASE("no device is asked for an account that can become root") {
    ConnectionRecord record{kPrivileged, true};
    CHECK_FALSE(record.may_ask_device());
    ask_device(record);
    CHECK_FALSE(record.accept_proof("app"));
}

TEST_CASE("a veto is heard once for each answer that may be one, and of who came with a code") {
    ConnectionRecord record{kOrdinary};
    CHECK_FALSE(record.may_hear_veto());
    record.answered(ScreenKind::Menu, /*empty=*/false);
    CHECK(record.may_hear_veto());
    CHECK_FALSE(record.may_hear_veto());
    record.answered(ScreenKind::AddressOrSavedCode, false);
    CHECK(record.may_hear_veto());
    for (const ScreenKind kind : {ScreenKind::Code, ScreenKind::SavedCode, ScreenKind::OtpCode,
                                  ScreenKind::HumanCheck, ScreenKind::FullAddress}) {
        record.answered(kind, false);
        CHECK_FALSE(record.may_hear_veto());
    }
    record.answered(ScreenKind::Menu, /*empty=*/true);
    CHECK_FALSE(record.may_hear_veto());

    ConnectionRecord resumed{kOrdinary, /*resumes=*/true};
    CHECK(resumed.may_hear_veto());
    CHECK_FALSE(resumed.may_hear_veto());
    CHECK_FALSE(resumed.has_proof());
    CHECK_FALSE(resumed.may_act());
}
