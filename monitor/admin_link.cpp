// SPDX-License-Identifier: MIT
#include "monitor/admin_link.hpp"

#include <errno.h>
#include <poll.h>

#include <utility>

#include "monitor/paths.hpp"

namespace latchkey {

namespace {
constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::seconds kWriting{120};  // a hundred thousand rows on a slow disk
}  // namespace

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
    return answer(wire::admin_permissions(), most_rows, kPatience);
}

Result<void> AdminLink::tell(const wire::ImportEntries& entries) {
    pollfd waiting{link_.fd(), POLLOUT, 0};
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(std::chrono::steady_clock::now() + kPatience));
    while (ready < 0 && errno == EINTR);
    return link_.send_message(entries);
}

Result<std::vector<nlohmann::json>> AdminLink::answer_to_import() {
    return answer(wire::import_permissions(), wire::kMostImportRows, kWriting);
}

Result<std::vector<nlohmann::json>> AdminLink::answer(std::span<const wire::Permission> permissions,
                                                      std::size_t most_rows,
                                                      std::chrono::seconds patience) {
    wire::PermittedRequests permitted{permissions};
    std::vector<nlohmann::json> rows;
    const auto until = std::chrono::steady_clock::now() + patience;
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
