// SPDX-License-Identifier: MIT
#include "tests/support/sip_peers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"

namespace latchkey {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// The port that was bound, 0 for failure; port 0 for any.
std::uint16_t bind_port(const UniqueFd& socket, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), any, size) != 0 || ::getsockname(socket.get(), any, &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

// A header of every answer.
constexpr const char* kAnswered =
    "[last_Via:]\n[last_From:]\n[last_To:];tag=[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n";

std::string received(const std::string& request) {
    return "<recv request=\"" + request + "\" crlf=\"true\"/>\n";
}

std::string answer(const std::string& status, const std::string& more = {}) {
    return "<send><![CDATA[\nSIP/2.0 " + status + "\n" + kAnswered + more +
           "Content-Length: 0\n\n]]></send>\n";
}

}  // namespace

std::uint16_t free_port_pair() {
    for (int tries = 0; tries < 100; ++tries) {
        const UniqueFd first{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        const UniqueFd second{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        const std::uint16_t port = bind_port(first, 0);
        if (port != 0 && port < 65535 &&
            bind_port(second, static_cast<std::uint16_t>(port + 1)) != 0)
            return port;
    }
    throw std::runtime_error{"no two ports are free"};
}

SipTelephone::SipTelephone(const std::string& account, const std::string& certificate)
    : port_{free_port_pair()} {
    const std::string uri = "127.0.0.1:" + std::to_string(port_);
    directory_.write("accounts", "<sip:+4930123456@" + uri + ">;regint=0" + account + '\n');
    // Sound goes from the line to the line; what comes from there is written down.
    directory_.write("config",
                     "module_path /usr/lib/baresip/modules\nmodule stdio.so\nmodule g711.so\n"
                     "module sndfile.so\nmodule aubridge.so\nmodule srtp.so\n"
                     "module_app account.so\nmodule_app menu.so\nstatmode_default off\n"
                     "audio_source aubridge,line\naudio_player aubridge,line\n"
                     "audio_alert aubridge,bell\nsip_listen " +
                         uri + "\nsnd_path " + directory_.path() + '\n' +
                         (certificate.empty() ? "" : "sip_certificate " + certificate + '\n'));
    baresip_ = std::make_unique<sip::PipedProgram>(plugin::Program{
        .arguments = {"/usr/bin/baresip", "-f", directory_.path(), "-n", "127.0.0.1"}});
    if (!baresip_->started()) throw std::runtime_error{"baresip cannot be started"};
    (void)wait_for("baresip is ready.", seconds{10});
}

std::string SipTelephone::wait_for(const std::string& line, seconds patience) {
    const auto until = steady_clock::now() + patience;
    while (said_.find(line) == std::string::npos)
        if (baresip_->hear(said_, until) != sip::PipedProgram::Heard::Something)
            throw std::runtime_error{"the telephone never said \"" + line + "\":\n" + said_};
    return said_;
}

void SipTelephone::press(char key) {
    if (!baresip_->tell(std::string{key})) throw std::runtime_error{"the telephone is gone"};
}

std::vector<std::string> SipTelephone::recordings() const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator{directory_.path()})
        if (file.path().string().ends_with("-dec.wav")) found.push_back(file.path());
    if (found.empty()) throw std::runtime_error{"the telephone heard nothing"};
    std::sort(found.begin(), found.end());  // their names are times
    return found;
}

ScriptedSipServer::ScriptedSipServer(const std::string& steps) : port_{free_port_pair()} {
    const std::string script = directory_.write("script.xml",
                                                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n"
                                                "<scenario name=\"server\">\n" +
                                                    steps + "</scenario>\n");
    sipp_ = RunningProgram{{"/usr/bin/sipp", "-sf", script, "-i", "127.0.0.1", "-p",
                            std::to_string(port_), "-m", "1", "-nostdin", "-timeout", "60"},
                           ::getuid(),
                           ::getgid(),
                           UniqueFd{}};
}

bool ScriptedSipServer::was_followed(seconds patience) {
    return sipp_.ended_within(patience) == 0;
}

std::string refuse(const std::string& status) {
    return received("INVITE") + answer("100 Trying") + answer(status) + received("ACK");
}

std::string redirect(const std::string& target) {
    return received("INVITE") + answer("302 Moved Temporarily", "Contact: <" + target + ">\n") +
           received("ACK") + ring();
}

std::string ring() {
    return received("INVITE") + answer("180 Ringing") +
           // To the CANCEL first, then to the INVITE, whose transaction is another one.
           "<recv request=\"CANCEL\"/>\n" + answer("200 OK") +
           "<send><![CDATA[\nSIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n"
           "[last_To:];tag=[call_number]\n[last_Call-ID:]\nCSeq: [cseq] INVITE\n"
           "Content-Length: 0\n\n]]></send>\n" +
           received("ACK");
}

std::string demand_password(const std::string& password) {
    const std::string challenge =
        "WWW-Authenticate: Digest realm=\"peers\", nonce=\"47110815a\", algorithm=MD5\n";
    return received("INVITE") + answer("401 Unauthorized", challenge) + received("ACK") +
           "<recv request=\"INVITE\"><action><verifyauth assign_to=\"known\" username=\"alice\" "
           "password=\"" +
           password + "\"/></action></recv>\n" +
           "<nop hide=\"true\" test=\"known\" next=\"1\"/>\n" +
           answer("401 Unauthorized", challenge) + received("ACK") +
           "<nop hide=\"true\" next=\"2\"/>\n<label id=\"1\"/>\n" + answer("486 Busy Here") +
           received("ACK") + "<label id=\"2\"/>\n";
}

}  // namespace latchkey
