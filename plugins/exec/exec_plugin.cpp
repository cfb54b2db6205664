// SPDX-License-Identifier: MIT
//
// Hands each message to a program of the administrator's: one JSON object on its
// standard input, its exit status says what became of it (README.md).
// Option: program, an absolute path. Needs profile = "program".
#include <string>

#include <latchkey/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/common/program_run.hpp"
#include "plugins/common/trusted_path.hpp"

namespace {

using latchkey::plugin::Host;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;
using nlohmann::json;

std::string as_json(const Message& message) {
    const json object{{"to", message.to},
                      {"subject", message.subject},
                      {"text", message.text},
                      {"short_text", message.short_text},
                      {"code", message.code},
                      {"message_id", message.message_id},
                      {"expires_at", message.expires_at}};
    return object.dump(-1, ' ', true, json::error_handler_t::replace) + '\n';
}

class ExecDelivery final : public latchkey::plugin::Delivery {
public:
    Reply deliver(const Host& host, const Message& message) override {
        const std::string path{host.option("program").value_or("")};
        if (const auto refusal = latchkey::plugin::refusal_of_program(path); !refusal.empty())
            return {Outcome::Misconfigured, "option program " + refusal};
        return latchkey::plugin::reply_of(
            latchkey::plugin::run_program({path}, as_json(message), host.time_left()));
    }
};

}  // namespace

LATCHKEY_DELIVERY(ExecDelivery, LATCHKEY_VERSION);
