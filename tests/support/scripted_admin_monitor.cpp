// SPDX-License-Identifier: MIT
//
// A program in the monitor's place: answers one request of the command as the
// user's name in it says. Started by tests only.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "adapters/system/seqpacket.hpp"

using namespace latchkey;

namespace {

int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) {
        if (::fcntl(fd, F_GETFD) != -1) ++count;
    }
    return count;
}

std::string surroundings(int argc, char** argv, char** environment) {
    int variables = 0;
    while (environment[variables] != nullptr) ++variables;
    return "{\"argument\":\"" + std::string(argc == 2 ? argv[1] : "") +
           "\",\"variables\":" + std::to_string(variables) +
           ",\"descriptors\":" + std::to_string(open_descriptors()) + "}";
}

// Says that it may begin, and answers with what came: how many rows, and whether to write. A
// row of "dies" ends it.
int take_import(Seqpacket& link) {
    (void)link.send_message(wire::AdminReply{true, 0, {}, {}});
    std::uint32_t rows = 0;
    for (;;) {
        const auto message = link.receive_message<wire::ImportRows>(std::nullopt);
        if (!message) return 1;
        for (const wire::ImportRow& row : message->rows) {
            if (row.user == "dies") return 1;
            if (row.line != ++rows) return 1;
        }
        if (!message->last) continue;
        const std::string answer = "{\"rows\":" + std::to_string(rows) +
                                   ",\"written\":" + (message->write ? "true" : "false") + "}";
        (void)link.send_message(wire::AdminReply{true, 0, Secret{std::string_view{answer}}, {}});
        return 0;
    }
}

}  // namespace

int main(int argc, char** argv, char** environment) {
    const std::string seen = surroundings(argc, argv, environment);
    Seqpacket link{UniqueFd{3}};
    const auto request = link.receive_message<wire::AdminRequest>(std::nullopt);
    if (!request || request->version != wire::kVersion) return 1;
    const auto reply = [&link](bool last, std::uint8_t status, const std::string& json,
                               const std::string& error) {
        (void)link.send_message(
            wire::AdminReply{last, status, Secret{std::string_view{json}}, error});
    };
    if (request->verb == wire::AdminVerb::Import) return take_import(link);
    const std::string& user = request->user;
    if (user == "rows") {
        for (int i = 0; i < 40; ++i) reply(false, 0, "{\"row\":" + std::to_string(i) + "}", "");
        reply(true, 0, "", "");
    } else if (user == "surroundings") {
        reply(true, 0, seen, "");
    } else if (user == "refuses") {
        reply(true, 4, "", "no local account is called refuses; look at /etc/passwd");
    } else if (user == "dies") {
        reply(false, 0, "{}", "");
    } else if (user == "contradicts") {
        reply(true, 0, "", "an error with status 0");
    } else if (user == "newer") {
        reply(true, 99, "", "a status that nobody knows");
    } else if (user == "babbles") {
        const char* const text = "\xff\xff\xff";
        (void)link.send(std::as_bytes(std::span{text, std::strlen(text)}));
    } else if (user == "aborts") {
        std::abort();
    }
    return 0;
}
