// SPDX-License-Identifier: MIT
//
// A hostile mail server: the input is all it ever says. The plugin ends in time with
// one of its outcomes, a log text of reply codes alone, and "accepted" only if the
// server asked for the message and said 250. Slow, because a real connection is made each time.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <thread>

#include "adapters/system/unique_fd.hpp"
#include "plugins/email/smtp.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

// Says the same words to every client, reads until the client ends, on a thread of its own.
class HostileServer {
public:
    HostileServer() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        socklen_t length = sizeof address;
        if (::bind(listening_.get(), any, length) != 0 || ::listen(listening_.get(), 8) != 0 ||
            ::getsockname(listening_.get(), any, &length) != 0)
            std::abort();
        port_ = ntohs(address.sin_port);
        std::thread{[this] {
            while (true) serve();
        }}.detach();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void says(std::string_view words) {
        const std::lock_guard held{lock_};
        words_ = words;
    }

private:
    void serve() {
        const UniqueFd client{::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!client) std::abort();
        std::string words;
        {
            const std::lock_guard held{lock_};
            words = words_;
        }
        (void)::send(client.get(), words.data(), words.size(), MSG_NOSIGNAL);
        ::shutdown(client.get(), SHUT_WR);
        std::array<char, 4096> heard{};
        while (::read(client.get(), heard.data(), heard.size()) > 0) {
        }
    }

    UniqueFd listening_;
    std::uint16_t port_ = 0;
    std::mutex lock_;
    std::string words_;
};

void check_codes(const plugin::Reply& reply) {
    constexpr std::string_view kBefore = "; the server's last reply: ";
    const std::size_t at = reply.for_log.find(kBefore);
    if (at == std::string::npos) return;
    const std::string_view codes = std::string_view{reply.for_log}.substr(at + kBefore.size());
    holds(codes.size() <= 16 && codes.find_first_not_of("0123456789. -") == std::string_view::npos,
          "the log holds codes and no words of the server");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto& server = *new HostileServer;  // its thread outlives main
    const std::string_view words{reinterpret_cast<const char*>(data), size};
    server.says(words);
    email::MailSettings settings;
    settings.server = "127.0.0.1";
    settings.port = server.port();
    settings.from.address = "latchkey@host.example.org";
    settings.hello_name = "host.example.org";
    const plugin::Reply reply =
        email::send(settings, "ada@example.org", "Subject: x\r\n\r\nCode: 1234 5678\r\n",
                    std::chrono::seconds{2});
    holds(reply.outcome != plugin::Outcome::Wrong && reply.outcome != plugin::Outcome::Queued,
          "a delivery ends as deliveries do");
    holds(reply.outcome != plugin::Outcome::Accepted ||
              (words.find("354") != std::string_view::npos &&
               words.find("250") != std::string_view::npos),
          "accepted is what a server accepted");
    holds(reply.matched_step == 0, "a delivery matches no step");
    check_codes(reply);
    return 0;
}
