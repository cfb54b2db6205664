// SPDX-License-Identifier: MIT
#include "monitor/admin_link.hpp"

#include <chrono>
#include <utility>

#include "core/wire/permitted.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {
constexpr std::chrono::seconds kPatience{30};
}

Result<AdminLink> AdminLink::start() {
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();
    auto verifier = latchkey::start({paths::kVerifier, {"--admin"}, paths::kVerifierUser},
                                    std::move(ends->second).take_fd());
    if (!verifier) return std::move(verifier).error();
    return AdminLink{std::move(*verifier), std::move(ends->first)};
}

Result<std::vector<nlohmann::json>> AdminLink::ask(const wire::AdminHello& hello,
                                                   std::size_t most_rows) {
    if (auto sent = link_.send_message(hello); !sent) return std::move(sent).error();
    wire::PermittedRequests permitted{wire::admin_permissions()};
    std::vector<nlohmann::json> rows;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (rows.size() <= most_rows &&
           permitted.admit(wire::Type::AdminReply, wire::Phase::Talking)) {
        auto reply = link_.receive_message<wire::AdminReply>(until);
        if (!reply) return std::move(reply).error();
        if (!reply->error.empty()) return Error{ErrorKind::Rejected, reply->error};
        if (!reply->json.empty()) {
            auto row = nlohmann::json::parse(reply->json.reveal(), nullptr, false);
            if (!row.is_object())
                return Error{ErrorKind::Corrupt, "the verifier sent a row that is none"};
            rows.push_back(std::move(row));
        }
        if (reply->last) return rows;
    }
    return Error{ErrorKind::Corrupt, "the verifier sent too many rows"};
}

}  // namespace latchkey
