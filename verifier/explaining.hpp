// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/message.hpp"
#include "verifier/verifier_ports.hpp"

namespace latchkey {

// Of each method of the configuration and each thing that the account has enrolled for it: whether
// it proves something now, at a console and from afar, and if not, which rule says so. Nothing is
// counted or changed. The answer's only row:
//
//   {"ways": [{"method", "destination", "possession", "surface": "console" or "remote", "works",
//              "rule", "until", "minutes", "not_working"}]}
//
// "rule": "" where it works, else "not_enrolled", "hold" (until "until"), "expired", "unreadable",
// "budget" (of all the method's channels), or "limits.NAME" of latchkey.toml(5), over "minutes".
// "not_working": the menus say so, because its channels are in trouble.
[[nodiscard]] wire::AdminReply explain_ways(const wire::AdminHello& hello,
                                            const VerifierPorts& ports);

}  // namespace latchkey
