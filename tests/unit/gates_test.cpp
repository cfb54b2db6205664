// SPDX-License-Identifier: MIT
#include "core/gates.hpp"

#include "tests/support/catch.hpp"

using namespace latchkey;

namespace {

Method method(const std::string& possession) {
    return {possession, MethodKind::Delivery, possession, "", 0};
}

}  // namespace

TEST_CASE("a gate that is open twice counts once", "[gates]") {
    Gates gates{2, false};

    gates.open("app");
    gates.open("app");

    CHECK(gates.left() == 1);
    CHECK_FALSE(gates.is_complete());
    CHECK_FALSE(gates.may_open(method("app")));
    CHECK(gates.may_open(method("saved")));
}

TEST_CASE("gates of an earlier connection are not enough without one of this", "[gates]") {
    Gates gates{1, false};

    gates.resume(1, {"app"});
    CHECK(gates.left() == 0);
    CHECK_FALSE(gates.is_complete());
    CHECK(gates.may_open(method("app")));
    CHECK_FALSE(gates.may_open(method("saved")));

    gates.open("app");
    CHECK(gates.is_complete());
}

TEST_CASE("a privileged account needs two gates and a saved code whatever is asked for",
          "[gates]") {
    Gates gates{GENERATE(0U, 1U, 2U), true};

    gates.open("app");
    CHECK(gates.left() == 1);
    CHECK_FALSE(gates.may_open(method("email:example.org")));
    CHECK(gates.may_open(method("saved")));

    gates.open("saved");
    CHECK(gates.is_complete());
}

TEST_CASE("two gates without a saved code do not open a privileged account", "[gates]") {
    Gates gates{2, true};

    gates.open("app");
    gates.open("email:example.org");

    CHECK_FALSE(gates.is_complete());
    CHECK(gates.left() == 1);
}

TEST_CASE("nobody needs no gate", "[gates]") {
    const Gates gates{0, false};

    CHECK(gates.left() == 1);
    CHECK_FALSE(gates.is_complete());
}

TEST_CASE("too few ways are counted by possession", "[gates]") {
    const Gates gates{2, false};

    CHECK_FALSE(gates.can_be_completed({}));
    CHECK_FALSE(gates.can_be_completed({method("app"), method("app")}));
    CHECK(gates.can_be_completed({method("app"), method("saved")}));
}

TEST_CASE("a temporary pass and the saved codes are two possessions", "[gates]") {
    Gates gates{2, false};

    gates.open("pass");
    CHECK_FALSE(gates.may_open(temporary_pass_method()));
    CHECK(gates.may_open(saved_code_method()));

    gates.open("saved");
    CHECK(gates.is_complete());
}

TEST_CASE("a temporary pass never stands for the saved code of a privileged account", "[gates]") {
    Gates gates{GENERATE(0U, 1U, 2U, 3U), true};

    gates.open("pass");
    gates.open("app");
    gates.open("email:example.org");

    CHECK(gates.left() == 1);
    CHECK_FALSE(gates.is_complete());
    CHECK_FALSE(gates.may_open(temporary_pass_method()));
    CHECK_FALSE(gates.can_be_completed({temporary_pass_method(), method("app")}));
    CHECK(gates.can_be_completed({saved_code_method()}));
}
