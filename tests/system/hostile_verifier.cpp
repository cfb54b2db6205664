// SPDX-License-Identifier: MIT
#include "tests/system/hostile_verifier.hpp"

#include <poll.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "pam_module/monitor_process.hpp"
#include "tests/support/hostile_files.hpp"
#include "tests/system/machine.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

namespace fs = std::filesystem;

constexpr const char* verifier = "/usr/libexec/latchkey/latchkey-verifier";
constexpr std::chrono::seconds patience{30};

std::string hex(const std::vector<std::byte>& bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes) {
        text += digits[std::to_integer<unsigned>(byte) >> 4U];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text.empty() ? "-" : text;
}

std::vector<std::byte> bytes_of(const std::string& text) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

// Another inode, as a package's upgrade would make it: the one before may be running.
void replace_verifier(const fs::path& by) {
    fs::remove(verifier);
    fs::copy_file(by, verifier);
    fs::permissions(verifier, fs::perms{0711});
}

std::string next_answer(const Person& person, std::size_t asked_before) {
    return asked_before < person.answers.size() ? person.answers[asked_before] : person.otherwise;
}

bool has_said_more(const Seqpacket& monitor) {
    pollfd readable{monitor.fd(), POLLIN, 0};
    return ::poll(&readable, 1, 0) > 0;
}

// False: the person is gone.
bool answer(const Person& person, const Packet& packet, Seqpacket& monitor, Talk& talk) {
    std::string text;
    if (const auto ask = wire::decode<wire::Ask>(packet.bytes)) {
        text = next_answer(person, talk.visible.size());
        talk.visible.push_back(ask->text);
    } else if (const auto hidden = wire::decode<wire::AskHidden>(packet.bytes)) {
        talk.hidden.push_back(hidden->text);
        if (person.leaves_at_password) return false;
        (void)comes_true([&] { return person.types_when() || has_said_more(monitor); });
        text = person.new_password;
    } else {
        throw std::runtime_error("the monitor said something else to the module");
    }
    return monitor.send_message(wire::Answer{Secret{text}}).has_value();
}

}  // namespace

Misdeeds& Misdeeds::hear() {
    script_ += "hear\n";
    return *this;
}
Misdeeds& Misdeeds::say_bytes(const std::vector<std::byte>& bytes, std::size_t descriptors) {
    script_ += "say " + hex(bytes) + ' ' + std::to_string(descriptors) + '\n';
    return *this;
}
Misdeeds& Misdeeds::flood_bytes(const std::vector<std::byte>& bytes, std::size_t times) {
    script_ += "flood " + hex(bytes) + ' ' + std::to_string(times) + '\n';
    return *this;
}
Misdeeds& Misdeeds::take_turn(const std::string& file) {
    script_ += "turn " + file + '\n';
    return *this;
}
Misdeeds& Misdeeds::lock(const std::string& file, long first, long count) {
    script_ += "lock " + file + ' ' + std::to_string(first) + ' ' + std::to_string(count) + '\n';
    return *this;
}
Misdeeds& Misdeeds::rest() {
    script_ += "rest\n";
    return *this;
}
Misdeeds& Misdeeds::end() {
    script_ += "end\n";
    return *this;
}
Misdeeds& Misdeeds::ask(ScreenKind kind) {
    return ask(usual_screen(kind));
}

wire::AskScreen usual_screen(ScreenKind kind) {
    wire::AskScreen screen;
    screen.kind = kind;
    screen.method = kind == ScreenKind::OtpCode ? "totp" : "email";
    screen.minutes = 10;
    screen.items = {{"email", "a...a at e....org"}, {"saved", ""}};
    if (kind == ScreenKind::HumanCheck) screen.signs = "KTX47";
    return screen;
}

HostileVerifier::HostileVerifier() {
    fs::create_directories(hostile::kDirectory);
    fs::permissions(hostile::kDirectory, fs::perms::all);
    fs::copy_file(verifier, hostile::kReal, fs::copy_options::overwrite_existing);
    replace_verifier(LATCHKEY_TEST_HOSTILE_VERIFIER);
    will(Misdeeds{});
}

void HostileVerifier::leave_others_alone() {
    replace_verifier(hostile::kReal);
}

void HostileVerifier::will(const Misdeeds& deeds) {
    fs::remove(hostile::kNotes);
    write_file(hostile::kNotes, "", 0666);
    write_file(hostile::kScript, deeds.script());
}

std::vector<std::string> HostileVerifier::notes() const {
    std::istringstream text{file_text(hostile::kNotes)};
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

std::vector<std::vector<std::byte>> HostileVerifier::heard() const {
    constexpr std::string_view word = "heard ";
    std::vector<std::vector<std::byte>> messages;
    for (const std::string& line : notes())
        if (line.starts_with(word) && line != "heard nothing")
            messages.push_back(bytes_of(line.substr(word.size())));
    return messages;
}

void HostileVerifier::expect_steps(std::size_t steps) const {
    if (!comes_true([&] { return notes().size() >= steps; }))
        throw std::runtime_error("the hostile verifier did not get on:\n" +
                                 file_text(hostile::kNotes));
}

std::vector<ActResult> HostileVerifier::acted() const {
    std::vector<ActResult> results;
    for (const auto& message : heard())
        if (const auto acted = wire::decode<wire::Acted>(message)) results.push_back(acted->result);
    return results;
}

Talk talk(const Person& person) {
    auto monitor = pam::start_monitor(login_monitor);
    if (!monitor) throw std::runtime_error("the monitor does not start");
    wire::LoginHello hello;
    hello.user = person.name;
    hello.service = person.source.empty() ? "login" : "sshd";
    hello.rhost = person.source;
    hello.tty = person.source.empty() ? "tty1" : "ssh";
    hello.reason = person.reason;
    if (!monitor->send_message(hello)) throw std::runtime_error("the monitor does not listen");
    Talk talk;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto packet = monitor->receive(deadline);
        if (!packet) return talk;
        if (auto finish = wire::decode<wire::LoginFinish>(packet->bytes)) {
            talk.finish = std::move(*finish);
            talk.finished = true;
            return talk;
        }
        if (!answer(person, *packet, *monitor, talk)) return talk;
    }
}

}  // namespace latchkey
