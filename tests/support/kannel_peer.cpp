// SPDX-License-Identifier: MIT
#include "tests/support/kannel_peer.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <stdexcept>

#include "adapters/system/unique_fd.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/phone_channel.hpp"
#include "tests/system/comes_true.hpp"

namespace latchkey {

namespace {

constexpr const char* kFakeSmsc = "/usr/lib/kannel/test/fakesmsc";

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

template <typename Call>
int with_address(Call call, int fd, const sockaddr_in& address) {
    return call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

// The whole answer to a GET; empty if nobody answers.
std::string fetched(std::uint16_t port, const std::string& target) {
    const UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (with_address(&::connect, fd.get(), loopback(port)) != 0) return {};
    const std::string request = "GET " + target + " HTTP/1.0\r\n\r\n";
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::read(fd.get(), buffer.data(), buffer.size())) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    return answer;
}

// Groups are separated by empty lines; bearerbox gives up without them.
std::string configuration(std::uint16_t admin, std::uint16_t smsbox, std::uint16_t sendsms,
                          const std::string& connection) {
    std::ostringstream text;
    text << "group = core\nadmin-port = " << admin
         << "\nadmin-interface = 127.0.0.1\nadmin-password = admin\nsmsbox-port = " << smsbox
         << "\nsmsbox-interface = 127.0.0.1\nbox-allow-ip = 127.0.0.1\nlog-level = 4\n\n"
         << connection << "\ngroup = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = " << sendsms
         << "\nsendsms-interface = 127.0.0.1\nlog-level = 4\n\n"
         << "group = sendsms-user\nusername = latchkey\npassword = \"" << kPhoneSecret
         << "\"\n\ngroup = sms-service\nkeyword = default\nmax-messages = 0\ntext = \"\"\n";
    return text.str();
}

// The fake operator connects to Kannel, at a port that listens on every interface (it knows no
// other way) and takes connections of this host alone.
std::string fake_connection(std::uint16_t port) {
    return "group = smsc\nsmsc = fake\nhost = 127.0.0.1\nport = " + std::to_string(port) +
           "\nconnect-allow-ip = 127.0.0.1\n";
}

std::string smpp_connection(const std::string& port) {
    return "group = smsc\nsmsc = smpp\nhost = 127.0.0.1\nport = " + port +
           "\ntransceiver-mode = true\nsmsc-username = kannel\nsmsc-password = operator\n"
           "system-type = VMA\nsource-addr-autodetect = true\n";
}

std::string port_in(const std::string& connection) {
    const std::string key = "\nport = ";
    const std::size_t at = connection.find(key) + key.size();
    return connection.substr(at, connection.find('\n', at) - at);
}

}  // namespace

KannelPeer::KannelPeer() : KannelPeer{fake_connection(free_port()), true} {}

KannelPeer::KannelPeer(const std::string& smpp_port)
    : KannelPeer{smpp_connection(smpp_port), false} {}

KannelPeer::KannelPeer(const std::string& connection, bool starts_fakesmsc)
    : admin_port_{free_port()}, sendsms_port_{free_port()} {
    const std::string file = directory_.write(
        "kannel.conf", configuration(admin_port_, free_port(), sendsms_port_, connection));
    start(bearerbox_, {"/usr/sbin/bearerbox", file}, "Status: running");
    if (starts_fakesmsc)
        start(fakesmsc_,
              {kFakeSmsc, "-H", "127.0.0.1", "-r", port_in(connection), "-m", "0", "-F",
               directory_.file("fakesmsc.log"), "100 200 text nothing"},
              "(online");
    start(smsbox_, {"/usr/sbin/smsbox", file}, "(on-line");
    if (!comes_true([&] { return status().find("(online") != std::string::npos; }))
        throw std::runtime_error{"Kannel finds no operator"};
}

void KannelPeer::start(RunningProgram& program, std::vector<std::string> argv,
                       const std::string& ready) {
    const std::string name = argv.front();
    program = RunningProgram{std::move(argv), ::getuid(), ::getgid(), {}};
    if (!comes_true([&] { return status().find(ready) != std::string::npos; }))
        throw std::runtime_error{name + " does not start (packages kannel, kannel-extras?)"};
}

std::string KannelPeer::status() const {
    return fetched(admin_port_, "/status.txt?password=admin");
}

std::string KannelPeer::url() const {
    return "http://127.0.0.1:" + std::to_string(sendsms_port_) + "/cgi-bin/sendsms";
}

std::vector<std::string> KannelPeer::messages() const {
    const std::string mark = "Got message ";
    const auto read = [&] {
        std::vector<std::string> messages;
        std::istringstream log{content_of(directory_.file("fakesmsc.log"))};
        for (std::string line; std::getline(log, line);) {
            const std::size_t at = line.find(mark);
            if (at == std::string::npos) continue;
            const std::size_t begin = line.find('<', at) + 1;
            messages.push_back(line.substr(begin, line.rfind('>') - begin));
        }
        return messages;
    };
    (void)comes_true([&] { return !read().empty(); });
    return read();
}

void KannelPeer::lose_operator() {
    fakesmsc_.kill();
    if (!comes_true([&] { return status().find("(online") == std::string::npos; }))
        throw std::runtime_error{"Kannel does not miss its operator"};
}

}  // namespace latchkey
