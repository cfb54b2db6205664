// SPDX-License-Identifier: MIT
#include "tests/support/prosody_peer.hpp"

#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "tests/support/command.hpp"
#include "tests/support/free_port.hpp"
#include "tests/system/comes_true.hpp"

namespace latchkey {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolderOfHost = "chat%2eexample";  // as Prosody writes it

std::string modules_of(const ProsodyPeer::Features& features) {
    std::string modules = R"("saslauth", "roster", "disco", "ping")";
    if (features.tls) modules += R"(, "tls")";
    if (features.archive) modules += R"(, "mam")";
    return modules;
}

bool listens(std::uint16_t port) {
    const UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void make_accounts(const fs::path& data) {
    const fs::path accounts = data / kFolderOfHost / "accounts";
    fs::create_directories(accounts);
    for (const char* name : {"latchkey", "ada", "bob", "eve"})
        std::ofstream{accounts / (std::string{name} + ".dat")} << "return { [\"password\"] = \""
                                                               << kChatSecret << "\" };\n";
}

}  // namespace

ProsodyPeer::ProsodyPeer(const Certificates& certificates)
    : ProsodyPeer{certificates, Features{}} {}

ProsodyPeer::ProsodyPeer(const Certificates& certificates, const Features& features)
    : ca_{certificates.ca}, port_{free_port()}, direct_tls_port_{free_port()} {
    make_accounts(directory_.path());
    std::ostringstream text;
    text << "run_as_root = true\ndata_path = \"" << directory_.path()
         << "\"\nstorage = \"internal\"\nauthentication = \"internal_plain\"\n"
         << "modules_enabled = { " << modules_of(features) << " }\nmodules_disabled = { \"s2s\" }\n"
         << "interfaces = { \"127.0.0.1\" }\nc2s_ports = { " << port_
         << " }\nc2s_direct_tls_ports = { " << direct_tls_port_ << " }\n"
         << "c2s_require_encryption = " << (features.tls ? "true" : "false") << "\n"
         << "ssl = { certificate = \"" << certificates.certificate << "\", key = \""
         << certificates.key << "\" }\nc2s_direct_tls_ssl = ssl\nlog = { error = \""
         << directory_.file("prosody.log") << "\" }\nVirtualHost \"" << kChatHost << "\"\n";
    const std::string file = directory_.write("prosody.cfg.lua", text.str());
    prosody_ =
        RunningProgram{{"/usr/bin/prosody", "--config", file, "-F"}, ::getuid(), ::getgid(), {}};
    if (!comes_true([&] { return listens(port_) && listens(direct_tls_port_); }))
        throw std::runtime_error{"Prosody does not start (package prosody?): " +
                                 content_of(directory_.file("prosody.log"))};
}

nlohmann::json ProsodyPeer::message_of(const std::string& person) const {
    return nlohmann::json::parse(run_person(person, {"read"}));
}

void ProsodyPeer::answer(const std::string& person, const nlohmann::json& message,
                         const std::string& text) const {
    say(person, message.at("from"), text, message.at("thread"));
}

void ProsodyPeer::say(const std::string& person, const std::string& to, const std::string& text,
                      const std::string& thread) const {
    (void)run_person(person, {"say", to, text, thread});
}

std::string ProsodyPeer::run_person(const std::string& person,
                                    const std::vector<std::string>& words) const {
    std::vector<std::string> argv{
        "/usr/bin/python3", LATCHKEY_TEST_XMPP_PERSON, port(), ca_, person + '@' + kChatHost,
        kChatSecret};
    argv.insert(argv.end(), words.begin(), words.end());
    return must_run(argv);
}

}  // namespace latchkey
