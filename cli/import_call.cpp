// SPDX-License-Identifier: MIT
#include "cli/import_call.hpp"

#include <errno.h>
#include <poll.h>

#include <chrono>
#include <utility>

#include "core/wire/batches.hpp"

namespace latchkey::cli {

namespace {

constexpr std::chrono::seconds kReady{60};
constexpr std::chrono::seconds kTaking{60};    // until the next rows are taken
constexpr std::chrono::seconds kWriting{180};  // all of them, synced, and what follows

// False: the monitor is gone, or does not read any more.
bool send(Seqpacket& link, const wire::ImportRows& rows) {
    pollfd waiting{link.fd(), POLLOUT, 0};
    int ready = 0;
    do ready = ::poll(&waiting, 1, poll_timeout(std::chrono::steady_clock::now() + kTaking));
    while (ready < 0 && errno == EINTR);
    return link.send_message(rows).has_value();
}

MonitorAnswer send_import(Seqpacket& link, ImportWish wish) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Import;
    if (auto sent = link.send_message(request); !sent)
        return monitor_unreachable(sent.error().detail);
    MonitorAnswer ready = receive_answer(link, kReady);
    if (ready.status != ExitStatus::Ok) return ready;
    const auto send_rows = [&link](const wire::ImportRows& rows) { return send(link, rows); };
    wire::Batches<wire::ImportRows, decltype(send_rows)> batches{send_rows};
    std::uint64_t done = 0;
    bool is_taken = true;
    for (wire::ImportRow& row : wish.rows) {
        is_taken = is_taken && batches.add(std::move(row));
        wish.progress(++done);
    }
    wire::ImportRows end;
    end.write = wish.write;
    if (!is_taken || !batches.finish(std::move(end)))
        return monitor_unreachable("it does not take the rows");
    return receive_answer(link, kWriting);
}

}  // namespace

ImportCall import_by_monitor_at(const std::string& program) {
    return [program](ImportWish wish) {
        return talk_to_monitor(
            program, [&wish](Seqpacket& link) { return send_import(link, std::move(wish)); });
    };
}

}  // namespace latchkey::cli
