// SPDX-License-Identifier: MIT
#include "cli/deliver_verb.hpp"

#include <cstdint>
#include <string>

#include "cli/json_output.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

struct Delivered {
    std::uint32_t delivered = 0;
    std::uint32_t postponed = 0;
    std::uint32_t given_up = 0;
    bool ended_early = false;
};

// Throws json::exception if a field is missing or of another type.
Delivered delivered_in(const json& row) {
    return {row.at("delivered").get<std::uint32_t>(), row.at("postponed").get<std::uint32_t>(),
            row.at("given_up").get<std::uint32_t>(), row.at("ended_early").get<bool>()};
}

void print(const Delivered& done, const Terminal& terminal) {
    if (done.delivered + done.postponed + done.given_up > 0) {
        terminal.out << done.delivered << " delivered, " << done.postponed << " postponed, "
                     << done.given_up << " given up.\n";
    } else if (!done.ended_early) {
        terminal.out << "Nothing was due.\n";
    }
}

ExitStatus status_of(const Delivered& done, const Terminal& terminal) {
    if (done.ended_early)
        return terminal.fail(ExitStatus::TryLater,
                             "the run ended early, so more may be due; nothing is lost, run it "
                             "again, and if it says so again look at the journal (journalctl -t "
                             "latchkey-verifier)");
    if (done.postponed + done.given_up > 0)
        return terminal.fail(ExitStatus::ChannelFailed,
                             "not every message was taken; the journal says why (journalctl -t "
                             "latchkey-verifier), and latchkey channels what works");
    return ExitStatus::Ok;
}

}  // namespace

ExitStatus run_deliver(const DeliverCommand& command, const MonitorCall& monitor,
                       const Terminal& terminal) {
    wire::AdminRequest request;
    request.verb = wire::AdminVerb::Deliver;
    const MonitorAnswer answer = monitor(request);
    if (answer.status != ExitStatus::Ok) return terminal.fail(answer.status, answer.error);
    if (answer.rows.size() != 1) return not_understood(terminal);
    try {
        const json row = json::parse(answer.rows.front().reveal());
        const Delivered done = delivered_in(row);
        if (command.output.json) {
            print_json(terminal.out, row);
        } else {
            print(done, terminal);
        }
        return status_of(done, terminal);
    } catch (const json::exception&) {
        return not_understood(terminal);
    }
}

}  // namespace latchkey::cli
