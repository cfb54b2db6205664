// SPDX-License-Identifier: MIT
//
// The evil plugin in a workshop of its own, with everything it might be after.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/system/unique_fd.hpp"
#include "tests/support/channel_workshop.hpp"

namespace latchkey {

// A socket on loopback that nobody is meant to reach, for connections or datagrams.
class Listener {
public:
    explicit Listener(int kind, std::uint16_t port = 0)
        : fd_{::socket(AF_INET, kind | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(fd_.get(), generic, size) != 0 ||
            (kind == SOCK_STREAM && ::listen(fd_.get(), 1) != 0) ||
            ::getsockname(fd_.get(), generic, &size) != 0)
            throw std::runtime_error{"listen"};
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    UniqueFd fd_;
    std::uint16_t port_ = 0;
};

// A Unix socket that takes datagrams from everybody, as /dev/log does, or connections.
// A name that begins with "@" stands in no directory.
class Letterbox {
public:
    Letterbox(const std::string& name, int kind) : fd_{::socket(AF_UNIX, kind | SOCK_CLOEXEC, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (name.size() >= sizeof address.sun_path) throw std::runtime_error{name};
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
            (name.front() != '@' && ::chmod(name.c_str(), 0666) != 0) ||
            (kind != SOCK_DGRAM && ::listen(fd_.get(), 1) != 0))
            throw std::runtime_error{"bind " + name};
    }

private:
    UniqueFd fd_;
};

struct EvilGuest {
    ChannelWorkshop workshop{{"evil"}};
    Listener listener{SOCK_STREAM};
    Listener datagrams{SOCK_DGRAM, listener.port()};
    std::string nameless = "@latchkey-test-" + std::to_string(listener.port());
    std::string letterbox = workshop.root() + "/letters";
    Letterbox letters{letterbox, SOCK_DGRAM};
    Letterbox nameless_letters{nameless, SOCK_DGRAM};
    Letterbox calls{letterbox + ".calls", SOCK_SEQPACKET};
    std::string file = workshop.messages_directory() + "/mine";  // its own
    std::string spool = workshop.root() + "/spool";              // its one writable directory
    std::string secret = workshop.root() + "/secret";            // of another channel
    RunningProgram victim;                                       // of the same user

    EvilGuest() {
        std::ofstream{file} << "kept";
        std::ofstream{secret} << "of another channel";
        if (::mkdir(spool.c_str(), 0700) != 0 ||
            ::chown(spool.c_str(), workshop.channel_uid(), static_cast<gid_t>(-1)) != 0 ||
            ::chown(file.c_str(), workshop.channel_uid(), static_cast<gid_t>(-1)) != 0 ||
            ::chmod(secret.c_str(), 0600) != 0)
            throw std::runtime_error{"files of the workshop"};
        start_victim();
    }
    void start_victim() {
        victim = RunningProgram{
            {"/bin/sleep", "600"}, workshop.channel_uid(), workshop.channel_gid(), UniqueFd{}};
    }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options(
        const std::string& deed) const {
        return {{"deed", deed},
                {"victim", std::to_string(victim.pid())},
                {"file", file},
                {"secret", secret},
                {"elsewhere", std::to_string(listener.port())},
                {"letterbox", letterbox},
                {"nameless", nameless}};
    }
    [[nodiscard]] wire::ChannelSetup setup(const std::string& deed, Profile profile) const {
        auto setup = workshop.setup("evil", profile);
        setup.options = options(deed);
        if (profile == Profile::Spool) setup.options.emplace_back("directory", spool);
        return setup;
    }
    Result<wire::ChannelReply> commit(const std::string& deed, Profile profile) {
        return workshop.call(setup(deed, profile), delivery_to("ada@example.org"));
    }
};

}  // namespace latchkey
