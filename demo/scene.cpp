// SPDX-License-Identifier: MIT
#include "demo/scene.hpp"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace latchkey::demo {
namespace {

constexpr const char* proof_file = "/home/ada/signed-in";
constexpr const char* profile_file = "/home/ada/.profile";

// What "latchkey check" advises: the 60 s of a stock login are short for who reads
// every screen for the first time. Of two lines the last one counts.
void give_time_to_read() {
    write_file("/etc/login.defs", file_text("/etc/login.defs") + "LOGIN_TIMEOUT 300\n");
}

const char* where_it_plays() {
    const char* sandbox = std::getenv("LATCHKEY_SANDBOX");
    return sandbox != nullptr && std::string_view{sandbox} == "here"
               ? "On this machine itself, which is put back as it was afterwards:\n"
               : "In a sandbox, which is a copy of this machine that is forgotten afterwards:\n";
}

}  // namespace

std::string random_word(std::size_t length) {
    constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    std::string word(length, '\0');
    if (::getrandom(word.data(), word.size(), 0) != static_cast<ssize_t>(length)) {
        throw std::runtime_error("the kernel gives no random numbers");
    }
    for (char& byte : word) byte = alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
    return word;
}

Scene::Scene() : old_password_(random_word(14)) {
    std::cout << where_it_plays() << "  latchkey is set up                  latchkey setup --yes\n"
              << std::flush;
    machine_.deliver_to_files();
    // The plays follow one another faster than one person's recoveries would.
    machine_.configure(
        "reply_grid = 0\n[limits]\nsends_per_minute = 20\n[human_check]\nwhen = \"off\"\n",
        "70-demo");
    machine_.run_setup();
    std::cout << "  Ada has an account and forgets      useradd ada\n" << std::flush;
    machine_.add_account(kAda, old_password_);
    std::cout
        << "  she has an e-mail address           latchkey enroll ada email " << kAddress << "\n"
        << "  and a list of recovery codes        latchkey codes ada --new\n"
        << "  login gives her five minutes        LOGIN_TIMEOUT 300, as latchkey check advises\n"
        << std::flush;
    give_time_to_read();
    write_file("/home/ada/.hushlogin", "");  // what the host greets with is not the play
    machine_.enroll_email(kAda, kAddress);
    saved_codes_ = machine_.new_saved_codes(kAda);
}

void Scene::expect_sign_in() {
    nonce_ = random_word(20);
    ::unlink(proof_file);
    write_file(profile_file, "{ id -u; echo " + nonce_ + "; } >~/signed-in\n");
}

bool Scene::was_signed_in() const {
    struct stat facts {};
    if (nonce_.empty() || ::lstat(proof_file, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    const std::string uid = must_run({"id", "-u", kAda});
    return std::to_string(facts.st_uid) + '\n' == uid &&
           file_text(proof_file) == uid + nonce_ + '\n';
}

bool Scene::password_lets_in(const std::string& password) {
    expect_sign_in();
    Terminal login = machine_.console(kAda);
    login.expect("Password: ");
    login.send_line(password);
    const std::vector<std::string> ways{"Login incorrect", "$ "};
    return login.expect_any(ways) == 1 && was_signed_in();
}

}  // namespace latchkey::demo
