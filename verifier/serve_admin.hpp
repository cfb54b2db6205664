// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "verifier/monitor_link.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Answers the command's questions about addresses and authenticators, one
// AdminHello after the other, until the monitor closes the socket. Each answer
// is a number of AdminReply rows, the final one marked `last`:
//
//   Status, no subject   {"subject": "1001:ada"} for everybody who is enrolled,
//                        {"channel", "failing_since"} for each that probes find in trouble,
//                        {"outbox_oldest_due": time, or null}
//   Budgets, no subject  {"channel", "last_hour", "last_day"}: messages carried, for each
//                        channel that has a budget
//   AuditVerify, no subject
//                        {"id", "at", "event", "subject", "detail", "linked"} for the next
//                        wire::kTrailPage rows of the store's trail behind `after`, then
//                        {"last_id"}: see TrailRow. Whether a row is linked is this side's
//                        word: the chain has no key, so who lies here can as well rewrite it
//   Status               {"methods": [{"method", "possession", "destination",
//                        "confirmed_at", "usable_from", "gone_from", "counts"}]},
//                        destinations masked, times as "2026-11-24T03:45:11Z"; "gone_from" is
//                        null unless it was removed, "counts" whether it proves something now
//   EnrolContact         {"user", "method", "destination"}
//   EnrolAuthenticator   {"user", "key_base32", "uri"}: shown once, kept sealed
//   Export               the rows of own_data(), addresses in full: for their owner alone
//   PassIssue, Unlock, NewCodes  {"notices"}: how many were queued
//   Remove, Purge, Reset as verifier/removal.hpp, purging.hpp and invitation.hpp have it
//
// A failure is one last reply whose `error` says what, why and what to do.
void serve_admin(MonitorLink& monitor, VerifierPorts ports);

// Answers every question with that sentence, until the monitor closes the socket.
void refuse_admin(MonitorLink& monitor, const std::string& sentence);

}  // namespace latchkey
