// SPDX-License-Identifier: MIT
//
// How a verifier that was taken over may talk: what it says at the wrong time, what it
// puts on a terminal, that it says nothing at all, and what it has in its memory.
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/system/unique_fd.hpp"
#include "monitor/keys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/hostile_verifier.hpp"
#include "tests/system/one_time_codes.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

namespace fs = std::filesystem;

constexpr const char* ledger = "/var/lib/latchkey-acts/ledger";
const wire::Proof by_mail{"email:example.org"};
const wire::Perform change{Act::ChangePassword};

Misdeeds served() {
    return Misdeeds{}.hear();
}
Misdeeds proven() {
    return served().ask(ScreenKind::Code).say(by_mail);
}

// Packets of every type byte there is, and of some there are not.
std::vector<std::vector<std::byte>> every_message() {
    std::vector<std::vector<std::byte>> messages{{}, std::vector<std::byte>(5000, std::byte{1})};
    for (unsigned type = 0; type < 64; ++type)
        if (wire::type_of(std::vector{static_cast<std::byte>(type)}))
            messages.push_back({static_cast<std::byte>(type)});
    for (const auto& valid :
         {wire::encode(wire::Proof{"app"}), wire::encode(change), wire::encode(wire::Queued{}),
          wire::encode(usual_screen(ScreenKind::Code)), wire::encode(wire::StartChannel{"totp"}),
          wire::encode(wire::RecoveryFinish{Outcome::Recovered}),
          wire::encode(wire::OutboxKey{"1001:ben"}), wire::encode(wire::AdminReply{true})})
        messages.push_back(valid);
    return messages;
}

// Who answers only when all was said, so that no answer overtakes a message.
Person who_types_after(const HostileVerifier& thief, const Misdeeds& deeds) {
    const auto steps = std::count(deeds.script().begin(), deeds.script().end(), '\n');
    Person person;
    person.types_when = [&thief, steps] { return std::ssize(thief.notes()) >= steps; };
    return person;
}

// --- what a process has -------------------------------------------------------------

// Everything that is mapped and readable, by root's eyes.
std::string memory_of(pid_t pid) {
    const std::string process = "/proc/" + std::to_string(pid);
    std::ifstream maps{process + "/maps"};
    std::ifstream memory{process + "/mem", std::ios::binary};
    std::string all;
    for (std::string line; std::getline(maps, line);) {
        std::size_t from = 0;
        std::size_t to = 0;
        char may_read = '-';
        if (std::sscanf(line.c_str(), "%zx-%zx %c", &from, &to, &may_read) != 3) continue;
        if (may_read != 'r' || line.find("[v") != std::string::npos) continue;  // vvar, vsyscall
        std::string part(to - from, '\0');
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(from));
        memory.read(part.data(), static_cast<std::streamsize>(part.size()));
        part.resize(static_cast<std::size_t>(std::max<std::streamsize>(memory.gcount(), 0)));
        all += part;
    }
    return all;
}

std::vector<std::string> descriptors_of(pid_t pid) {
    std::vector<std::string> targets;
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd"))
        targets.push_back(fs::read_symlink(entry.path()).string());
    return targets;
}

bool is_ours(const std::string& target) {
    return target == "/dev/null" || target.starts_with("socket:") ||
           target.starts_with("/var/lib/latchkey/store.db");
}

std::string hex_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

std::string without_hyphens(std::string text) {
    std::erase(text, '-');
    return text;
}

// What no verifier that serves ada may ever hold.
std::vector<std::string> secrets_of_others(const Enrolled& host) {
    const Secret master{file_text("/etc/latchkey/key")};
    const std::string ben = must_run({"id", "-u", "ben"});
    const std::string ada = must_run({"id", "-u", "ada"});
    const SubjectKey bens = ben.substr(0, ben.size() - 1) + ":ben";
    const SubjectKey adas = ada.substr(0, ada.size() - 1) + ":ada";
    const Secret bens_key = subject_key(master, bens, "ben");
    std::vector<std::string> secrets;
    const auto add_key = [&secrets](const Secret& key) {
        secrets.emplace_back(key.reveal());
        secrets.push_back(hex_of(key.reveal()));
    };
    add_key(master);
    add_key(bens_key);
    add_key(outbox_key(bens_key));
    add_key(saved_code_key(master, bens));
    add_key(saved_code_key(master, adas));
    for (const std::string& code : host.saved_codes) {
        secrets.push_back(code);
        secrets.push_back(without_hyphens(code));
    }
    std::istringstream rows{file_text("/etc/shadow")};
    for (std::string row; std::getline(rows, row);)
        if (row.starts_with("ada:") || row.starts_with("ben:"))
            secrets.push_back(row.substr(4, row.find(':', 4) - 4));
    secrets.insert(secrets.end(), {new_password, old_password, "ben@example.org"});
    return secrets;
}

std::string adas_subkey() {
    const std::string uid = must_run({"id", "-u", "ada"});
    const Secret master{file_text("/etc/latchkey/key")};
    return std::string{subject_key(master, uid.substr(0, uid.size() - 1) + ":ada", "ada").reveal()};
}

int hits(const std::string& memory, const std::vector<std::string>& secrets) {
    int found = 0;
    for (const std::string& secret : secrets)
        found += memory.find(secret) == std::string::npos ? 0 : 1;
    return found;
}

}  // namespace

TEST_CASE("whatever a verifier says while a new password is typed, it is not changed") {
    Enrolled host;
    const std::string shadow = file_text("/etc/shadow");
    HostileVerifier thief;
    int tried = 0;
    for (const auto& message : every_message()) {
        for (const std::size_t descriptors : {0U, 3U}) {
            fs::remove(ledger);  // its limits are not what is tried here
            Misdeeds deeds = proven().say(change).say_bytes(message, descriptors);
            INFO(deeds.script());
            thief.will(deeds);
            const Talk conversation = talk(who_types_after(thief, deeds));
            CHECK(conversation.hidden.size() <= 1);
            CHECK(conversation.finish.outcome == Outcome::Refused);
            CHECK(conversation.finish.password.empty());
            ++tried;
        }
    }
    CHECK(file_text("/etc/shadow") == shadow);
    evidence("C2 every message while \"New password:\" is open", std::to_string(tried) + " talks",
             "0 passwords changed");
}

TEST_CASE("after the act nothing more comes of what a verifier says") {
    Enrolled host;
    HostileVerifier thief;
    const auto messages = every_message();
    const std::size_t count = std::min(messages.size(), rounds<std::size_t>(9, 100));
    for (std::size_t i = 0; i < count; ++i) {
        fs::remove(ledger);
        const Misdeeds deeds = proven()
                                   .say(change)
                                   .hear()
                                   .say_bytes(messages[messages.size() - 1 - i])
                                   .say(change)
                                   .say(by_mail)
                                   .say(change)
                                   .hear();
        INFO("round " << i << ": " << deeds.script());
        thief.will(deeds);
        Person person;
        person.new_password = "violet ferry lantern " + std::to_string(i);
        const Talk conversation = talk(person);
        CHECK(conversation.finished);
        CHECK(conversation.finish.outcome == Outcome::Recovered);
        CHECK(conversation.finish.password.reveal() == person.new_password);
        CHECK(conversation.hidden.size() == 2);
        CHECK(thief.acted() == std::vector<ActResult>{ActResult::Done});
        CHECK(host.machine.password_is("ada", person.new_password));
    }
}

TEST_CASE("through no argument of a screen a verifier asks for a password at a terminal") {
    Enrolled host;
    HostileVerifier thief;
    const std::vector<std::string> texts{"Password: ",
                                         "a...a at e....Password",
                                         "a...a at e....password",
                                         "a...a at e....org\nPassword: ",
                                         "\x1b[8m\x1b]0;x\x07",
                                         "BCDF-GHJK\r\nPassword: ",
                                         std::string(3000, 'P')};
    int tried = 0;
    for (const ScreenKind kind : {ScreenKind::Menu, ScreenKind::FullAddress, ScreenKind::Code,
                                  ScreenKind::OtpCode, ScreenKind::HumanCheck}) {
        for (const std::string& text : texts) {
            std::vector<wire::AskScreen> screens(6, usual_screen(kind));
            screens[0].method = text;
            screens[1].masked_destination = text;
            screens[2].resume_code = text;
            screens[3].items = {{text, ""}};
            screens[4].items = {{"email", text}};
            screens[5].signs = text;
            for (const wire::AskScreen& screen : screens) {
                thief.will(served().ask(screen));
                const Talk conversation = talk({});
                for (const std::string& shown : conversation.visible) {
                    INFO(shown);
                    CHECK(shown.find("assword") == std::string::npos);
                    CHECK(shown.find('\x1b') == std::string::npos);
                    CHECK(shown.find('\r') == std::string::npos);
                }
                CHECK(conversation.hidden.empty());
                ++tried;
            }
        }
    }
    wire::AskScreen worst = usual_screen(ScreenKind::FullAddress);
    worst.masked_destination = "a...a at e....Password";
    thief.will(served().ask(worst));
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    login.expect("Press Enter to continue: ");
    CHECK(login.transcript().rfind("assword: ") < login.transcript().find("Get back into"));
    evidence("H14 at a terminal", std::to_string(tried) + " screens of a hostile verifier",
             "0 show \"password\" or a control byte, 0 hidden questions");
}

TEST_CASE("a verifier that dies, at whatever step, ends the recovery and no more") {
    Enrolled host;
    const std::string shadow = file_text("/etc/shadow");
    HostileVerifier thief;
    const std::vector<Misdeeds> deaths{Misdeeds{}.end(),
                                       served().end(),
                                       served().say(usual_screen(ScreenKind::Code)).end(),
                                       served().ask(ScreenKind::Code).end(),
                                       proven().end(),
                                       proven().say(change).end(),
                                       served().say(wire::StartChannel{"totp"}).end()};
    for (const Misdeeds& death : deaths) {
        INFO(death.script());
        fs::remove(ledger);
        thief.will(death);
        CHECK(talk({}).finish.outcome == Outcome::Refused);
    }
    thief.will(deaths[1]);
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    login.expect("Press Enter to continue: ");
    login.send_line("");
    login.expect("Login incorrect");
    CHECK(file_text("/etc/shadow") == shadow);
    CHECK(latchkey_comes_to_rest());
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("a verifier that floods is ended at the number that the table permits") {
    Enrolled host;
    HostileVerifier thief;
    const std::vector<Misdeeds> floods{
        served().flood(wire::Queued{}, 10000), served().flood(wire::StartChannel{"totp"}, 10000),
        served().flood(usual_screen(ScreenKind::Code), 10000), proven().flood(change, 10000),
        served().flood_bytes(std::vector<std::byte>(4096, std::byte{0x41}), 10000)};
    for (const Misdeeds& flood : floods) {
        INFO(flood.script());
        thief.will(flood);
        const Talk conversation = talk({});
        CHECK(conversation.finish.outcome == Outcome::Refused);
        CHECK(conversation.visible.size() <= 64);
        REQUIRE_FALSE(thief.notes().empty());
    }
    CHECK(latchkey_comes_to_rest());
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("a verifier that never answers keeps nobody, and nothing once the person has left") {
    Enrolled host;
    HostileVerifier thief;
    for (const Misdeeds& silence : {Misdeeds{}.rest(), served().rest(),
                                    served().ask(ScreenKind::Code).rest(), proven().rest()}) {
        INFO(silence.script());
        thief.will(silence);
        Terminal login = host.machine.console("ada");
        ask_for_recovery(login);
        if (silence.script().find("say") != std::string::npos) type_code(login, "00000000");
        const auto& script = silence.script();
        const auto steps = std::count(script.begin(), script.end(), '\n') - 1;
        thief.expect_steps(static_cast<std::size_t>(steps));
        login.send_interrupt();
        login.expect_end();
        CHECK(latchkey_comes_to_rest());
    }
    CHECK(signs_in_at_console(host.machine, "ada", old_password));
}

TEST_CASE("a verifier holds one account's key: no other secret is in its memory, no other file") {
    Enrolled host;
    host.machine.add_account("ben", "another old one");
    host.machine.enroll_email("ben", "ben@example.org");
    const std::vector<std::string> secrets = secrets_of_others(host);
    const std::string own_key = adas_subkey();
    Terminal login = host.machine.console("ada");
    ask_for_recovery(login);
    login.expect("(Enter to go back): ");
    const pid_t verifier = only_process(login_verifier);
    int looked = 0;
    int found = 0;
    const auto look = [&] {
        const std::string memory = memory_of(verifier);
        REQUIRE(memory.find(own_key) != std::string::npos);  // the search works
        found += hits(memory, secrets);
        for (const std::string& target : descriptors_of(verifier)) {
            INFO(target);
            CHECK(is_ours(target));
        }
        ++looked;
    };
    look();
    login.send_line("1");
    type_code(login, host.machine.next_message().code());
    login.expect("New password: ");
    look();
    login.send_line(new_password);
    login.expect("Retype new password: ");
    look();
    CHECK(found == 0);
    evidence("C1, C3 what a verifier holds",
             std::to_string(looked) + " looks for " + std::to_string(secrets.size()) +
                 " secrets in its memory (master key, ben's keys, saved codes, hashes, passwords)",
             std::to_string(found) + " found");
    login.send_line(new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("in the whole talk a verifier hears no secret but its own account's key") {
    Enrolled host;
    host.machine.add_account("ben", "another old one");
    host.machine.enroll_email("ben", "ben@example.org");
    const std::vector<std::string> secrets = secrets_of_others(host);
    const std::string own_key = adas_subkey();
    HostileVerifier thief;
    thief.will(proven().say(change).hear().hear());
    const Talk conversation = talk({});
    CHECK(conversation.finish.outcome == Outcome::Recovered);
    std::string all;
    for (const auto& message : thief.heard())
        for (const std::byte byte : message) all += static_cast<char>(byte);
    CHECK(all.find(own_key) != std::string::npos);
    CHECK(hits(all, secrets) == 0);
}

}  // namespace latchkey
