// SPDX-License-Identifier: MIT
#include "tests/system/carried.hpp"

#include <filesystem>
#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"

namespace latchkey {

namespace {

std::string without_blank(std::string code) {
    std::erase(code, ' ');
    return code;
}

}  // namespace

std::string setting(const std::string& key, const std::string& value) {
    return key + " = \"" + value + "\"\n";
}

Carried::Carried(const std::string& the_plugin, const std::string& options,
                 const std::string& method, const std::string& address,
                 const std::string& of_method)
    : plugin{the_plugin} {
    write_file(kCarriersSecretFile, std::string{kCarriersSecret} + "\n", 0600);
    use(options, method, of_method);
    must_run({"latchkey", "enroll", "ada", method, address});
}

Carried::Carried(const std::string& the_plugin, const std::string& options) : plugin{the_plugin} {
    use(options, "email", "");
}

void Carried::use(const std::string& options, const std::string& method,
                  const std::string& of_method) {
    machine.configure(setting("phone_country", "+49") + "[channel.carrier]\n" +
                          setting("plugin", plugin) + options + "[method." + method + "]\n" +
                          of_method + "channels = [\"carrier\"]\n",
                      "60-carrier");
}

Terminal Carried::asks_for_a_code(const std::string& line, const std::string& typed_in_full) {
    Terminal login = machine.console("ada");
    ask_for_recovery(login);
    choose(login, line);
    if (!typed_in_full.empty()) {
        login.expect("To protect your account, type the complete ");
        login.expect(": ");
        login.send_line(typed_in_full);
    }
    login.expect("with a code");  // "is on its way", or a contact gets
    return login;
}

void Carried::gets_in(Terminal& login, const std::string& code) {
    type_code(login, code);
    chooses_a_password(login);
    machine.expect_log("handed over a message outcome=");
    for (const std::string& told : {code, without_blank(code), std::string{kNumber + 1}})
        CHECK(machine.log().find(told) == std::string::npos);
}

void Carried::chooses_a_password(Terminal& login) {
    choose_password(login, new_password);
    REQUIRE(machine.signed_in(login, "ada"));
    REQUIRE(machine.password_is("ada", new_password));
    CHECK(machine.log().find(kCarriersSecret) == std::string::npos);
    must_run({"latchkey", "audit", "verify"});
    evidence("each method at a real login", plugin + ", by " + peer, "new password, shell");
}

std::string Carried::waits_for(const std::string& directory, const std::string& text) {
    std::string found;
    const auto is_there = [&] {
        std::error_code gone;
        found.clear();
        for (const auto& file : std::filesystem::directory_iterator{directory, gone})
            found += file_text(file.path());
        return found.find(text) != std::string::npos;
    };
    if (comes_true(is_there, std::chrono::seconds{60})) return found;
    throw std::runtime_error("in " + directory + ": " + found + "\n" + machine.log());
}

}  // namespace latchkey
